//! What PostgreSQL did (the outcomes measured on loopback with PostgreSQL 15), played here: the primary is n1, the
//! standbys are s1 = n2 and s2 = n3.
//!
//! PostgreSQL decides nothing by itself: an administrator promotes, rewinds, copies. Its processes
//! were killed, not its machines. Counts and yes or no are demanded as measured; times only where
//! a setting names them.

mod catching_up;
mod losing;
mod returning;
mod waiting;

use crate::support::cluster::Cluster;

/// One writer on the primary's machine, 50 writes per second from the third second on; it waits
/// for ever and never tries again.
const WRITER: &str = r#"{ "count": 1, "loop": "closed", "update_fraction": 1, "think_ms": 20,
    "timeout_ms": 3600000, "retry": null, "from_ms": 3000, "at_leader": true }"#;

/// A PostgreSQL cluster: settings that differ, who writes, and how much in all.
struct Postgres {
    nodes: u8,
    sender_timeout_ms: u32,
    acknowledge: String,
    failover: String,
    retention: String,
    network: String,
    disk: String,
    clients: String,
    operations: u32,
    script: String,
}

impl Default for Postgres {
    fn default() -> Self {
        Self {
            nodes: 3,
            sender_timeout_ms: 60_000,
            acknowledge: r#""mode": "async""#.to_owned(),
            failover: r#""fencing": false"#.to_owned(),
            retention: r#""records": null"#.to_owned(),
            network: r#""delay": { "constant_ms": 0.1 }"#.to_owned(),
            disk: r#""flush": { "constant_ms": 1 }"#.to_owned(),
            clients: WRITER.to_owned(),
            operations: 4_000_000,
            script: String::new(),
        }
    }
}

impl Postgres {
    /// The scenario document.
    fn document(&self) -> String {
        let Self { nodes, acknowledge, failover, retention, network, disk, clients, .. } = self;
        let Self { operations, script, sender_timeout_ms, .. } = self;
        format!(
            r#"{{ "format": 1, "seed": 15, "until_ms": 3600000,
  "cluster": {{ "nodes": {nodes}, "protocol": "single-leader", "knobs": {{
    "acknowledge": {{ "give_up_after_ms": {sender_timeout_ms}, {acknowledge} }},
    "failover": {{ "promote": "by-hand", {failover} }},
    "retention": {{ {retention} }},
    "shipping": {{ "window_records": 1000000 }},
    "catch_up": {{ "automatic": false }} }} }},
  "network": {{ {network} }}, "disk": {{ {disk} }},
  "limits": {{ "operations": {operations} }},
  "clients": [ {clients} ],
  "script": [ {script} ] }}"#
        )
    }

    #[track_caller]
    fn start(&self) -> Cluster {
        Cluster::scenario(&self.document())
    }
}
