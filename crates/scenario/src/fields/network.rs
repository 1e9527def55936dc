//! Links, disks and processors.

use engine::base::{NodeId, Span};
use engine::world::{ApplierSetup, ClockSetup, DiskSetup, LinkSetup, NetworkSetup, ServiceSetup};

use crate::form::{Fields, Form};
use crate::mistake::Mistake;
use crate::slot::{Amount, List, Millis, NameOf, SignedMillis, Switch, Whole, WholeSigned};

use super::LONGEST_MS;
use super::action::problems;
use super::delay::{DelayOf, DelayOrMillis, MaybeDelay, MaybeDelayOrMillis};

/// Links that may be named one by one.
const MOST_LINKS: u32 = 1_000;
/// Appliers that may differ.
const MOST_APPLIERS: u32 = 100;

impl Fields for LinkSetup {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field("delay", "How long a message is on its way.", &mut DelayOf(&mut self.delay));
        form.field(
            "loss",
            "The share of messages that are lost.",
            &mut Amount(&mut self.loss, 0.0, 1.0, ""),
        );
        form.field(
            "duplicate",
            "The share of messages that arrive twice.",
            &mut Amount(&mut self.duplicate, 0.0, 1.0, ""),
        );
        form.field(
            "bandwidth_bytes_per_s",
            "How much a link carries; null: as much as is sent.",
            &mut Whole(&mut self.bandwidth, 1, 1_000_000_000_000, "bytes/s"),
        );
        form.field(
            "buffer_bytes",
            "What link and receiver hold for a receiver that does not read; more stays with the \
             sender.",
            &mut Whole(&mut self.buffer_bytes, 0, 1_000_000_000_000, "bytes"),
        );
        form.field(
            "ordered",
            "Whether messages arrive in the order sent, as over one connection.",
            &mut Switch(&mut self.ordered),
        );
    }
}

impl Fields for NetworkSetup {
    fn fields(&mut self, form: &mut dyn Form) {
        self.all.fields(form);
        form.field(
            "clients_delay",
            "The way between a client and a node, each direction; null: as `delay`.",
            &mut MaybeDelay(&mut self.clients),
        );
        let blank = Exception { from: NodeId(0), to: NodeId(0), link: self.all.clone() };
        let exception = |(from, to, link): &(NodeId, NodeId, LinkSetup)| Exception {
            from: *from,
            to: *to,
            link: link.clone(),
        };
        let mut elements: Vec<Exception> = self.links.iter().map(exception).collect();
        form.field(
            "links",
            "Links that differ from the others, one direction each; what is left out is as above.",
            &mut List { elements: &mut elements, blank, most: MOST_LINKS, merged: false },
        );
        self.links = elements.into_iter().map(|e| (e.from, e.to, e.link)).collect();
    }
}

/// A link that differs from the others.
#[derive(Clone, Debug)]
struct Exception {
    from: NodeId,
    to: NodeId,
    link: LinkSetup,
}

impl Fields for Exception {
    fn fields(&mut self, form: &mut dyn Form) {
        let sound = problems(form);
        form.required("from", "Where its messages come from.", &mut NameOf(&mut self.from));
        form.required("to", "Where they go.", &mut NameOf(&mut self.to));
        if self.from == self.to && problems(form) == sound {
            if let Some(place) = form.reader() {
                place.report(Mistake::SameNode { node: self.from.to_string() });
            }
        }
        self.link.fields(form);
    }
}

impl Fields for ClockSetup {
    fn fields(&mut self, form: &mut dyn Form) {
        form.required("node", "Whose clock.", &mut NameOf(&mut self.node));
        form.field(
            "skew_ms",
            "How far it is ahead at the start; negative: behind.",
            &mut SignedMillis(&mut self.skew_us, LONGEST_MS),
        );
        form.field(
            "drift_ppm",
            "Microseconds that it gains in a second; negative: that it loses. The node's timers, \
             timeouts and leases run at that pace.",
            &mut WholeSigned(&mut self.drift_ppm, 500_000, "ppm"),
        );
    }
}

impl Fields for DiskSetup {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "flush",
            "How long it takes until what was written is safe from a power outage.",
            &mut DelayOf(&mut self.flush),
        );
        form.field(
            "capacity_bytes",
            "How much fits on each disk; null: no limit.",
            &mut Whole(&mut self.capacity_bytes, 1, 1_000_000_000_000, "bytes"),
        );
    }
}

impl Fields for ServiceSetup {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "read_ms",
            "What a node's one processor takes to answer a read.",
            &mut Millis(&mut self.read, 0.0, LONGEST_MS),
        );
        form.field(
            "write_ms",
            "What it takes to take a write.",
            &mut Millis(&mut self.write, 0.0, LONGEST_MS),
        );
        form.field(
            "replicate_ms",
            "What it takes to take in one record that another node sends.",
            &mut Millis(&mut self.replicate, 0.0, LONGEST_MS),
        );
        form.field(
            "apply_ms",
            "What a node's applier takes for one record that another node sent, beside everything \
             else that the node does: milliseconds, or a delay. Readers of the node see the record \
             then.",
            &mut DelayOrMillis(&mut self.apply),
        );
        let blank = ApplierSetup { node: NodeId(0), apply: None, delayed: Span::ZERO };
        form.field(
            "appliers",
            "Nodes whose appliers differ.",
            &mut List { elements: &mut self.appliers, blank, most: MOST_APPLIERS, merged: true },
        );
    }
}

impl Fields for ApplierSetup {
    fn fields(&mut self, form: &mut dyn Form) {
        form.required("node", "Whose applier.", &mut NameOf(&mut self.node));
        form.field(
            "apply_ms",
            "What it takes for one record, also for those that the node writes itself where it leads a \
             log: milliseconds, or a delay; null: as the others.",
            &mut MaybeDelayOrMillis(&mut self.apply),
        );
        form.field(
            "delayed_ms",
            "A record that another node sent is applied no sooner than so long after it arrived: a \
             delayed standby.",
            &mut Millis(&mut self.delayed, 0.0, LONGEST_MS),
        );
    }
}
