//! Any bytes are read soundly as YAML: `RUSTC_BOOTSTRAP=1 cargo fuzz run read_yaml`.
#![no_main]

mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| sound::check("locales/es/replies.yaml", bytes));
