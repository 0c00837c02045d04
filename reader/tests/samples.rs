//! Samples of every format, each with what a careful person reads in it: `tests/samples/<name>/expected.json`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tactful_reader::{Contents, Reader};

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut samples: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    samples.sort();
    assert!(samples.len() > 30);
    samples
}

fn expected(sample: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(sample.join("expected.json")).unwrap()).unwrap()
}

fn files(expected: &Value) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for entry in expected["entries"].as_array().unwrap().iter().chain(expected["skipped"].as_array().unwrap()) {
        let file = entry["file"].as_str().unwrap().to_owned();
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

fn read(reader: &Reader, sample: &Path, file: &str) -> Contents {
    let source = reader.source(file.as_ref(), fs::read(sample.join(file)).unwrap()).unwrap();
    reader.read(file.as_ref(), &source)
}

fn loose(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_customer_facing_text_is_read_as_expected_and_no_other() {
    let reader = Reader::new();
    let mut wrong = Vec::new();
    for sample in samples() {
        let expected = expected(&sample);
        for file in files(&expected) {
            let contents = read(&reader, &sample, &file);
            let name = format!("{}/{file}", sample.file_name().unwrap().to_string_lossy());
            if !contents.problems.is_empty() {
                wrong.push(format!("{name}: {:?}", contents.problems));
            }
            let mut told: Vec<Value> = contents
                .entries
                .iter()
                .filter(|entry| entry.skipped.is_none())
                .map(|entry| {
                    json!({
                        "id": entry.id,
                        "title": entry.title,
                        "locale": entry.locale.as_ref().map(|(locale, _)| locale),
                        "kind": entry.kind.to_string().to_lowercase(),
                        "fragment": entry.fragment,
                        "text": loose(&entry.text),
                    })
                })
                .collect();
            for entry in expected["entries"].as_array().unwrap().iter().filter(|entry| entry["file"] == file.as_str()) {
                let mut entry = entry.clone();
                entry.as_object_mut().unwrap().remove("file");
                entry["text"] = loose(entry["text"].as_str().unwrap()).into();
                match told.iter().position(|told| *told == entry) {
                    Some(at) => drop(told.remove(at)),
                    None => wrong.push(format!("{name}: expected {entry}")),
                }
            }
            wrong.extend(told.iter().map(|told| format!("{name}: found    {told}")));
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}
