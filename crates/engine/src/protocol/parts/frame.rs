//! Frames: what lies on a disk, as bytes.
//!
//! `[length u32][CRC-32C u32][kind u8][payload]`, little-endian; the length counts kind and
//! payload, the checksum covers them. A reader of a disk stops at the first frame that does not
//! check: that is how a torn end is found.

use super::checksum::checksum;
use super::version::{Dot, Version};
use crate::base::{ClientId, Epoch, Key, NodeId, OpId, Position};
use crate::protocol::{FrameRef, Record, RecordRef, Records};

/// Bytes in front of a frame's payload.
pub const HEAD: usize = 9;

/// What a frame says.
#[derive(Clone, Debug)]
pub enum Frame<'a> {
    /// A log record. Its parent is whatever stood before it.
    Record(Box<Record>),
    /// The node's epoch, its vote in it, and whether it leads.
    Epoch(Reign),
    /// The log was cut back to here.
    Rewind(Position),
    /// A snapshot, encoded.
    Snapshot(&'a [u8]),
    /// A version of a key.
    Version(Box<(Record, Version)>),
    /// Something of a protocol's own, with its number.
    Own(u8, &'a [u8]),
    /// Who is in a row of nodes.
    Members {
        /// The epoch in which they are.
        epoch: Epoch,
        /// The nodes from the first to the last, without one that is only being fed.
        nodes: Vec<NodeId>,
    },
}

/// What a node must not forget about epochs.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Reign {
    /// Its epoch: the highest that it has heard of, unless it went back to a leader of an older one.
    pub epoch: Epoch,
    /// Whom it gave its vote in this epoch.
    pub voted_for: Option<NodeId>,
    /// Whether it led when it wrote this.
    pub leading: bool,
    /// Whether it has no data of its own and waits for a copy.
    pub fresh: bool,
    /// Whether it has thrown data away that it had confirmed, and has not been copied since.
    pub emptied: bool,
    /// The highest epoch that it has had a part in, where that is not its epoch; 0 otherwise.
    pub seen: Epoch,
}

impl Reign {
    /// The highest epoch that it has had a part in.
    #[must_use]
    pub fn highest(&self) -> Epoch {
        self.epoch.max(self.seen)
    }

    /// The first epoch in which it has neither voted nor asked for votes.
    #[must_use]
    pub fn next_epoch(&self) -> Epoch {
        self.highest().next()
    }
}

/// Why reading stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Torn;

fn framed(records: &mut Records, kind: u8, fill: impl FnOnce(&mut Vec<u8>)) -> FrameRef {
    records.store(|bytes| {
        let start = bytes.len();
        bytes.extend_from_slice(&[0; HEAD]);
        bytes[start + 8] = kind;
        fill(bytes);
        let covered = &bytes[start + 8..];
        let sum = checksum(covered).to_le_bytes();
        let length = u32::try_from(covered.len()).unwrap_or(u32::MAX).to_le_bytes();
        bytes[start..start + 4].copy_from_slice(&length);
        bytes[start + 4..start + 8].copy_from_slice(&sum);
    })
}

/// Encodes a record, puts it into the store, and says how to refer to it.
#[inline]
pub fn write_record(records: &mut Records, record: Record) -> RecordRef {
    let frame = framed(records, 0, |bytes| fill_record(bytes, &record));
    records.add(Record { frame, ..record })
}

#[inline]
fn fill_record(bytes: &mut Vec<u8>, record: &Record) {
    let mut head = [0_u8; 38];
    head[0..4].copy_from_slice(&record.position.0.to_le_bytes());
    head[4..8].copy_from_slice(&record.epoch.0.to_le_bytes());
    head[8..12].copy_from_slice(&record.op.0.to_le_bytes());
    head[12..14].copy_from_slice(&record.client.0.to_le_bytes());
    head[14..18].copy_from_slice(&record.number.to_le_bytes());
    head[18..22].copy_from_slice(&record.key.0.to_le_bytes());
    head[22..26].copy_from_slice(&record.value_bytes.to_le_bytes());
    head[26..34].copy_from_slice(&record.chain.to_le_bytes());
    bytes.extend_from_slice(&head);
    write_value(bytes, record.value, record.value_bytes);
}

/// Encodes a version of a key whose writer had been given `seen`, puts it into the store, and says
/// how to refer to it. Its position is its name.
pub fn write_version(
    records: &mut Records,
    record: Record,
    version: Version,
    seen: Vec<RecordRef>,
) -> RecordRef {
    let next = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let record = Record { position: RecordRef(next).name(), ..record };
    let frame = framed(records, 4, |bytes| {
        let entries = version.vector.entries();
        bytes.push(u8::try_from(entries.len()).unwrap_or(u8::MAX));
        for (node, counter) in entries {
            bytes.push(node.0);
            bytes.extend_from_slice(&counter.to_le_bytes());
        }
        bytes.push(version.writer.0);
        bytes.extend_from_slice(&version.counter.to_le_bytes());
        bytes.extend_from_slice(&version.stamp.to_le_bytes());
        bytes.push(u8::from(version.deleted));
        fill_record(bytes, &record);
    });
    records.add_versioned(Record { frame, ..record }, version, seen)
}

/// Encodes something of a protocol's own; its kind is 16 or more.
pub fn write_own(records: &mut Records, kind: u8, fill: impl FnOnce(&mut Vec<u8>)) -> FrameRef {
    framed(records, kind, fill)
}

/// A value is its number, padded to its length.
pub fn write_value(bytes: &mut Vec<u8>, value: u64, length: u32) {
    bytes.extend_from_slice(&value.to_le_bytes());
    bytes.resize(bytes.len() + (length as usize).saturating_sub(8), 0);
}

/// Encodes what a node must not forget about epochs.
pub fn write_reign(records: &mut Records, reign: Reign) -> FrameRef {
    framed(records, 1, |bytes| {
        bytes.extend_from_slice(&reign.epoch.0.to_le_bytes());
        bytes.push(reign.voted_for.map_or(u8::MAX, |node| node.0));
        // Written only where it says something: it seldom does.
        let went_back = reign.seen > reign.epoch;
        let flags = [reign.leading, reign.fresh, reign.emptied, went_back];
        bytes.push((0..).zip(flags).map(|(bit, flag)| u8::from(flag) << bit).sum());
        if went_back {
            bytes.extend_from_slice(&reign.seen.0.to_le_bytes());
        }
    })
}

/// Encodes that the log was cut back to `to`.
pub fn write_rewind(records: &mut Records, to: Position) -> FrameRef {
    framed(records, 2, |bytes| bytes.extend_from_slice(&to.0.to_le_bytes()))
}

/// Encodes a snapshot; `fill` writes the image.
pub fn write_snapshot(records: &mut Records, fill: impl FnOnce(&mut Vec<u8>)) -> FrameRef {
    framed(records, 3, fill)
}

/// Encodes who is in a row of nodes.
pub fn write_members(records: &mut Records, epoch: Epoch, nodes: &[NodeId]) -> FrameRef {
    framed(records, 5, |bytes| {
        bytes.extend_from_slice(&epoch.0.to_le_bytes());
        bytes.extend(nodes.iter().map(|node| node.0));
    })
}

/// Reads the frame at the front of `bytes`.
///
/// # Errors
/// [`Torn`] if it is not whole or does not check.
pub fn read(bytes: &[u8]) -> Result<Frame<'_>, Torn> {
    let mut head = Reader(bytes);
    let (length, sum) = (head.u32()?, head.u32()?);
    let covered = head.0.get(..length as usize).ok_or(Torn)?;
    if checksum(covered) != sum {
        return Err(Torn);
    }
    let mut reader = Reader(covered);
    Ok(match reader.u8()? {
        0 => Frame::Record(Box::new(read_record(&mut reader)?)),
        1 => Frame::Epoch(read_reign(&mut reader)?),
        2 => Frame::Rewind(Position(reader.u32()?)),
        3 => Frame::Snapshot(reader.0),
        4 => {
            let version = read_version(&mut reader)?;
            Frame::Version(Box::new((read_record(&mut reader)?, version)))
        }
        5 => {
            let epoch = Epoch(reader.u32()?);
            Frame::Members { epoch, nodes: reader.0.iter().copied().map(NodeId).collect() }
        }
        own @ 16.. => Frame::Own(own, reader.0),
        _ => return Err(Torn),
    })
}

fn read_reign(reader: &mut Reader<'_>) -> Result<Reign, Torn> {
    let epoch = Epoch(reader.u32()?);
    let voted_for = Some(reader.u8()?).filter(|node| *node != u8::MAX).map(NodeId);
    let flags = reader.u8()?;
    let [leading, fresh, emptied, went_back] = [1, 2, 4, 8].map(|bit| flags & bit != 0);
    let seen = if went_back { Epoch(reader.u32()?) } else { Epoch(0) };
    Ok(Reign { epoch, voted_for, leading, fresh, emptied, seen })
}

fn read_version(reader: &mut Reader<'_>) -> Result<Version, Torn> {
    let mut version = Version::default();
    for _ in 0..reader.u8()? {
        let node = NodeId(reader.u8()?);
        version.vector.see(Dot { node, counter: reader.u32()? });
    }
    version.writer = NodeId(reader.u8()?);
    version.counter = reader.u32()?;
    version.stamp = i64::from_le_bytes(reader.u64()?.to_le_bytes());
    version.deleted = reader.u8()? == 1;
    Ok(version)
}

fn read_record(reader: &mut Reader<'_>) -> Result<Record, Torn> {
    let (position, epoch) = (Position(reader.u32()?), Epoch(reader.u32()?));
    let (op, client) = (OpId(reader.u32()?), ClientId(reader.u16()?));
    let (number, key, value_bytes) = (reader.u32()?, Key(reader.u32()?), reader.u32()?);
    let chain = reader.u64()?;
    reader.skip(4)?;
    let value = reader.u64()?;
    let parent = RecordRef::NONE;
    let frame = FrameRef::default();
    Ok(Record {
        position,
        epoch,
        op,
        client,
        number,
        key,
        value,
        value_bytes,
        parent,
        chain,
        frame,
    })
}

/// Takes little-endian numbers off the front of bytes.
pub struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Torn> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(Torn)?;
        self.0 = rest;
        Ok(*head)
    }

    /// One byte.
    ///
    /// # Errors
    /// [`Torn`] at the end of the bytes, here and below.
    pub fn u8(&mut self) -> Result<u8, Torn> {
        self.take::<1>().map(|[byte]| byte)
    }

    /// Two bytes.
    ///
    /// # Errors
    /// See [`Self::u8`].
    pub fn u16(&mut self) -> Result<u16, Torn> {
        self.take().map(u16::from_le_bytes)
    }

    /// Four bytes.
    ///
    /// # Errors
    /// See [`Self::u8`].
    pub fn u32(&mut self) -> Result<u32, Torn> {
        self.take().map(u32::from_le_bytes)
    }

    /// Eight bytes.
    ///
    /// # Errors
    /// See [`Self::u8`].
    pub fn u64(&mut self) -> Result<u64, Torn> {
        self.take().map(u64::from_le_bytes)
    }

    /// Passes over `count` bytes.
    ///
    /// # Errors
    /// See [`Self::u8`].
    pub fn skip(&mut self, count: usize) -> Result<(), Torn> {
        self.0 = self.0.get(count..).ok_or(Torn)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            position: Position(7),
            epoch: Epoch(2),
            op: OpId(41),
            client: ClientId(3),
            number: 9,
            key: Key(5),
            value: 42,
            value_bytes: 64,
            parent: RecordRef::NONE,
            chain: 77,
            frame: FrameRef::default(),
        }
    }

    #[test]
    fn a_record_survives_its_way_through_bytes() {
        let mut records = Records::default();
        let written = write_record(&mut records, record());
        let frame = records.get(written).unwrap().frame;
        let Ok(Frame::Record(read)) = read(records.bytes(frame)) else { panic!("not a record") };
        assert_eq!(*read, record());
        assert_eq!(frame.len as usize, HEAD + 38 + 64);
    }

    #[test]
    fn a_version_survives_its_way_through_bytes() {
        let mut records = Records::default();
        let mut version =
            Version { writer: NodeId(2), counter: 9, stamp: -5, ..Version::default() };
        version.vector.see(Dot { node: NodeId(0), counter: 70_000 });
        version.vector.see(Dot { node: NodeId(7), counter: 3 });
        let written = write_version(&mut records, record(), version.clone(), Vec::new());
        let stored = *records.get(written).unwrap();
        assert_eq!((stored.position, RecordRef::named(stored.position)), (Position(1), written));
        let Ok(Frame::Version(found)) = read(records.bytes(stored.frame)) else {
            panic!("no version")
        };
        let expected = Record { frame: FrameRef::default(), ..stored };
        assert_eq!(*found, (expected, version.clone()));
        assert_eq!(records.version(written), Some(&version));
    }

    #[test]
    fn a_torn_or_changed_frame_does_not_check() {
        let mut records = Records::default();
        let written = write_record(&mut records, record());
        let frame = records.get(written).unwrap().frame;
        for len in 0..frame.len {
            assert!(read(records.bytes(frame.torn_to(len))).is_err(), "torn to {len}");
        }
        for at in 0..frame.len as usize {
            let mut bytes = records.bytes(frame).to_vec();
            bytes[at] ^= 4;
            assert!(read(&bytes).is_err(), "bit flipped in byte {at}");
        }
    }
}
