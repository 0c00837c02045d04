//! Speech acts: what a reply does. The structure rules, softening and `steps` read these.

use serde::{Deserialize, Serialize};

/// What a sentence of a reply does. Which words do it is lexicon data (`acts.toml`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Act {
    /// Greets.
    Greeting,
    /// Takes leave, thanks for the message, wishes well.
    Closing,
    /// Apologises, in whatever way.
    Apology,
    /// Reports that something went wrong for the customer.
    Fault,
    /// The same, owned in the first person.
    OwnFault,
    /// Gives something for the trouble.
    MakeGood,
    /// Tells what we did, do or will do.
    Action,
    /// Tells what the customer can choose.
    Offer,
    /// Invites to a step taken with us.
    Invitation,
    /// Gives a reason that serves the customer, or a fact of the case.
    Reason,
    /// Says that we will find out.
    FindOut,
}

impl Act {
    /// Every act, by the id lexicons give it.
    pub(crate) const IDS: [(&'static str, Act); 11] = [
        ("greeting", Act::Greeting),
        ("closing", Act::Closing),
        ("apology", Act::Apology),
        ("fault", Act::Fault),
        ("own-fault", Act::OwnFault),
        ("make-good", Act::MakeGood),
        ("action", Act::Action),
        ("offer", Act::Offer),
        ("invitation", Act::Invitation),
        ("reason", Act::Reason),
        ("find-out", Act::FindOut),
    ];

    pub(crate) fn named(id: &str) -> Option<Act> {
        Act::IDS.iter().find(|(name, _)| *name == id).map(|&(_, act)| act)
    }

    pub(crate) fn ids() -> String {
        Act::IDS.map(|(id, _)| id).join(", ")
    }

    /// Whether it can start a structure rule by itself, and so is looked for in every reply.
    pub(crate) fn starts_a_rule(self) -> bool {
        matches!(self, Act::Fault | Act::OwnFault)
    }

    /// Whether it helps: an offer, an action of ours, a step taken with us.
    pub(crate) fn helps(self) -> bool {
        matches!(self, Act::Action | Act::Offer | Act::Invitation | Act::MakeGood | Act::FindOut)
    }
}

/// A set of speech acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Acts(u16);

impl Acts {
    pub(crate) const ALL: Acts = Acts((1 << Act::IDS.len()) - 1);

    /// These acts.
    pub(crate) fn of(acts: impl IntoIterator<Item = Act>) -> Acts {
        Acts(acts.into_iter().fold(0, |set, act| set | 1 << act as u16))
    }

    /// Those of both.
    pub(crate) fn and(self, other: Acts) -> Acts {
        Acts(self.0 & other.0)
    }

    pub(crate) fn without(self, other: Acts) -> Acts {
        Acts(self.0 & !other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn has(self, act: Act) -> bool {
        self.0 & (1 << act as u16) != 0
    }

    pub(crate) fn add(&mut self, act: Act) {
        self.0 |= 1 << act as u16;
    }

    /// The acts that help.
    pub(crate) fn helping() -> Acts {
        Acts::of(Act::IDS.map(|(_, act)| act).into_iter().filter(|act| act.helps()))
    }

    pub(crate) fn helps(self) -> bool {
        !self.and(Acts::helping()).is_empty()
    }
}
