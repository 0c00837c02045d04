//! The published schemas are those of the types.

mod support;

use std::path::Path;
use std::{env, fs};

use support::tactful;

/// `TACTFUL_UPDATE=1 cargo test -p tactful-cli --test schemas` writes them anew.
#[test]
fn the_published_schemas_are_true() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (args, name) in [(&["schema"][..], "report.schema.json"), (&["config", "schema"], "tactful.schema.json")] {
        let printed = String::from_utf8(tactful(&folder, args).stdout).unwrap();
        let path = folder.join(name);
        if env::var_os("TACTFUL_UPDATE").is_some() {
            fs::write(&path, &printed).unwrap();
        }
        let published = fs::read_to_string(&path).unwrap_or_default();
        assert!(published == printed, "{name} is not what the types say: TACTFUL_UPDATE=1 writes it anew");
    }
}
