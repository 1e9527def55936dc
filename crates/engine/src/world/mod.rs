//! The world: everything around the machines. Time, links, disks, clients, faults, luck.
//!
//! It steps machines and carries their effects out; it knows no concrete protocol. Everything that
//! happens is an [`Event`] with a cause, shown to one [`Observer`].

pub mod action;
mod advance;
mod applier;
pub mod client;
pub mod clock;
mod directions;
mod disk;
mod effects;
pub mod event;
pub mod fault;
mod faults;
mod link;
mod meddle;
pub mod node;
mod orders;
pub mod pending;
mod probe;
mod queue;
pub mod run;
pub mod setup;
pub mod state;
mod talk;
mod target;
pub mod watch;

pub use action::{Scripted, Target};
pub use applier::ApplierFacts;
pub use client::{Client, Operation};
pub use clock::{Clock, ClockSetup};
pub use event::{Dropped, Event, Limit, Party, Refused, What};
pub use fault::{Action, FAULTS, Fault, Faults};
pub use node::Countdown;
pub use pending::{Cargo, Flight};
pub use run::{DiskFacts, Run};
pub use setup::{
    ApplierSetup, ClientSetup, DiskSetup, Limits, LinkSetup, NetworkSetup, Pace, Probe, ReadFrom,
    Retry, ServiceSetup, Session, Setup, Workload,
};
pub use state::{Counts, World};
pub use watch::{NodeStatus, Nodes, Observer, WorldView};
