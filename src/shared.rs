//! How a compiled lexicon is kept in a file: what many of its parts share is written once, and what need not be read at once is read when it is
//! first asked for.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A file that is read: all of it, and what its parts share.
#[derive(Debug)]
struct File {
    bytes: &'static [u8],
    shared: Vec<(&'static [u8], OnceCell<Arc<dyn Any + Send + Sync>>)>,
}

/// A file that is written: what its parts share, each whole, and the number of each by where it lies in memory.
#[derive(Default)]
struct Written {
    shared: Vec<Vec<u8>>,
    numbers: HashMap<usize, u32>,
}

thread_local! {
    static READ: RefCell<Option<Arc<File>>> = const { RefCell::new(None) };
    static WRITTEN: RefCell<Written> = RefCell::default();
}

/// Writes a file.
#[cfg(test)]
pub(crate) fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, postcard::Error> {
    WRITTEN.take();
    let body = postcard::to_allocvec(value)?;
    let shared = WRITTEN.take().shared;
    let mut file = postcard::to_allocvec(&shared)?;
    file.extend(body);
    Ok(file)
}

/// Reads a file.
pub(crate) fn read<T: DeserializeOwned>(bytes: &'static [u8]) -> Result<T, postcard::Error> {
    let (shared, body) = postcard::take_from_bytes::<Vec<&'static [u8]>>(bytes)?;
    let shared = shared.into_iter().map(|part| (part, OnceCell::new())).collect();
    within(Arc::new(File { bytes, shared }), || postcard::from_bytes(body))
}

/// Does `work`, which reads parts of `file`.
fn within<T>(file: Arc<File>, work: impl FnOnce() -> T) -> T {
    let before = READ.replace(Some(file));
    let done = work();
    READ.set(before);
    done
}

/// For serde's `with`: written once for all that share it.
pub(crate) fn serialize<T: Serialize, S: Serializer>(part: &Arc<T>, serializer: S) -> Result<S::Ok, S::Error> {
    let address = Arc::as_ptr(part).addr();
    let known = WRITTEN.with_borrow(|written| written.numbers.get(&address).copied());
    let number = match known {
        Some(number) => number,
        None => {
            let bytes = postcard::to_allocvec(&**part).map_err(S::Error::custom)?;
            WRITTEN.with_borrow_mut(|written| {
                let number = written.shared.len() as u32;
                written.shared.push(bytes);
                written.numbers.insert(address, number);
                number
            })
        }
    };
    serializer.serialize_u32(number)
}

pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<Arc<T>, D::Error>
where
    T: DeserializeOwned + Any + Send + Sync,
    D: Deserializer<'de>,
{
    let number = u32::deserialize(deserializer)?;
    let file = READ.with_borrow(Clone::clone);
    let (bytes, part) = file.as_ref().and_then(|file| file.shared.get(number as usize)).ok_or_else(unknown)?;
    let part = part.get_or_try_init(|| {
        let part: T = postcard::from_bytes(bytes).map_err(D::Error::custom)?;
        Ok::<_, D::Error>(Arc::new(part))
    });
    part?.clone().downcast().map_err(|_| unknown())
}

fn unknown<E: serde::de::Error>() -> E {
    E::custom("an unknown part")
}

/// What is read when it is first asked for.
pub(crate) struct Late<T> {
    value: OnceCell<T>,
    /// The file, and where in it the value is.
    kept: Option<(Arc<File>, &'static [u8])>,
}

impl<T> Late<T> {
    /// What is there already.
    pub(crate) fn new(value: T) -> Late<T> {
        Late { value: OnceCell::with_value(value), kept: None }
    }
}

impl<T: DeserializeOwned> Deref for Late<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| {
            let kept = self.kept.as_ref().map(|(file, bytes)| within(file.clone(), || postcard::from_bytes(bytes)));
            kept.and_then(Result::ok).expect("the embedded lexicons are proven by the tests")
        })
    }
}

impl<T: fmt::Debug> fmt::Debug for Late<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize + DeserializeOwned> Serialize for Late<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&postcard::to_allocvec(&**self).map_err(S::Error::custom)?)
    }
}

impl<'de, T> Deserialize<'de> for Late<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Late<T>, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        let file = READ.with_borrow(Clone::clone).ok_or_else(unknown)?;
        // The same bytes, as a part of the file, which outlives all.
        let at = bytes.as_ptr().addr().wrapping_sub(file.bytes.as_ptr().addr());
        let kept = file.bytes.get(at..at + bytes.len()).ok_or_else(unknown)?;
        Ok(Late { value: OnceCell::new(), kept: Some((file, kept)) })
    }
}
