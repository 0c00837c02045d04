//! What the public API promises.

use tactful::{Analyzer, Draft, Lexicon, Report, Severity, TokenKind};

fn rules(report: &Report) -> Vec<&str> {
    report.findings().iter().filter(|finding| finding.span.is_some()).map(|finding| finding.rule.as_str()).collect()
}

fn structure(report: &Report) -> Vec<&str> {
    report.findings().iter().filter(|finding| finding.span.is_none()).map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn an_analyzer_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Analyzer>();
    shared::<Report>();
    shared::<Lexicon>();
    shared::<tactful::Error>();
}

#[test]
fn the_words_at_fault_are_pointed_at() {
    let analyzer = Analyzer::new().unwrap();
    let text = "Hi Ana,\n\nUnfortunately we can't refund the ticket. It's company policy.";
    let report = analyzer.analyze(text);
    let words: Vec<&str> =
        report.findings().iter().filter_map(|finding| finding.span.map(|span| span.of(text))).collect();
    assert_eq!(rules(&report), ["refusal/inability", "refusal/policy"]);
    assert!(words[0].contains("we can't refund") && words[1].contains("company policy"), "{words:?}");
    assert_eq!(report.language().unwrap().code(), "en");
    assert_eq!(report.findings()[0].pattern.split('/').next(), Some("en"));
}

#[test]
fn what_we_can_do_softens_a_refusal() {
    let analyzer = Analyzer::builder().language("en").build().unwrap();
    let severity = |text| {
        let report = analyzer.analyze(text);
        let finding = report.findings().iter().find(|finding| finding.rule.family() == "refusal").unwrap().clone();
        (finding.severity, finding.softened)
    };
    assert_eq!(severity("We can't ship it today."), (Severity::Error, 0));
    assert_eq!(severity("We can't ship it today. I'll send it tomorrow morning."), (Severity::Warning, 1));
    let whole = "We can't ship it today because it is made to order. I'll send it tomorrow morning.";
    assert_eq!(severity(whole), (Severity::Hint, 2));
}

#[test]
fn a_teams_own_severity_is_set_before_softening() {
    let analyzer = Analyzer::builder().language("en").severity("refusal", Severity::Warning).build().unwrap();
    let report = analyzer.analyze("We can't ship it today. I'll send it tomorrow morning.");
    let finding = report.findings().iter().find(|finding| finding.rule.family() == "refusal").unwrap();
    assert_eq!((finding.severity, finding.softened), (Severity::Hint, 1));
}

#[test]
fn quoted_words_and_history_are_the_customers() {
    let analyzer = Analyzer::builder().language("en").build().unwrap();
    for text in [
        "You wrote \"it's not my problem, calm down\" and you're right. I've refunded you today.",
        "> No, that's not possible. It's company policy.\n\nI've refunded you today.",
        "I've refunded you today.\n\nOn Mon, 3 May 2026 at 10:02, Ana <ana@shop.example> wrote:\nNo, that's not possible.",
    ] {
        assert_eq!(rules(&analyzer.analyze(text)), [""; 0], "{text}");
    }
}

#[test]
fn heads_of_quoted_mail_hold_any_name_and_any_space_and_are_no_prose() {
    let found = |language: &str, line: &str, quoted: &str| {
        let analyzer = Analyzer::builder().language(language).build().unwrap();
        rules(&analyzer.analyze(&format!("Hej, Hola, Hi.\n\n{line}\n{quoted}"))).contains(&"refusal/policy")
    };
    let quoted = [("en", "It is company policy."), ("es", "Es nuestra política."), ("sv", "Det är vår policy.")];
    let quoted = |language: &str| quoted.iter().find(|(known, _)| *known == language).unwrap().1;
    for (language, head) in [
        ("sv", "Den tis 5 mars 2024 kl 14:03 Amir Hadžić skrev:"),
        ("sv", "2024-03-05 14:03 – Anna Berg skrev:"),
        ("sv", "Den tis 5 mars 2024 kl. 14:03\u{a0}Anna Berg <anna@b.example> skrev:"),
        ("en", "Łukasz Nowak wrote on 5 May 2024 at 14:03:"),
        ("en", "Ana Pérez wrote on 5 May 2024 at 3:14\u{202f}PM:"),
        ("en", "On Tuesday\u{a0}5 May 2024 Ana wrote:"),
        ("es", "El lun, 5 may 2024 a las 10:02, Ana Núñez (<ana@b.example>) escribió:"),
        ("es", "Ana Núñez escribió el 5 de mayo de 2024:"),
    ] {
        assert!(!found(language, head, quoted(language)), "{head}");
    }
    for (language, prose) in [
        (
            "en",
            "On 3 May I asked our warehouse team to look into your parcel, and after checking with the courier and with the driver who was on duty that day, this is what they said:",
        ),
        (
            "es",
            "En respuesta a su mensaje del 5 de mayo, le contamos lo que hemos hecho con su pedido, con la entrega y con la factura que nos pidió que revisáramos de nuevo esta semana:",
        ),
        (
            "sv",
            "Den 12 maj skrev du att paketet inte hade kommit fram i tid och att förpackningen dessutom var så skadad att innehållet gick sönder, så här gör vi nu:",
        ),
    ] {
        assert!(found(language, prose, quoted(language)), "{prose}");
    }
}

#[test]
fn the_language_is_the_drafts_then_the_analyzers_then_detected() {
    let analyzer = Analyzer::builder().language("sv").build().unwrap();
    assert_eq!(analyzer.analyze("No podemos devolverle el dinero.").language().unwrap().code(), "sv");
    let draft = Draft::new("No podemos devolverle el dinero.").language("es-MX");
    let report = analyzer.analyze_draft(&draft);
    assert_eq!((report.language().unwrap().code(), rules(&report)), ("es", vec!["refusal/inability"]));
    let detecting = Analyzer::new().unwrap();
    for (text, code) in [
        ("Vi kan tyvärr inte återbetala biljetten.", Some("sv")),
        ("Lamentablemente no podemos devolverle el importe.", Some("es")),
        ("We are unable to refund the ticket.", Some("en")),
        ("Wir können das leider nicht erstatten.", None),
        ("12345", None),
    ] {
        let report = detecting.analyze(text);
        assert_eq!(report.language().map(tactful::Language::code), code, "{text}");
        assert_eq!(report.score().is_none(), code.is_none(), "{text}");
    }
}

#[test]
fn a_draft_too_short_to_tell_is_in_the_customers_language() {
    let report = Analyzer::new()
        .unwrap()
        .analyze_draft(&Draft::new("No.").customer_message("¿Me pueden devolver el dinero del pedido?"));
    assert_eq!((report.language().unwrap().code(), rules(&report)), ("es", vec!["refusal/flat-no"]));
}

#[test]
fn paragraphs_are_judged_in_their_own_language() {
    let text = "Hola, Marta: lamentablemente no podemos devolverle el importe de la entrada.\n\nUnfortunately we are unable to refund the price of the ticket to you.";
    let report = Analyzer::new().unwrap().analyze(text);
    let patterns: Vec<&str> =
        report.findings().iter().filter(|f| f.rule.as_str() == "refusal/inability").map(|f| &f.pattern[..2]).collect();
    assert_eq!(patterns, ["es", "en"]);
}

#[test]
fn silence_is_told_in_any_language_and_not_of_fragments() {
    let analyzer = Analyzer::new().unwrap();
    for text in
        ["", "\n\n", "Hola:", "Hi {{first_name}},\n\nKind regards,\nAna", "Hej!\n\nMed vänlig hälsning\nKundservice"]
    {
        assert_eq!(structure(&analyzer.analyze(text)), ["structure/silence"], "{text:?}");
        assert_eq!(structure(&analyzer.analyze_draft(&Draft::new(text).fragment(true))), [""; 0], "{text:?}");
    }
    assert_eq!(structure(&analyzer.analyze("Yes, we open at nine.")), [""; 0]);
}

#[test]
fn fragments_are_spared_the_rules_about_whole_replies() {
    let text = "We can't refund the ticket.";
    let whole = Analyzer::builder().language("en").build().unwrap();
    assert!(!structure(&whole.analyze(text)).is_empty());
    let fragments = Analyzer::builder().language("en").fragments(true).build().unwrap();
    assert_eq!(
        (rules(&fragments.analyze(text)), structure(&fragments.analyze(text))),
        (vec!["refusal/inability"], vec![])
    );
}

#[test]
fn the_customers_message_tells_what_there_is_to_acknowledge() {
    let analyzer = Analyzer::builder().language("en").build().unwrap();
    let reply = "I apologise. The suitcase is on its way, and I'll call you tomorrow.";
    let steps = |message| analyzer.analyze_draft(&Draft::new(reply).customer_message(message)).steps().acknowledge;
    assert!(steps("My suitcases never arrived!"));
    assert!(!steps("Why was my card charged twice?"));
}

#[test]
fn own_names_are_we() {
    let text = "Northwind Air cannot refund the ticket.";
    let with = Analyzer::builder().language("en").own_names(["Northwind Air"]).build().unwrap();
    assert_eq!(rules(&with.analyze(text)), ["refusal/inability"]);
}

#[test]
fn rules_are_selected_by_id_family_and_all() {
    let text = "Calm down. We can't refund it as soon as possible.";
    let found = |builder: tactful::AnalyzerBuilder| {
        let report = builder.language("en").build().unwrap().analyze(text);
        rules(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found(Analyzer::builder()), ["attitude/calm-down", "refusal/inability"]);
    assert_eq!(found(Analyzer::builder().select(["attitude"])), ["attitude/calm-down"]);
    assert_eq!(found(Analyzer::builder().ignore(["attitude/calm-down"])), ["refusal/inability"]);
    assert_eq!(found(Analyzer::builder().select(["promise/vague-time"])), ["promise/vague-time"]);
    let unknown = Analyzer::builder().select(["refusal/policies"]).build().unwrap_err().to_string();
    assert!(unknown.contains("there is no rule or family \"refusal/policies\""), "{unknown}");
    let near = Analyzer::builder().ignore(["blame/policy"]).build().unwrap_err().to_string();
    assert!(near.contains("did you mean \"refusal/policy\"?"), "{near}");
}

#[test]
fn the_rules_that_count() {
    let analyzer = Analyzer::builder().enable(["apology/repeated", "clarity/mixed-address"]).build().unwrap();
    let thrice =
        "Sorry about the delay. We apologise for the mix-up. Sorry for the trouble. I've sent a new one today.";
    let report = analyzer.analyze(thrice);
    let third = report.findings().iter().find(|finding| finding.rule.as_str() == "apology/repeated").unwrap();
    assert!(third.span.unwrap().start >= thrice.find("Sorry for").unwrap());
    let mixed = "Hola, tú puedes recogerlo mañana en la tienda. Si usted prefiere, se lo enviamos el lunes.";
    let report = analyzer.analyze(mixed);
    assert!(rules(&report).contains(&"clarity/mixed-address"));
}

#[test]
fn the_form_of_address_is_told() {
    let analyzer = Analyzer::new().unwrap();
    for (text, form) in [
        ("Hola, tienes tu pedido listo y puedes recogerlo hoy.", "tu"),
        ("Le escribo para decirle que usted tiene su pedido listo.", "usted"),
        ("Ustedes tienen su pedido listo desde ayer.", "ustedes"),
        ("Vos podés retirarlo hoy si querés.", "vos"),
        ("Ya tenéis vuestro pedido listo, podéis venir hoy.", "vosotros"),
        ("Du kan hämta ditt paket i dag.", "du"),
        ("Ni kan hämta ert paket i dag.", "ni"),
        ("You can collect your parcel today.", "you"),
    ] {
        assert_eq!(analyzer.analyze(text).form_of_address().map(ToString::to_string).as_deref(), Some(form), "{text}");
    }
}

#[test]
fn messages_are_in_the_language_asked_for() {
    let text = "Nej, det går inte.";
    let message = |builder: tactful::AnalyzerBuilder| {
        let report = builder.language("sv").build().unwrap().analyze(text);
        report.findings().iter().find(|finding| finding.rule.as_str() == "refusal/flat-no").unwrap().message.to_string()
    };
    let (english, swedish) = (message(Analyzer::builder()), message(Analyzer::builder().message_language_of_reply()));
    assert_ne!(english, swedish);
    assert_eq!(swedish, message(Analyzer::builder().message_language("sv")));
    assert_eq!(english, message(Analyzer::builder().message_language("xx")));
}

#[test]
fn a_teams_lexicon_adds_phrases_rules_and_exceptions() {
    let own = "language = \"en\"\n\n[[rule]]\nid = \"refusal/policy\"\nexcept = [\"our policy is the best\"]\n\n[[rule.phrase]]\nid = \"house-custom\"\nmatch = [\"house custom\"]\nrisky = [\"It is house custom.\"]\nfine = [\"Our house.\"]\n";
    let analyzer =
        Analyzer::builder().language("en").lexicon(Lexicon::parse("own.toml", own).unwrap()).build().unwrap();
    assert_eq!(rules(&analyzer.analyze("It is house custom.")), ["refusal/policy"]);
    let report = analyzer.analyze("It is house custom.");
    assert_eq!(
        &*report.findings().iter().find(|f| f.span.is_some()).unwrap().pattern,
        "en/refusal/policy/house-custom"
    );
}

#[test]
fn a_new_language_is_data() {
    let german = "language = \"de\"\nname = \"Deutsch\"\nfold = \"äöü\"\nfunction-words = [\"wir\", \"nicht\", \"das\", \"ist\", \"leider\"]\n[[rule]]\nid = \"refusal/inability\"\n[[rule.phrase]]\nid = \"wir-koennen-nicht\"\nmatch = [\"wir können [das | leider] nicht _\"]\nrisky = [\"Wir konnen das nicht erstatten.\"]\nfine = [\"Das ist gut.\"]\n";
    let lexicon = Lexicon::parse("de.toml", german).unwrap();
    assert!(Lexicon::check(std::slice::from_ref(&lexicon)).is_ok());
    let report = Analyzer::builder()
        .lexicon(lexicon)
        .build()
        .unwrap()
        .analyze("Leider können wir das nicht. Wir können das nicht erstatten.");
    assert_eq!((report.language().unwrap().code(), rules(&report)), ("de", vec!["refusal/inability"]));
}

#[test]
fn configuration_that_cannot_hold_is_an_error() {
    let error = |builder: tactful::AnalyzerBuilder| builder.build().unwrap_err().to_string();
    assert_eq!(error(Analyzer::builder().language("de")), "there is no lexicon for \"de\": expected one of en, es, sv");
    let swedish = Lexicon::parse("own.toml", "language = \"sv\"").unwrap();
    assert!(error(Analyzer::builder().languages(["en"]).lexicon(swedish)).contains("not among the languages"));
}

#[test]
fn sentences_and_tokens_are_public() {
    let analyzer = Analyzer::builder().language("en").build().unwrap();
    let text = "Hi {{name}}, order 12-45 is at https://a.example today. \"Not my job\", you said?";
    let document = analyzer.document(text);
    let sentences: Vec<(&str, bool)> = document.sentences().map(|s| (s.span().of(text), s.is_question())).collect();
    assert_eq!(sentences.len(), 2);
    assert!(sentences[1].1 && sentences[1].0.starts_with("\"Not"));
    let tokens: Vec<(&str, TokenKind)> =
        document.sentences().flat_map(|s| s.tokens().map(|t| (t.span.of(text), t.kind)).collect::<Vec<_>>()).collect();
    for expected in [
        ("Hi", TokenKind::Word),
        ("{{name}}", TokenKind::Placeholder),
        (",", TokenKind::Break),
        ("12", TokenKind::Number),
        ("https://a.example", TokenKind::Url),
        ("\"Not my job\"", TokenKind::Quotation),
    ] {
        assert!(tokens.contains(&expected), "{expected:?} in {tokens:?}");
    }
}

#[test]
fn a_report_serialises() {
    let report = Analyzer::builder().language("en").build().unwrap().analyze("No, that's not possible.");
    let json: serde_json::Value = serde_json::to_value(&report).unwrap();
    assert_eq!(json["language"], "en");
    assert_eq!(json["steps"]["apologise"], false);
    let finding = json["findings"].as_array().unwrap().last().unwrap();
    assert_eq!((finding["rule"].as_str(), finding["severity"].as_str()), (Some("refusal/flat-no"), Some("error")));
    assert_eq!(finding["span"]["start"], 0);
}

/// The first suggestion for a rule's finding, made.
fn rewritten(analyzer: &Analyzer, rule: &str, text: &str) -> String {
    let report = analyzer.analyze(text);
    let finding = report.findings().iter().find(|finding| finding.rule.as_str() == rule);
    let finding = finding.unwrap_or_else(|| panic!("no {rule} in {text:?}"));
    finding.suggestions().first().unwrap_or_else(|| panic!("nothing for {text:?}")).apply(text)
}

#[test]
fn an_apology_agrees_with_the_customer_and_the_speaker() {
    let analyzer = Analyzer::builder().language("es").build().unwrap();
    for (risky, better) in [
        ("Hola, Ana: lo siento. ¿Tienes el recibo?", "Hola, Ana: te pido disculpas. ¿Tienes el recibo?"),
        ("Hola, lo siento. ¿Tenés el recibo?", "Hola, te pido disculpas. ¿Tenés el recibo?"),
        ("Buenas tardes: lo sentimos. Díganos su número.", "Buenas tardes: le pedimos disculpas. Díganos su número."),
        ("Hola, lo sentimos. ¿Tenéis el recibo?", "Hola, os pedimos disculpas. ¿Tenéis el recibo?"),
        (
            "Buenas tardes: lo sentimos. ¿Saben ustedes la fecha?",
            "Buenas tardes: les pedimos disculpas. ¿Saben ustedes la fecha?",
        ),
    ] {
        assert_eq!(rewritten(&analyzer, "apology/self-centred", risky), better);
    }
}

#[test]
fn a_refusal_becomes_what_we_can_do() {
    for (language, rule, risky, better) in [
        ("es", "refusal/inability", "No podemos enviarlo hasta el lunes.", "Se lo enviamos a partir del lunes."),
        ("en", "refusal/inability", "We can't refund you until it arrives.", "We'll refund you as soon as it arrives."),
        (
            "es",
            "excuse/unowned-error",
            "Se ha producido un error en la factura.",
            "Hemos cometido un error en la factura.",
        ),
    ] {
        let analyzer = Analyzer::builder().language(language).build().unwrap();
        assert_eq!(rewritten(&analyzer, rule, risky), better);
    }
}

#[test]
fn each_paragraph_is_rewritten_in_its_own_language() {
    let analyzer = Analyzer::new().unwrap();
    let text = "Hi Ana, I'm sorry for the delay with your order, it leaves the warehouse today.\n\nHola, Ana: lo siento por el retraso con tu pedido, hoy sale del almacén y mañana lo tienes en casa.";
    let report = analyzer.analyze(text);
    let fixed = report.fixed(text, tactful::Applicability::MachineApplicable);
    assert!(
        fixed.contains("I apologise for the delay") && fixed.contains("te pido disculpas por el retraso"),
        "{fixed}"
    );
}

#[test]
fn suggestions_belong_to_their_reply() {
    let analyzer = Analyzer::builder().language("en").build().unwrap();
    let text = "I'm sorry for the delay. It leaves today.";
    let report = analyzer.analyze(text);
    let finding = report.findings()[0].clone();
    drop(report);
    let suggestion = &finding.suggestions()[0];
    assert_eq!(suggestion.excerpt(text), "I apologise for the delay.");
    // Another text is left as it is where the edits do not fit, and nothing panics.
    assert_eq!(suggestion.apply("no"), "no");
    assert_eq!(suggestion.apply(""), "");
    let json = serde_json::to_value(&finding).unwrap();
    assert_eq!(json["suggestions"][0]["applicability"], "machine-applicable");
    // In no language there are no words to suggest.
    let unknown = Analyzer::new().unwrap().analyze("…");
    assert!(unknown.findings().iter().all(|finding| finding.suggestions().is_empty()));
}
