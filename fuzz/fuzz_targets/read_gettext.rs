//! Any bytes are read soundly as a gettext catalogue: `RUSTC_BOOTSTRAP=1 cargo fuzz run read_gettext`.
#![no_main]

mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| sound::check("sv.po", bytes));
