//! What many parts of a compiled lexicon share, written once: for serde's `with`.
//!
//! A part is written whole where it is met first, and by its number from then on; numbers are given in the order in which parts end.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Default)]
struct Parts {
    /// Numbers, by where a part lies in memory.
    written: HashMap<usize, u32>,
    read: Vec<Arc<dyn Any + Send + Sync>>,
}

thread_local! {
    static PARTS: RefCell<Parts> = RefCell::default();
}

/// Does `work`, which writes or reads one file, with no part met before.
pub(crate) fn one_file<T>(work: impl FnOnce() -> T) -> T {
    let before = PARTS.take();
    let done = work();
    PARTS.set(before);
    done
}

#[derive(Serialize, Deserialize)]
enum Part<T> {
    Whole(T),
    Known(u32),
}

pub(crate) fn serialize<T: Serialize, S: Serializer>(part: &Arc<T>, serializer: S) -> Result<S::Ok, S::Error> {
    let address = Arc::as_ptr(part).addr();
    if let Some(number) = PARTS.with_borrow(|parts| parts.written.get(&address).copied()) {
        return Part::<&T>::Known(number).serialize(serializer);
    }
    let done = Part::Whole(&**part).serialize(serializer)?;
    PARTS.with_borrow_mut(|parts| {
        let next = parts.written.len() as u32;
        parts.written.insert(address, next);
    });
    Ok(done)
}

pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<Arc<T>, D::Error>
where
    T: DeserializeOwned + Any + Send + Sync,
    D: Deserializer<'de>,
{
    match Part::<T>::deserialize(deserializer)? {
        Part::Whole(part) => {
            let part = Arc::new(part);
            PARTS.with_borrow_mut(|parts| parts.read.push(part.clone()));
            Ok(part)
        }
        Part::Known(number) => {
            let part = PARTS.with_borrow(|parts| parts.read.get(number as usize).cloned());
            part.and_then(|part| part.downcast().ok()).ok_or_else(|| D::Error::custom("an unknown part"))
        }
    }
}
