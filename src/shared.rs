//! How a compiled lexicon is kept in a file: what many of its parts share is written once, and what need not be read at once is read when it is
//! first asked for.

use std::any::Any;
use std::borrow::Cow;
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
    /// Where in `parts` each part begins that others share; one more for the end of the last.
    starts: Numbers,
    parts: &'static [u8],
    shared: OnceCell<Vec<OnceCell<Arc<dyn Any + Send + Sync>>>>,
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
    let parts = Joined::of(WRITTEN.take().shared);
    postcard::to_allocvec(&(parts.starts, Bytes(&parts.bytes), Bytes(&body)))
}

/// Reads a file.
pub(crate) fn read<T: DeserializeOwned>(bytes: &'static [u8]) -> Result<T, postcard::Error> {
    let (starts, parts, body) = postcard::from_bytes::<(&'static [u8], &'static [u8], &'static [u8])>(bytes)?;
    let starts = Numbers(Cow::Borrowed(starts));
    let shared = OnceCell::new();
    within(Arc::new(File { bytes, starts, parts, shared }), || postcard::from_bytes(body))
}

/// Pieces, one after the other, and where each begins; one more for the end of the last.
struct Joined {
    starts: Numbers,
    bytes: Vec<u8>,
}

impl Joined {
    fn of(pieces: Vec<Vec<u8>>) -> Joined {
        Joined { starts: Numbers::starts(pieces.iter().map(Vec::len)), bytes: pieces.concat() }
    }
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
    let file = file.as_ref().ok_or_else(unknown)?;
    let shared = file.shared.get_or_init(|| (1..file.starts.len()).map(|_| OnceCell::new()).collect());
    let part = shared.get(number as usize).ok_or_else(unknown)?;
    let part = part.get_or_try_init(|| {
        let (from, to) = file.starts.between(number);
        let part: T = postcard::from_bytes(file.parts.get(from as usize..to as usize).ok_or_else(unknown)?)
            .map_err(D::Error::custom)?;
        Ok::<_, D::Error>(Arc::new(part))
    });
    part?.clone().downcast().map_err(|_| unknown())
}

/// Hashes that are kept in eight bytes each; as numbers of any length they would take ten.
pub(crate) trait Hashes: Sized {
    fn list(&self) -> &[u64];

    /// `None` where there are too many or too few.
    fn of(hashes: impl ExactSizeIterator<Item = u64>) -> Option<Self>;
}

impl Hashes for u64 {
    fn list(&self) -> &[u64] {
        std::slice::from_ref(self)
    }

    fn of(hashes: impl ExactSizeIterator<Item = u64>) -> Option<u64> {
        <[u64; 1]>::of(hashes).map(|[hash]| hash)
    }
}

impl<const N: usize> Hashes for [u64; N] {
    fn list(&self) -> &[u64] {
        self
    }

    fn of(mut hashes: impl ExactSizeIterator<Item = u64>) -> Option<[u64; N]> {
        (hashes.len() == N).then(|| std::array::from_fn(|_| hashes.next().unwrap_or(0)))
    }
}

impl Hashes for Box<[u64]> {
    fn list(&self) -> &[u64] {
        self
    }

    fn of(hashes: impl ExactSizeIterator<Item = u64>) -> Option<Box<[u64]>> {
        Some(hashes.collect())
    }
}

/// For serde's `with`.
pub(crate) mod hashes {
    use super::*;

    pub(crate) fn serialize<T: Hashes, S: Serializer>(hashes: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&hashes.list().iter().flat_map(|hash| hash.to_le_bytes()).collect::<Vec<u8>>())
    }

    pub(crate) fn deserialize<'de, T: Hashes, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let (hashes, _) = <&[u8]>::deserialize(deserializer)?.as_chunks();
        T::of(hashes.iter().map(|hash| u64::from_le_bytes(*hash))).ok_or_else(unknown)
    }
}

fn unknown<E: serde::de::Error>() -> E {
    E::custom("an unknown part")
}

/// A part of the file that is being read, as a part of what outlives all.
fn lasting<E: serde::de::Error>(bytes: &[u8]) -> Result<(Arc<File>, &'static [u8]), E> {
    let file = READ.with_borrow(Clone::clone).ok_or_else(unknown)?;
    let at = bytes.as_ptr().addr().wrapping_sub(file.bytes.as_ptr().addr());
    let kept = at.checked_add(bytes.len()).and_then(|end| file.bytes.get(at..end)).ok_or_else(unknown)?;
    Ok((file, kept))
}

/// Numbers that are not read at all: each is taken from the file where it is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(Cow<'static, [u8]>);

impl Numbers {
    /// Where each of some lists begins that stand one after the other, given their lengths; one more for the end of the last.
    pub(crate) fn starts(lengths: impl Iterator<Item = usize>) -> Numbers {
        let end = |sum: &mut u32, length: usize| {
            *sum += length as u32;
            Some(*sum)
        };
        std::iter::once(0).chain(lengths.scan(0, end)).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len() / 4
    }

    /// The number at an index, which is below [`len`](Numbers::len).
    pub(crate) fn at(&self, index: usize) -> u32 {
        let (numbers, _) = self.0.as_chunks::<4>();
        u32::from_le_bytes(numbers[index])
    }

    /// Of blocks of so many bytes, those from one index to another: numbers as they are kept, little-endian.
    pub(crate) fn blocks<const BYTES: usize>(&self, from: u32, to: u32) -> &[[u8; BYTES]] {
        let (blocks, _) = self.0.as_chunks();
        &blocks[from as usize..to as usize]
    }

    /// The block of so many bytes at an index.
    pub(crate) fn block<const BYTES: usize>(&self, index: u32) -> Option<&[u8; BYTES]> {
        self.0.as_chunks().0.get(index as usize)
    }

    /// Between the numbers at an index and the next.
    pub(crate) fn between(&self, index: u32) -> (u32, u32) {
        (self.at(index as usize), self.at(index as usize + 1))
    }
}

impl FromIterator<u32> for Numbers {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Numbers {
        Numbers(numbers.into_iter().flat_map(u32::to_le_bytes).collect())
    }
}

impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Numbers, D::Error> {
        Ok(Numbers(Cow::Borrowed(lasting(<&[u8]>::deserialize(deserializer)?)?.1)))
    }
}

/// What is read when it is first asked for.
pub(crate) struct Late<T> {
    value: OnceCell<Box<T>>,
    /// The file, and where in it the value is.
    kept: Option<(Arc<File>, &'static [u8])>,
}

impl<T> Late<T> {
    /// What is there already.
    pub(crate) fn new(value: T) -> Late<T> {
        Late { value: OnceCell::with_value(Box::new(value)), kept: None }
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
        let kept = lasting(<&[u8]>::deserialize(deserializer)?)?;
        Ok(Late { value: OnceCell::new(), kept: Some(kept) })
    }
}

/// A list of which each is read when it is first asked for.
pub(crate) struct LateList<T> {
    values: Vec<OnceCell<Box<T>>>,
    /// The file, where in it the values are, and where each begins; one more for the end of the last.
    kept: Option<(Arc<File>, &'static [u8], Numbers)>,
}

impl<T> LateList<T> {
    /// Of what is there already.
    pub(crate) fn new(values: Vec<T>) -> LateList<T> {
        let values = values.into_iter().map(|value| OnceCell::with_value(Box::new(value))).collect();
        LateList { values, kept: None }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

impl<T: DeserializeOwned> LateList<T> {
    /// The value at an index, which is below [`len`](LateList::len).
    pub(crate) fn at(&self, index: usize) -> &T {
        self.values[index].get_or_init(|| {
            let value = self.kept.as_ref().and_then(|(file, bytes, starts)| {
                let (from, to) = starts.between(index as u32);
                let bytes = bytes.get(from as usize..to as usize)?;
                within(file.clone(), || postcard::from_bytes(bytes)).ok()
            });
            value.expect("the embedded lexicons are proven by the tests")
        })
    }
}

impl<T> fmt::Debug for LateList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.len().fmt(f)
    }
}

impl<T: Serialize + DeserializeOwned> Serialize for LateList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = (0..self.len()).map(|index| postcard::to_allocvec(self.at(index)));
        let joined = Joined::of(written.collect::<Result<_, _>>().map_err(S::Error::custom)?);
        (joined.starts, Bytes(&joined.bytes)).serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for LateList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<LateList<T>, D::Error> {
        let (starts, bytes) = <(Numbers, &[u8])>::deserialize(deserializer)?;
        let (file, bytes) = lasting(bytes)?;
        let values = (1..starts.len()).map(|_| OnceCell::new()).collect();
        Ok(LateList { values, kept: Some((file, bytes, starts)) })
    }
}

/// Bytes as such, not as a list of numbers.
struct Bytes<'b>(&'b [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<T: Default> Default for Late<T> {
    fn default() -> Late<T> {
        Late::new(T::default())
    }
}
