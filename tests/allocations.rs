//! A clean reply costs no allocation, once the memory it is read in is warm.

use std::fs;
use std::path::Path;

use tactful::{Analyzer, Scratch};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

#[test]
fn a_clean_reply_is_read_without_allocating() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/corpus");
    let read = |language: &str| {
        let text = fs::read_to_string(folder.join(language).join("clean.txt")).unwrap();
        let replies: Vec<String> = text.split("\n%\n").map(|reply| reply.trim().to_owned()).collect();
        (Analyzer::builder().language(language).build().unwrap(), replies)
    };
    let corpora = ["en", "es", "sv"].map(read);
    let _profiler = dhat::Profiler::builder().testing().build();
    let mut scratch = Scratch::default();
    let mut costly = Vec::new();
    for round in 0..2 {
        for (analyzer, replies) in &corpora {
            for reply in replies {
                let before = dhat::HeapStats::get().total_blocks;
                let report = analyzer.analyze_with(reply, &mut scratch);
                let after = dhat::HeapStats::get().total_blocks;
                assert!(report.findings().is_empty(), "{reply}");
                if round > 0 && after > before {
                    costly.push((after - before, reply));
                }
            }
        }
    }
    assert!(costly.is_empty(), "{costly:#?}");
}
