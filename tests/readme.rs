//! The README says what the lexicons say. `TACTFUL_UPDATE=1 cargo test --test readme` writes its table of rules anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tactful::Analyzer;

const OPEN: &str = "<!-- rules: written by tests/readme.rs -->\n";
const CLOSE: &str = "<!-- end of rules -->";

#[test]
fn the_table_of_rules_is_true() {
    let mut table = String::from("| rule | severity | what it is |\n| --- | --- | --- |\n");
    for rule in Analyzer::new().unwrap().rules() {
        let opt_in = if rule.opt_in { ", opt-in" } else { "" };
        writeln!(table, "| `{}` | {}{opt_in} | {} |", rule.id, rule.severity, rule.message("en").title).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (start, end) = (readme.find(OPEN).unwrap() + OPEN.len(), readme.find(CLOSE).unwrap());
    if std::env::var_os("TACTFUL_UPDATE").is_some() {
        fs::write(&path, format!("{}{table}{}", &readme[..start], &readme[end..])).unwrap();
    } else {
        assert_eq!(&readme[start..end], table, "run TACTFUL_UPDATE=1 cargo test --test readme");
    }
}

#[test]
fn the_sample_report_is_true() {
    // The report on the README's first screen was printed for this reply: its rules must still be found.
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let reply =
        "Hi Ben,\n\nUnfortunately we can't refund the ticket, as it's our policy. You should have read the email.\n";
    let report = Analyzer::new().unwrap().analyze(reply);
    let placed: Vec<_> = report.findings().iter().filter(|finding| finding.span.is_some()).collect();
    assert!(placed.len() >= 3);
    for finding in placed {
        assert!(
            readme.contains(&format!("{}[{}]: {}", finding.severity, finding.rule, finding.message)),
            "{}",
            finding.rule
        );
        let reads = finding.suggestions()[0].excerpt(reply);
        assert!(readme.contains(&format!("  = try: {reads}\n")), "{reads}");
    }
}
