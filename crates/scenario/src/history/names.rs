//! Numbers for what stands in a history: processes, keys, values. Equal ones get the same number.

use std::collections::BTreeMap;

use crate::json::Json;

/// Scalars and their numbers, in the order in which they were met.
#[derive(Default, Debug)]
pub struct Names {
    numbers: BTreeMap<String, u32>,
    met: Vec<Json>,
}

impl Names {
    /// The number of `json`; 1 and "1" are not the same.
    pub fn number(&mut self, json: &Json) -> u32 {
        let written = json.to_string();
        if let Some(number) = self.numbers.get(&written) {
            return *number;
        }
        let number = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        self.numbers.insert(written, number);
        self.met.push(json.clone());
        number
    }

    /// What has this number.
    pub fn json(&self, number: u32) -> Json {
        self.met.get(number as usize).cloned().unwrap_or(Json::Null)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.met.len()
    }
}
