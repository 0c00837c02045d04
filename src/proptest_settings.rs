//! Properties are tested alike on every run: `PROPTEST_SEED` chooses other cases. Used by unit tests and by `tests/`.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

pub(crate) fn settings(cases: u32) -> ProptestConfig {
    let seed = std::env::var("PROPTEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..ProptestConfig::default() }
}
