//! Data files are copied page by page, each as it is when it is read.

use super::*;
use crate::single_leader::knobs::Method;
use engine::protocol::parts::Data;
use engine::protocol::record::transfer;

fn files() -> Knobs {
    let by_pages = |k: &mut Knobs| {
        k.acknowledge.mode = Mode::Asynchronous;
        (k.catch_up.method, k.catch_up.page_keys) = (Method::Files, 1);
    };
    knobs(by_pages)
}

fn fresh(ms: u64) -> Message {
    Message::Hello {
        epoch: Epoch(1),
        since: SimTime::from_millis(ms),
        at: Position::ZERO,
        of: Epoch(0),
        chain: 0,
        flushed: Position::ZERO,
        fresh: true,
    }
}

/// What is sent, without where its bytes lie.
fn pages(told: Vec<String>) -> Vec<String> {
    let cut = |line: &String| line.split(", bytes: Frame").next().unwrap_or(line).to_owned();
    told.iter().map(cut).collect()
}

#[test]
fn each_page_is_read_when_it_is_sent_and_last_comes_what_is_kept_beside_them() {
    let mut bench = Bench::new(N1, files());
    bench.write(1, 1);
    bench.log_flushed(3, 1);
    check(
        bench.hears(20, N3, fresh(20)),
        &["note CopyFiles { node: n3, pages: 1 }", "set Piece 0ms"],
    );
    // The same hello again: the copy goes on.
    check(bench.hears(21, N3, fresh(20)), &[]);
    check(
        pages(bench.timer(21, Timer::Piece)),
        &["n3 <- Page { epoch: 1, since: 20ms, number: 0, of: 1, at: 1", "set Piece 200ms"],
    );
    bench.write(30, 2);
    bench.log_flushed(33, 2);
    check(
        pages(bench.timer(221, Timer::Piece)),
        &["n3 <- Page { epoch: 1, since: 20ms, number: 1, of: 1, at: 2", "set Piece 200ms"],
    );
    check(bench.timer(421, Timer::Piece), &["set Piece 200ms"]);
    let (epoch, since) = (Epoch(1), SimTime::from_millis(20));
    bench.hears(430, N3, Message::PageConfirm { epoch, since, upto: 2 });
    check(bench.timer(621, Timer::Piece), &[]);
}

#[test]
fn the_copy_is_opened_as_if_every_page_were_of_its_end() {
    let mut records = Records::default();
    let mut data = Data::default();
    let apply = |data: &mut Data, position: u32, from: u32, to: u32| {
        let record = Record {
            position: Position(position),
            epoch: Epoch(1),
            op: OpId(position),
            client: ClientId(0),
            number: position,
            key: Key(from),
            value: transfer(Key(to), 30),
            value_bytes: 0,
            parent: RecordRef::NONE,
            chain: u64::from(position),
            frame: FrameRef::default(),
        };
        data.apply(RecordRef(position), &record);
    };
    apply(&mut data, 1, 0, 1);
    let early = records.store(|bytes| data.write_page(bytes, 0, 1));
    apply(&mut data, 2, 0, 1);
    let late = records.store(|bytes| data.write_page(bytes, 1, 1));
    let control = records.store(|bytes| data.write_control(bytes));

    let (mut bench, _) =
        Bench::start(NodeId(3), 4, files(), vec![], records, (5_000, true), AT_ONCE);
    bench.hears(5_001, N1, heartbeat(1, 2, 5_001, true));
    let page = |number: u32, at: u32, bytes: FrameRef| Message::Page {
        epoch: Epoch(1),
        since: SimTime::from_millis(5_001),
        number,
        of: 2,
        at: Position(at),
        bytes,
    };
    check(
        bench.hears(5_010, N1, page(0, 1, early)),
        &[
            "note PageCopied { page: 1, at: 1 }",
            "n1 <- PageConfirm { epoch: 1, since: 5001ms, upto: 1 }",
        ],
    );
    bench.hears(5_020, N1, page(1, 2, late));
    check(
        bench.hears(5_030, N1, page(2, 2, control)),
        &[
            "n1 <- PageConfirm { epoch: 1, since: 5001ms, upto: 3 }",
            "write snapshot",
            "write Reign { epoch: 1, voted_for: Some(n1), leading: no, fresh: no, emptied: no, seen: 0 }",
            "note FilesOpened { position: 2 }",
            "flush Snapshot { position: 2, era: 1 }",
            "flush Front { first_extent: 1 }",
        ],
    );
    // The page with the giver is of before the second transfer, that with the receiver of after it.
    let accounts = bench.node.data.accounts().unwrap();
    assert_eq!((accounts.rows, accounts.total), (2, 230));
    assert_eq!(bench.node.data.applied(), Position(2), "and it says that it stands at the end");
    let facts = bench.node.describe_node();
    assert_eq!(facts.pages.unwrap().read_at, [Position(1), Position(2)]);
}
