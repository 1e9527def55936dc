//! The settings of multi-leader replication as typed.

use super::knobs::{Data, Knobs, Resolve};
use engine::protocol::parts::Conflicts;
use engine::protocol::policy::Topology;

use scenario::form::{Fields, Form};
use scenario::slot::{Millis, Switch, Whole, Word};

use scenario::fields::{CONTEXT, CONTEXTS, Knobbed, LONGEST_MS, SHORTEST_MS};

/// Data of which a write replaces what it has seen.
const REPLACING: &str =
    "\"resolve\": \"last-write-wins\" or \"siblings\", or \"data\": \"set\" or \"text\"";

/// So many nodes may lead.
const MOST_LEADERS: u64 = 5;

impl Knobbed for Knobs {}

const RESOLUTIONS: &[(&str, &str, Resolve)] = &[
    ("last-write-wins", "the one with the later stamp stays", Resolve::LastWriteWins),
    ("siblings", "all stay until a write has seen them", Resolve::Siblings),
    ("merge", "the data type puts them together", Resolve::Merge),
];

const DATA_TYPES: &[(&str, &str, Data)] = &[
    ("counter", "every write adds one", Data::Counter),
    ("set", "a write adds its value, a deletion removes what it had seen", Data::Set),
    ("text", "of concurrent texts that of the first leader is shown", Data::Text),
];

const TOPOLOGIES: &[(&str, &str, Topology)] = &[
    ("all-to-all", "each leader to all others", Topology::AllToAll),
    ("ring", "each leader to the next", Topology::Ring),
    ("star", "all through n1", Topology::Star),
];

impl Fields for Knobs {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "resolve",
            "What becomes of two writes of a key of which neither had seen the other.",
            &mut Word(&mut self.resolve, RESOLUTIONS),
        );
        form.field(
            "data",
            "What a key is, where writes are merged.",
            &mut Word(&mut self.data, DATA_TYPES),
        );
        form.field("context", CONTEXT, &mut Word(&mut self.context, CONTEXTS));
        form.field(
            "leaders",
            "How many of the nodes lead; each other node follows one of them.",
            &mut Whole(&mut self.leaders, 1, MOST_LEADERS, "leaders"),
        );
        let given = form.gives("leaders");
        if let Some(place) = form.reader().filter(|_| given) {
            let nodes = place.cluster.nodes(None);
            place.in_field("leaders", |place| place.at_most(Some(self.leaders), nodes, "leaders"));
        }
        let merges = self.resolve == Resolve::Merge || self.data == Knobs::default().data;
        if let Some(place) = form.reader() {
            place.only_with("data", "\"resolve\": \"merge\"", merges);
            // An increment takes the place of nothing.
            let counts = self.conflicts() == Conflicts::Counter;
            let usual = self.context == Knobs::default().context;
            place.only_with("context", REPLACING, !counts || usual);
        }
        form.field(
            "topology",
            "Which leader sends what it wrote or heard to which.",
            &mut Word(&mut self.topology, TOPOLOGIES),
        );
        form.field(
            "causality",
            "Whether version vectors hold back a write until all that its leader had taken in is \
             here.",
            &mut Switch(&mut self.causality),
        );
        form.field(
            "home_leader",
            "Whether the first attempt of a write is passed to the home leader of its key.",
            &mut Switch(&mut self.home_leader),
        );
        form.field(
            "resync_ms",
            "How often a node asks for what it missed; null: only when it starts.",
            &mut Millis(&mut self.resync, SHORTEST_MS, LONGEST_MS),
        );
    }
}
