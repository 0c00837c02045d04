//! The forms of words, as a lexicon's tables list them: what a rewrite needs to inflect a word it reuses.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::{Folding, symbol};
use crate::shared;

/// Words that stand in one column of a table, perhaps with an ending joined to them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FormSet {
    #[serde(with = "shared")]
    table: Arc<Table>,
    /// By the word's symbol: its row, and the words that its ending stands for.
    #[serde(with = "shared")]
    rows: Arc<BTreeMap<u64, (usize, Box<str>)>>,
}

impl FormSet {
    pub(crate) fn holds(&self, symbol: u64) -> bool {
        self.rows.contains_key(&symbol)
    }

    /// A word of the set in another column; `column` may be one of several that differ by what they agree with (`present.i`).
    pub(crate) fn form(&self, symbol: u64, column: &str, values: &[Box<str>]) -> Option<&str> {
        let (row, ending) = self.rows.get(&symbol)?;
        if column == ENDING {
            return Some(ending);
        }
        let at = |name: &str| self.table.columns.iter().position(|known| **known == *name);
        let of_value = || values.iter().find_map(|value| at(&format!("{column}.{value}")));
        let cell = &self.table.rows[*row][at(column).or_else(of_value)?];
        Some(cell)
    }

    /// Whether [`form`](FormSet::form) knows a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        let of_value = |known: &str| known.strip_prefix(column).is_some_and(|rest| rest.starts_with('.'));
        column == ENDING || self.table.columns.iter().any(|known| **known == *column || of_value(known))
    }
}

/// The name of what an ending stands for, among the columns.
const ENDING: &str = "ending";

/// A table as a lexicon writes it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Box<str>>,
    pub(crate) rows: Vec<Vec<Box<str>>>,
}

/// The tables of a lexicon, by name, and the sets a pattern may name: `<verb.infinitive>`, `<verb.infinitive+direct>`.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormTables {
    sets: HashMap<Box<str>, FormSet>,
}

impl FormTables {
    pub(crate) fn set(&self, name: &str) -> Option<FormSet> {
        self.sets.get(name).cloned()
    }

    /// Adds a table. `endings` are groups of endings that may be joined to any of its words, each with the words it stands for.
    pub(crate) fn add(
        &mut self,
        name: &str,
        table: Table,
        endings: &BTreeMap<String, BTreeMap<String, String>>,
        folding: &Folding,
    ) {
        let table = Arc::new(table);
        for (column, title) in table.columns.iter().enumerate() {
            let words = || table.rows.iter().map(|row| &row[column]).enumerate().filter(|(_, word)| !word.is_empty());
            let mut put = |set: String, rows: BTreeMap<u64, (usize, Box<str>)>| {
                self.sets.insert(set.into(), FormSet { table: table.clone(), rows: rows.into() });
            };
            let set = format!("{name}.{title}");
            let plain = words().map(|(row, word)| (symbol(&folding.fold(word)), (row, "".into()))).collect();
            put(set.clone(), plain);
            for (group, endings) in endings {
                let joined = words().flat_map(|(row, word)| {
                    endings.iter().map(move |(ending, meaning)| {
                        // An ending moves the stress, and so the accent, of what it is joined to: «dar», «dárselo».
                        (symbol(&folding.fold(&format!("{word}{ending}"))), (row, meaning.as_str().into()))
                    })
                });
                put(format!("{set}+{group}"), joined.collect());
            }
        }
    }
}
