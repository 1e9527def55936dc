//! Short random runs, as documents: small clusters of every protocol under random faults, a few seconds
//! and a few dozen operations each, the whole from one number.

use std::fmt::Write;

/// Numbers that look random (Steele et al., *SplitMix*, 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % bound
    }

    fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// When the clients fall silent, and how long the run then goes on.
const SPOKEN_MS: u64 = 4_000;

/// The run of this number.
pub fn document(seed: u64) -> String {
    let dice = &mut Dice(seed ^ 0x1d9e_0000);
    // A few runs are left alone until everything must be equal.
    let until = SPOKEN_MS + if dice.chance(10) { 26_000 } else { dice.within(0, 3_000) };
    let nodes = dice.within(2, 4);
    let (protocol, knobs) = match dice.below(4) {
        0 => ("single-leader", single_leader(dice, nodes)),
        1 => ("chain", chain(dice)),
        2 => ("multi-leader", multi_leader(dice, nodes)),
        _ => ("leaderless", leaderless(dice, nodes)),
    };
    let script = script(dice, nodes, matches!(protocol, "single-leader" | "chain"));
    let clients = clients(dice, protocol);
    let (base, mean) = (dice.within(1, 8), dice.within(0, 12));
    format!(
        r#"{{ "format": 1, "seed": {seed}, "until_ms": {until},
  "cluster": {{ "nodes": {nodes}, "protocol": "{protocol}", "knobs": {knobs} }},
  "network": {{ "delay": {{ "base_ms": {base}, "exponential_ms": {mean} }} }},
  "clients": [ {clients} ],
  "script": [ {script} ] }}"#
    )
}

fn clients(dice: &mut Dice, protocol: &str) -> String {
    let mut groups = Vec::new();
    for _ in 0..dice.within(1, 2) {
        let (count, keys) = (dice.within(1, 2), dice.within(1, 4));
        let read_from = dice.one_of(&["\"leader\"", "\"any\"", "\"any\""]);
        let (timeout, idempotent) = (dice.within(60, 700), dice.chance(60));
        let attempts = dice.within(1, 4);
        let pace = if dice.chance(50) {
            let (writes, reads) = (dice.within(1, 5), dice.within(1, 5));
            format!(r#""writes_per_s": {writes}, "reads_per_s": {reads}"#)
        } else {
            let (share, think) = (dice.within(3, 8), dice.within(80, 300));
            format!(r#""loop": "closed", "update_fraction": 0.{share}, "think_ms": {think}"#)
        };
        let stores = matches!(protocol, "multi-leader" | "leaderless");
        let deletes = if stores && dice.chance(15) { r#""deletes": 0.2, "# } else { "" };
        groups.push(format!(
            r#"{{ "count": {count}, {pace}, "keys": {keys}, {deletes}"read_from": {read_from}, "timeout_ms": {timeout}, "until_ms": {SPOKEN_MS}, "retry": {{ "idempotent": {idempotent}, "attempts": {attempts} }} }}"#
        ));
    }
    groups.join(", ")
}

fn single_leader(dice: &mut Dice, nodes: u64) -> String {
    let acknowledge = match dice.below(5) {
        0 | 1 => r#""mode": "async""#.to_owned(),
        2 => r#""mode": "sync""#.to_owned(),
        _ => {
            let any = dice.within(1, nodes - 1);
            format!(r#""mode": "semi-sync", "followers": {{ "any": {any} }}"#)
        }
    };
    let on = dice.one_of(&["received", "flushed", "applied"]);
    let promote = dice.one_of(&["majority", "majority", "first-to-notice", "by-hand"]);
    let returning = dice.one_of(&["rewind", "rewind", "refuse", "trust"]);
    let (timeout, heartbeat, fencing) =
        (dice.within(300, 900), dice.within(60, 150), dice.chance(60));
    let detect = match promote {
        "by-hand" => String::new(),
        _ => format!(r#""detect": {{ "timeout_ms": {timeout} }}, "#),
    };
    let election = match promote {
        "majority" => format!(r#""election_timeout_ms": [{timeout}, {}], "#, timeout + 300),
        _ => String::new(),
    };
    format!(
        r#"{{ "acknowledge": {{ {acknowledge}, "on": "{on}" }}, "failover": {{ {detect}{election}"heartbeat_ms": {heartbeat}, "promote": "{promote}", "fencing": {fencing}, "returning": "{returning}" }} }}"#
    )
}

fn chain(dice: &mut Dice) -> String {
    let variant = dice.one_of(&["chain", "craq", "primary-backup", "weak"]);
    let (timeout, fencing) = (dice.within(300, 900), dice.chance(70));
    let heartbeat = timeout / dice.within(3, 6);
    format!(
        r#"{{ "variant": "{variant}", "fencing": {fencing}, "detect": {{ "timeout_ms": {timeout}, "heartbeat_ms": {heartbeat} }} }}"#
    )
}

fn multi_leader(dice: &mut Dice, nodes: u64) -> String {
    let resolve = dice.one_of(&["last-write-wins", "siblings", "merge"]);
    let data = match resolve {
        "merge" => format!(r#""data": "{}", "#, dice.one_of(&["counter", "set", "text"])),
        _ => String::new(),
    };
    let topology = dice.one_of(&["all-to-all", "ring", "star"]);
    let (leaders, home) = (dice.within(2, nodes), dice.chance(30));
    format!(
        r#"{{ {data}"resolve": "{resolve}", "topology": "{topology}", "leaders": {leaders}, "home_leader": {home} }}"#
    )
}

fn leaderless(dice: &mut Dice, nodes: u64) -> String {
    let n = dice.within(1, nodes);
    let (r, w) = (dice.within(1, n), dice.within(1, n));
    let versions = dice.one_of(&["siblings", "last-write-wins"]);
    let repair = dice.one_of(&["off", "asynchronous", "blocking"]);
    let (hints, sloppy, timeout) = (dice.chance(50), dice.chance(40), dice.within(150, 600));
    let compare = dice.one_of(&["null", r#"{ "every_ms": 500 }"#, r#"{ "every_ms": 1500 }"#]);
    format!(
        r#"{{ "n": {n}, "r": {r}, "w": {w}, "versions": "{versions}", "read_repair": "{repair}", "hinted_handoff": {hints}, "sloppy": {sloppy}, "anti_entropy": {compare}, "timeout_ms": {timeout} }}"#
    )
}

/// Up to three faults, most of them mended.
fn script(dice: &mut Dice, nodes: u64, leads: bool) -> String {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for _ in 0..dice.within(0, 3) {
        let (at, later) = (dice.within(400, 2_600), dice.within(200, 2_500));
        let named = format!("n{}", dice.within(1, nodes));
        let node = if leads && dice.chance(40) { "leader".to_owned() } else { named.clone() };
        let other = format!("n{}", dice.within(1, nodes));
        let (fault, mended) = match dice.below(6) {
            0 => (
                format!(r#""do": "crash", "node": "{named}""#),
                format!(r#""do": "restart", "node": "{named}""#),
            ),
            1 => (
                format!(r#""do": "power-off", "node": "{named}""#),
                format!(r#""do": "restart", "node": "{named}""#),
            ),
            2 => (
                format!(r#""do": "pause", "node": "{named}""#),
                format!(r#""do": "resume", "node": "{named}""#),
            ),
            3 if other != named => {
                let both = dice.chance(60);
                let cut =
                    format!(r#""do": "cut", "from": "{named}", "to": "{other}", "both": {both}"#);
                (cut, r#""do": "heal-all""#.to_owned())
            }
            4 if leads => {
                (format!(r#""do": "promote", "node": "{named}""#), r#""do": "heal-all""#.to_owned())
            }
            _ => {
                let clients = dice.chance(40);
                let cut = format!(r#""do": "isolate", "node": "{node}", "clients": {clients}"#);
                (cut, r#""do": "heal-all""#.to_owned())
            }
        };
        lines.push((at, fault));
        if dice.chance(80) && at + later < SPOKEN_MS {
            lines.push((at + later, mended));
        }
    }
    lines.sort();
    let mut script = String::new();
    for (number, (at, action)) in lines.iter().enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        let _ = write!(script, r#"{comma}{{ "at_ms": {at}, {action} }}"#);
    }
    script
}
