//! What tells a finding from others, wherever it moves: the rule, the file, the reply's name, its language, the words.

use std::collections::HashMap;

use crate::report::Reply;

/// Gives findings their fingerprints; those that are the same otherwise are numbered, in order.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<u64, usize>,
}

impl Fingerprints {
    pub(crate) fn mark(&mut self, reply: &mut Reply) {
        let name = reply.name().unwrap_or_default().to_owned();
        let language = reply.language.clone().unwrap_or_default();
        for finding in &mut reply.findings {
            let words = normal(finding.text.as_deref().unwrap_or_default());
            let hash = fnv_1a(&[&finding.rule, &reply.known_as, &name, &language, &words]);
            let nth = self.seen.entry(hash).or_default();
            *nth += 1;
            finding.fingerprint = if *nth == 1 { format!("{hash:016x}") } else { format!("{hash:016x}:{nth}") };
        }
    }
}

/// The words as a fingerprint sees them: case, spaces and line ends aside.
fn normal(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Named and fixed, because it is stored: std's hasher may change with Rust.
fn fnv_1a(parts: &[&str]) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    parts.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| step(part.bytes().fold(hash, step), 0))
}
