//! The variants of one entry, compared; and the placeholders of a reply.

use tactful::{Analyzer, AnalyzerBuilder, Draft, Finding, Severity, placeholders};

const REFUSAL: [&str; 3] = [
    "Lamentablemente no podemos devolverle el importe.",
    "Vi har skickat en ny kopp till dig i dag.",
    "I've sent you a new cup today.",
];

fn compare(analyzer: &Analyzer, replies: &[&str]) -> Vec<Vec<Finding>> {
    let variants: Vec<_> = replies.iter().map(|reply| analyzer.analyze(reply).variant()).collect();
    analyzer.compare(&variants)
}

fn rules(replies: &[&str]) -> Vec<Vec<String>> {
    let named = |findings: &Vec<Finding>| findings.iter().map(|finding| finding.rule.to_string()).collect();
    compare(&Analyzer::new().unwrap(), replies).iter().map(named).collect()
}

/// What is found when one variant alone breaks `broken`.
fn only(at: usize, broken: &[&str], of: usize) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new(); of];
    found[at] = broken.iter().map(ToString::to_string).collect();
    found
}

fn builder() -> AnalyzerBuilder {
    Analyzer::builder().languages(["es", "sv", "en"])
}

#[test]
fn three_that_agree_give_nothing() {
    let replies = [
        "Hola {{ customer.name }}: le pedimos disculpas por el retraso. Hoy le enviamos una taza nueva.",
        "Hej {{customer.name}}! Vi ber om ursäkt för förseningen. Vi skickar en ny kopp i dag.",
        "Hi {{customer.name}}, we apologise for the delay. We'll send you a new cup today.",
    ];
    assert_eq!(rules(&replies), [[""; 0]; 3]);
    assert_eq!(rules(&replies[..1]), [[""; 0]; 1]);
    assert!(rules(&[]).is_empty());
    // All refuse alike.
    assert_eq!(rules(&["No podemos devolverle el importe.", "We can't refund you."]), [[""; 0]; 2]);
}

#[test]
fn the_one_that_refuses() {
    let broken = ["variants/no-next-step", "variants/refusal"];
    assert_eq!(rules(&REFUSAL), only(0, &broken, 3));
    // Two that refuse are no exception, and the third does more.
    assert_eq!(rules(&[REFUSAL[0], "Vi kan tyvärr inte återbetala dig.", REFUSAL[2]]), [[""; 0]; 3]);
    // One of the others neither refuses nor offers.
    assert_eq!(rules(&[REFUSAL[0], REFUSAL[1], "The cup is blue and has a handle."]), [[""; 0]; 3]);
    // It offers too, but refuses alone.
    let both = "No podemos devolverle el importe, pero hoy le enviamos una taza nueva.";
    assert_eq!(rules(&[both, REFUSAL[1], REFUSAL[2]]), only(0, &broken[1..], 3));
}

#[test]
fn the_one_without_an_apology() {
    let replies = [
        "Le pedimos disculpas por el retraso. Hoy le enviamos una taza nueva.",
        "Vi ber om ursäkt för förseningen. Vi skickar en ny kopp i dag.",
        "We'll send you a new cup today.",
    ];
    assert_eq!(rules(&replies), only(2, &["variants/no-apology"], 3));
    assert_eq!(rules(&[replies[0], replies[2], replies[2]]), [[""; 0]; 3]);
}

#[test]
fn the_one_without_a_next_step() {
    let replies =
        ["Le enviamos hoy una taza nueva.", "Koppen är blå och har ett öra.", "We'll send you a new cup today."];
    assert_eq!(rules(&replies), only(1, &["variants/no-next-step"], 3));
}

#[test]
fn the_one_with_other_placeholders() {
    let broken = ["variants/placeholders"];
    let (es, sv, en) = ("Su pedido {{ order.id }} sale hoy.", "Din order {{order.id}} skickas i dag.", "Your order");
    let en = |rest: &str| format!("{en} {rest}, leaves today.");
    assert_eq!(rules(&[es, sv, &en("is packed")]), only(2, &broken, 3));
    assert_eq!(rules(&[es, sv, &en("{{order.id}} of {{order.date}}")]), only(2, &broken, 3));
    assert_eq!(rules(&[es, sv, &en("{{order.id}}, {{ order.id }}")]), [[""; 0]; 3]);
    assert_eq!(rules(&[es, sv, &en("{% if x %}{{order.id}}{% endif %}")]), [[""; 0]; 3]);
    assert_eq!(rules(&[es, sv, &en("{{ order.id | default: \"no. 1\" }}")]), [[""; 0]; 3]);
    // Another value, however it is marked.
    assert_eq!(rules(&[es, sv, &en("%{order.id}")]), only(2, &broken, 3));
    // None agree.
    assert_eq!(rules(&[es, "Din order skickas i dag.", &en("{{id}}")]), [[""; 0]; 3]);
    // Of two, the one that lacks one; both, where each does.
    assert_eq!(rules(&[es, &en("is packed")]), only(1, &broken, 2));
    assert_eq!(rules(&[es, &en("{{order.id}} of {{date}}")]), only(0, &broken, 2));
    assert_eq!(rules(&[es, &en("{{id}}")]), [broken, broken]);
    // What the agent fills in is written in the reply's language.
    let written = "Din order [ordernummer] skickas i dag.";
    assert_eq!(rules(&["Su pedido [número de pedido] sale hoy.", written]), [[""; 0]; 2]);
    assert_eq!(rules(&["Su pedido sale hoy, [nombre].", "Your order leaves today."]), only(1, &broken, 2));
}

#[test]
fn a_variant_in_no_known_language_takes_no_part() {
    let german = "Wir können das leider nicht erstatten, {{name}}.";
    let analyzer = Analyzer::new().unwrap();
    assert!(analyzer.analyze(german).language().is_none());
    let found = rules(&[german, REFUSAL[1], REFUSAL[2]]);
    assert_eq!(found, [[""; 0]; 3]);
    assert_eq!(rules(&[REFUSAL[0], german, REFUSAL[1]])[0], ["variants/no-next-step", "variants/refusal"]);
    assert_eq!(rules(&[german, REFUSAL[0]]), [[""; 0]; 2]);
    let told = analyzer.analyze_draft(&Draft::new(REFUSAL[0]).language("de")).variant();
    let compared = analyzer.compare(&[told, analyzer.analyze(REFUSAL[1]).variant()]);
    assert!(compared.iter().all(Vec::is_empty));
}

#[test]
fn the_order_given_does_not_matter() {
    let analyzer = builder().build().unwrap();
    let replies = [
        "Lamentablemente no podemos devolverle el importe.",
        "Vi ber om ursäkt, {{name}}. Vi har skickat en ny kopp till dig i dag.",
        "We apologise, {{ name }}. I've sent you a new cup today.",
    ];
    let first = compare(&analyzer, &replies);
    assert_eq!(first[0].len(), 4);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let found = compare(&analyzer, &order.map(|at| replies[at]));
        for (place, at) in order.into_iter().enumerate() {
            assert_eq!(found[place], first[at]);
        }
    }
}

#[test]
fn a_finding_names_what_the_others_have() {
    let analyzer = builder().message_language_of_reply().build().unwrap();
    let replies =
        ["Su pedido sale hoy, {extra}.", "Din order {{ id }} skickas i dag.", "Your order {{id}} leaves today."];
    let found = &compare(&analyzer, &replies)[0][0];
    assert_eq!(&*found.pattern, "es/variants/placeholders");
    assert_eq!((found.span, found.severity, found.suggestions().len()), (None, Severity::Error, 0));
    for named in ["(en, sv)", "Faltan aquí: {{id}};", "solo aquí: {extra}."] {
        assert!(found.message.contains(named), "{}", found.message);
    }
    for rule in analyzer.rules().filter(|rule| rule.id.family() == "variants") {
        for (language, message) in &rule.messages {
            let placeholders = rule.id.as_str() == "variants/placeholders";
            let holes = if placeholders { &["{others}", "{missing}", "{extra}"][..] } else { &["{others}"] };
            assert!(holes.iter().all(|hole| message.message.contains(hole)), "{} in {language}", rule.id);
        }
    }
}

#[test]
fn a_rule_is_turned_on_and_off_as_any_other() {
    let found = |builder: AnalyzerBuilder| {
        let analyzer = builder.build().unwrap();
        let found = compare(&analyzer, &REFUSAL).swap_remove(0);
        found.into_iter().map(|finding| (finding.rule.to_string(), finding.severity)).collect::<Vec<_>>()
    };
    let (step, refusal) = ("variants/no-next-step".to_owned(), "variants/refusal".to_owned());
    assert_eq!(found(builder().ignore(["variants"])), []);
    assert_eq!(found(builder().ignore([step.as_str()])), [(refusal.clone(), Severity::Warning)]);
    // What a variant does is judged by the default rules, whichever are reported.
    assert_eq!(found(builder().select([refusal.as_str()])), [(refusal.clone(), Severity::Warning)]);
    let severities = found(builder().severity("variants", Severity::Hint).severity(&*refusal, Severity::Error));
    assert_eq!(severities, [(step, Severity::Hint), (refusal, Severity::Error)]);
}

#[test]
fn a_score_counts_them_and_a_report_does_not_hold_them() {
    let analyzer = builder().select(["variants"]).build().unwrap();
    let report = analyzer.analyze(REFUSAL[0]);
    assert!(report.findings().is_empty());
    let found = compare(&analyzer, &REFUSAL).swap_remove(0);
    assert_eq!((report.score(), report.variant().score_with(&found)), (Some(100), Some(80)));
    assert_eq!(analyzer.analyze("Wir können das leider nicht erstatten.").variant().score_with(&found), None);
}

#[test]
fn a_variant_holds_no_text() {
    let reply = "Hi {{ name | default: \"Rumpelstiltskin\" }}, your cup [secret] is in https://shop.example/{{id}}.";
    let told = format!("{:?}", Analyzer::new().unwrap().analyze(reply).variant());
    assert!(told.contains("{{name}}") && told.contains("{{id}}"), "{told}");
    for word in ["Rumpelstiltskin", "cup", "secret", "shop"] {
        assert!(!told.contains(word), "{told}");
    }
}

#[test]
fn placeholders_of_every_syntax() {
    for placeholder in [
        "{{x}}",
        "{{ x }}",
        "{{{x}}}",
        "{%a.b%}",
        "<attribute key=\"x\"/>",
        "%{x}",
        "#{x}",
        "${x}",
        "{!x}",
        "{x}",
        "{x, plural, one {# item} other {# \"items\"}}",
        "[[x]]",
        "[Name]",
        "[CUSTOMER NAME]",
        "%x%",
        "%s",
        "%d",
        "%1$s",
        "%(x)s",
        "*|X|*",
        "<%= x %>",
        ":name",
        "$t(x)",
        "{{1}}",
        "{{ x | default: '' }}",
        "{{ x | date: '%d' }}",
        "{{ for \"x\" }}",
        "{{ \"x\" | upcase }}",
    ] {
        let text = format!("Hi {placeholder}, no problem.");
        let found: Vec<_> = placeholders(&text).iter().map(|found| (found.span.of(&text), found.fallback)).collect();
        assert_eq!(found, [(placeholder, None)]);
    }
    for none in
        ["{% if x %}", "{%- endif -%}", "{{#if x}}", "{{else}}", "{{/if}}", "{# x #}", "<b>", "100% sure", "`{{x}}`"]
    {
        assert_eq!(placeholders(&format!("Hi {none}, no problem.")), [], "{none}");
    }
}

#[test]
fn fallbacks_of_every_syntax() {
    for (placeholder, fallback) in [
        ("{{ x | default: \"amigo\" }}", "amigo"),
        ("{{x|default:'amigo mío'}}", "amigo mío"),
        ("{{ x | default('amigo') }}", "amigo"),
        ("{{ x | default('amigo', true) | title }}", "amigo"),
        ("{{ x | d(\"amigo\") }}", "amigo"),
        ("{{ x | upcase | default : \"it's you\" }}", "it's you"),
        ("{{ x or \"amigo\" }}", "amigo"),
        ("{{ x['y'] or \"amigo\" }}", "amigo"),
        ("{{ x if x else 'amigo' }}", "amigo"),
        ("{{ user.name | fallback: 'there' }}", "there"),
        ("{{{ x | default: \"amigo\" }}}", "amigo"),
        ("<attribute key=\"user.name\" default=\"there\"/>", "there"),
        ("<attribute default = 'you there' key=\"user.name\">", "you there"),
        ("{%customer.firstName,fallback=there%}", "there"),
        ("{%name,fallback=my friend%}", "my friend"),
        ("{{insert name \"default=Customer\"}}", "Customer"),
        ("{{lead.First Name:default=friend}}", "friend"),
        ("{$name|default:'amigo'}", "amigo"),
        ("<%= name || \"amigo\" %>", "amigo"),
        ("${name ?? 'amigo'}", "amigo"),
    ] {
        let text = format!("¡Hola, {placeholder}! Gracias.");
        let found = placeholders(&text);
        assert_eq!(found.len(), 1, "{placeholder}");
        assert_eq!(found[0].span.of(&text), placeholder);
        assert_eq!(found[0].fallback.map(|span| span.of(&text)), Some(fallback), "{placeholder}");
    }
}
