//! Checks a draft before it is sent, knowing what the customer wrote, and shows what to write instead.
//!
//! `cargo run --example check_draft`
#![allow(clippy::print_stdout, reason = "an example prints")]

use tactful::{Analyzer, Draft, Severity};

fn main() -> Result<(), tactful::Error> {
    let analyzer = Analyzer::new()?;
    let message = "My parcel never arrived. Can I have my money back?";
    let reply = "Hi Ana, unfortunately we can't refund you. You should have checked the address.";

    let report = analyzer.analyze_draft(&Draft::new(reply).customer_message(message));
    for finding in report.findings() {
        let words = finding.span.map_or("the whole reply", |span| span.of(reply));
        println!("{:<8} {:<30} {words}", finding.severity, finding.rule);
        for suggestion in finding.suggestions() {
            println!("{:<8} {:<30} {}", "", suggestion.applicability, suggestion.excerpt(reply));
        }
    }
    let stop = report.findings().iter().any(|finding| finding.severity == Severity::Error);
    println!("{}", if stop { "Read it once more before you send it." } else { "Ready to send." });
    Ok(())
}
