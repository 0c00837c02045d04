//! Any bytes are read soundly as HTML, and as a template that may be HTML: `RUSTC_BOOTSTRAP=1 cargo fuzz run read_html`.
#![no_main]

mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    sound::check("reply.html", bytes);
    sound::check("reply.liquid", bytes);
});
