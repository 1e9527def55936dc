//! The world: everything around the machines. Time, links, disks, clients, faults, luck.
//!
//! It steps machines and carries their effects out; it knows no concrete protocol. Everything that
//! happens is an [`Event`] with a cause, shown to one [`Observer`].

pub mod action;
pub mod event;
pub mod setup;
pub mod watch;

pub use action::{Action, Scripted, Target};
pub use event::{Dropped, Event, Limit, Party, What};
pub use setup::{
    ClientSetup, DiskSetup, Limits, LinkSetup, NetworkSetup, Pace, ReadFrom, Retry, ServiceSetup, Setup,
};
pub use watch::{NodeStatus, Nodes, Observer, WorldView};
