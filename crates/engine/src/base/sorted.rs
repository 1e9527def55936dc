//! Sorting that weighs little: one merge of places for all types, instead of one of the standard
//! library's for each. For lists that are not sorted all the time.

/// Sorts by a key. Equal ones stay in their order.
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    let mut sources = order(list.len(), &|a, b| key(&list[a]) <= key(&list[b]));
    for start in 0..sources.len() {
        let mut place = start;
        while sources[place] != start {
            let source = sources[place];
            sources[place] = place;
            list.swap(place, source);
            place = source;
        }
        sources[place] = place;
    }
}

/// Sorts what has an order of its own.
pub fn sort<T: Ord + Copy>(list: &mut [T]) {
    sort_by_key(list, |item| *item);
}

/// For each place, where the item that belongs there stands. Runs of doubling length are merged.
fn order(len: usize, before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut from: Vec<usize> = (0..len).collect();
    let mut run = 1;
    while run < len {
        let mut to = Vec::with_capacity(len);
        for start in (0..len).step_by(2 * run) {
            let (middle, end) = ((start + run).min(len), (start + 2 * run).min(len));
            let (mut left, mut right) = (start, middle);
            while left < middle || right < end {
                let take_left = right == end || left < middle && before(from[left], from[right]);
                let side = if take_left { &mut left } else { &mut right };
                to.push(from[*side]);
                *side += 1;
            }
        }
        from = to;
        run *= 2;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sorts_as_the_standard_library_does_and_keeps_equals_in_order() {
        for length in 0..70_u32 {
            let list: Vec<(u32, u32)> =
                (0..length).map(|index| (index.wrapping_mul(2_654_435_761) >> 28, index)).collect();
            let (mut mine, mut theirs) = (list.clone(), list);
            sort_by_key(&mut mine, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            assert_eq!(mine, theirs);
        }
    }
}
