//! Memory that one reading leaves to the next.

use std::cell::RefCell;
use std::sync::Arc;

use crate::document::Buffers;
use crate::engine::{Match, Search};
use crate::reading::{Found, Line};
use crate::report::Reply;

/// Memory for [`Analyzer::analyze_with`](crate::Analyzer::analyze_with): used again for each reply, so that one in which nothing is found
/// costs no allocation once it is warm, as long as its report is dropped before the next reply is read.
///
/// It belongs to no analyzer, holds no part of a report's answer, and grows with the longest text it was used for.
///
/// ```
/// use tactful::{Analyzer, Scratch};
///
/// let analyzer = Analyzer::builder().language("en").build()?;
/// let mut scratch = Scratch::default();
/// for reply in ["That is not possible.", "We have sent a new one today."] {
///     println!("{}", analyzer.analyze_with(reply, &mut scratch).findings().len());
/// }
/// # Ok::<(), tactful::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) buffers: Vec<Buffers>,
    pub(crate) search: Search,
    pub(crate) matches: Vec<Match>,
    pub(crate) found: Found,
    pub(crate) lines: Vec<Line>,
    /// The last reply; its memory is free once no report holds it.
    pub(crate) reply: Option<Arc<Reply>>,
}

impl Scratch {
    /// Does `work` with the memory of this thread.
    pub(crate) fn of_thread<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
        thread_local! {
            static SCRATCH: RefCell<Scratch> = RefCell::default();
        }
        // Taken out, so that `work` may come here again.
        let mut scratch = SCRATCH.try_with(|scratch| scratch.take()).unwrap_or_default();
        let done = work(&mut scratch);
        scratch.reply = None;
        if scratch.buffers.iter().all(|buffers| buffers.len() <= KEPT) {
            // A thread that ends has no more use for it.
            let _ = SCRATCH.try_with(|kept| kept.replace(scratch));
        }
        done
    }
}

/// Texts up to so many bytes leave their memory to their thread.
const KEPT: usize = 1 << 20;
