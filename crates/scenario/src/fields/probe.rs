//! A measurement of staleness, as typed.

use engine::base::Span;
use engine::world::{ClientSetup, Probe};

use crate::form::{Fields, Form, Kind, Place, Slot};
use crate::json::Json;
use crate::slot::{Maybe, Millis, Whole};

use super::LONGEST_MS;

/// Reads of one write.
const MOST_READS: u32 = 1_000;

/// The probe of the first group of clients. The second part: whether the document says anything
/// else about clients.
pub struct ProbeOf<'a>(pub &'a mut Vec<ClientSetup>, pub bool);

impl Slot for ProbeOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if !self.1 && *json != Json::Null {
            // One client that waits for as long as it takes.
            let (retry, timeout) = (None, Span::from_millis(60_000));
            *self.0 = vec![ClientSetup { count: 1, retry, timeout, ..ClientSetup::default() }];
        }
        if let Some(group) = self.0.first_mut() {
            Maybe(&mut group.probe, usual()).read(json, place);
        }
    }

    fn write(&mut self) -> Json {
        self.0.first_mut().map_or(Json::Null, |group| Maybe(&mut group.probe, usual()).write())
    }

    fn kind(&mut self) -> Kind {
        Maybe(&mut None, usual()).kind()
    }
}

fn usual() -> Probe {
    Probe { read_after: vec![Span::ZERO], trials: 1, pause: Span::from_millis(10_000) }
}

impl Fields for Probe {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "read_after_ms",
            "How long after its acknowledgement the write is read: one read each.",
            &mut Times(&mut self.read_after),
        );
        form.field(
            "trials",
            "How often, one trial after the other.",
            &mut Whole(&mut self.trials, 1, 1_000_000, "trials"),
        );
        form.field(
            "pause_ms",
            "How long after the last read of a trial the next one begins.",
            &mut Millis(&mut self.pause, 0.0, LONGEST_MS),
        );
    }
}

/// Several times in milliseconds.
struct Times<'a>(&'a mut Vec<Span>);

impl Slot for Times<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Json::List(found) = json else {
            place.wrong_type(json, "a list of times");
            return;
        };
        self.0.clear();
        for (index, json) in found.iter().take(MOST_READS as usize).enumerate() {
            let mut span = Span::ZERO;
            place.in_element(index, |place| Millis(&mut span, 0.0, LONGEST_MS).read(json, place));
            self.0.push(span);
        }
        engine::base::sort(self.0);
    }

    fn write(&mut self) -> Json {
        Json::List(self.0.iter_mut().map(|span| Millis(span, 0.0, LONGEST_MS).write()).collect())
    }

    fn kind(&mut self) -> Kind {
        let of = Box::new(Millis(&mut Span::default(), 0.0, LONGEST_MS).kind());
        Kind::List { of, least: 1, most: MOST_READS }
    }
}
