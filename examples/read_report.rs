//! Reads a report: the score, the steps taken, the form of address, and JSON for other programs.
//!
//! `cargo run --example read_report`
#![allow(clippy::print_stdout, reason = "an example prints")]

use tactful::Analyzer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let analyzer = Analyzer::builder().message_language_of_reply().build()?;
    for reply in [
        "Hola, Marta: te pido disculpas por el cobro doble. Ya te he devuelto los 20 € y el viernes los verás en tu cuenta.",
        "Det går tyvärr inte. Det är vår policy.",
    ] {
        let report = analyzer.analyze(reply);
        let steps = report.steps();
        println!("{reply}");
        println!(
            "  score {:?}; acknowledges {}, apologises {}, assists {}; {}",
            report.score(),
            steps.acknowledge,
            steps.apologise,
            steps.assist,
            report.form_of_address().map_or("no form of address".to_owned(), |form| format!("says {form}")),
        );
        for finding in report.findings() {
            println!("  {}: {}", finding.rule, finding.why);
        }
        println!("  {}", serde_json::to_string(&report)?);
    }
    Ok(())
}
