//! Adds a team's own words to the built-in ones.
//!
//! `cargo run --example add_lexicon`
#![allow(clippy::print_stdout, reason = "an example prints")]

use tactful::{Analyzer, Lexicon};

const OWN: &str = r#"
language = "en"

[[rule]]
id = "acme/jargon"
severity = "warning"
message = "Customers don't know our internal names: say who will help, and when."
why = "A word the customer has to look up is a word too many."

[[rule.phrase]]
id = "tier-two"
match = ["(tier | level) (2 | two)"]
risky = ["I've passed it to tier 2."]
fine = ["The car park has two levels."]
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let own = Lexicon::parse("acme.toml", OWN)?;
    if let Err(errors) = Lexicon::check(std::slice::from_ref(&own)) {
        errors.iter().for_each(|error| println!("{error}"));
        return Err("the lexicon does not hold".into());
    }
    let analyzer = Analyzer::builder().languages(["en"]).lexicon(own).build()?;
    let reply = "Thanks for waiting, Ben. I've passed your question to tier two and they'll call you today at five.";
    for finding in analyzer.analyze(reply).findings() {
        println!("{}: {}", finding.rule, finding.message);
    }
    Ok(())
}
