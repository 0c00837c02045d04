//! Any bytes are read soundly as Markdown: `RUSTC_BOOTSTRAP=1 cargo fuzz run read_markdown`.
#![no_main]

mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| sound::check("reply.md", bytes));
