//! CRC-32C (Castagnoli), the checksum that PostgreSQL and etcd put on their log records.
//!
//! By hand: the libraries either take a byte at a time, which was an eighth of a recorded run's
//! time, or carry 9 to 17 KB of tables into the page. Here the tables are computed when first
//! used (eight bytes at a time; Kounavis and Berry, *A systematic approach to building high
//! performance software-based CRC generators*, 2005). A test holds it against the `crc` crate.

const POLYNOMIAL: u32 = 0x82f6_3b78;

type Tables = [[u32; 256]; 8];

thread_local! {
    static TABLES: Box<Tables> = Box::new(tables());
}

fn tables() -> Tables {
    let mut tables = [[0; 256]; 8];
    for (byte, entry) in (0_u32..).zip(&mut tables[0]) {
        *entry = (0..8)
            .fold(byte, |value, _| (value >> 1) ^ if value & 1 == 1 { POLYNOMIAL } else { 0 });
    }
    for slice in 1..8 {
        for byte in 0..256 {
            let before: u32 = tables[slice - 1][byte];
            tables[slice][byte] = (before >> 8) ^ tables[0][(before & 255) as usize];
        }
    }
    tables
}

/// The checksum of `bytes`.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u32 {
    TABLES.with(|tables| {
        let mut crc = u32::MAX;
        let words = bytes.chunks_exact(8);
        let rest = words.remainder();
        for word in words {
            let [a, b, c, d, e, f, g, h] = *word else { continue };
            let low = crc ^ u32::from_le_bytes([a, b, c, d]);
            let at = |slice: usize, byte: u8| tables[slice][usize::from(byte)];
            let [p, q, r, s] = low.to_le_bytes();
            crc = (at(7, p) ^ at(6, q) ^ at(5, r) ^ at(4, s))
                ^ (at(3, e) ^ at(2, f) ^ at(1, g) ^ at(0, h));
        }
        for byte in rest {
            crc = (crc >> 8) ^ tables[0][((crc ^ u32::from(*byte)) & 255) as usize];
        }
        !crc
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_checksum_that_others_compute() {
        let castagnoli = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);
        let bytes: Vec<u8> = (0..300_u32).map(|n| (n * n % 251) as u8).collect();
        for len in 0..bytes.len() {
            assert_eq!(checksum(&bytes[..len]), castagnoli.checksum(&bytes[..len]), "{len} bytes");
        }
        assert_eq!(checksum(b"123456789"), 0xe306_9283);
    }
}
