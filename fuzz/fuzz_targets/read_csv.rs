//! Any bytes are read soundly as a table: `RUSTC_BOOTSTRAP=1 cargo fuzz run read_csv`.
#![no_main]

mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| sound::check("replies.csv", bytes));
