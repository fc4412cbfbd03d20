//! MD5 of several messages at once.
//!
//! MD5 is a chain of steps that wait for each other, which leaves most of a processor idle. Eight chains
//! side by side, in two vectors of four words, fill it and are more than four times as fast.
//! Source: RFC 1321.

use wide::u32x4;

/// Vectors that hold one word of each lane.
const VECTORS: usize = 2;
/// Messages digested side by side.
const LANES: usize = 4 * VECTORS;
/// Bytes of a block.
const BLOCK: usize = 64;

/// One word of each lane.
type Words = [u32x4; VECTORS];

/// `floor(2³² × |sin(i + 1)|)`.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];

/// What every digest starts from.
const START: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

/// A message that has a lane.
struct Lane<'m> {
    /// Place in the list of messages.
    index: usize,
    /// What is still to be digested in whole blocks.
    rest: &'m [u8],
    /// What is left of the message, padded: one block or two.
    end: Vec<u8>,
    /// Bytes of the end already digested.
    ended: usize,
}

impl<'m> Lane<'m> {
    fn new(index: usize, message: &'m [u8]) -> Self {
        let (rest, left) = message.split_at(message.len() / BLOCK * BLOCK);
        let mut end = left.to_vec();
        end.push(0x80);
        end.resize((end.len() + 8).next_multiple_of(BLOCK) - 8, 0);
        end.extend((message.len() as u64).wrapping_mul(8).to_le_bytes());
        Self {
            index,
            rest,
            end,
            ended: 0,
        }
    }

    /// What can be digested in one go.
    fn ready(&self) -> &[u8] {
        if self.rest.is_empty() {
            &self.end[self.ended..]
        } else {
            self.rest
        }
    }

    fn blocks(&self) -> usize {
        self.ready().len() / BLOCK
    }

    fn is_done(&self) -> bool {
        self.rest.is_empty() && self.ended == self.end.len()
    }

    fn pass(&mut self, length: usize) {
        if self.rest.is_empty() {
            self.ended += length;
        } else {
            self.rest = &self.rest[length..];
        }
    }
}

/// The MD5 digests of the messages, in their order.
pub(crate) fn md5(messages: &[&[u8]]) -> Vec<[u8; 16]> {
    let mut digests = vec![[0; 16]; messages.len()];
    // The longest are taken first, so that the lanes are in use to the end.
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|index| messages[*index].len());
    let mut next = || order.pop().map(|index| Lane::new(index, messages[index]));
    let mut lanes: [Option<Lane<'_>>; LANES] = std::array::from_fn(|_| next());
    let mut state = START.map(|word| [u32x4::splat(word); VECTORS]);
    while let Some(count) = lanes.iter().flatten().map(Lane::blocks).min() {
        advance(&mut state, &mut lanes, count);
        for (place, slot) in lanes.iter_mut().enumerate() {
            if let Some(lane) = slot.take_if(|lane| lane.is_done()) {
                let digest = digests[lane.index].chunks_exact_mut(4);
                for ((words, bytes), start) in state.iter_mut().zip(digest).zip(START) {
                    let word = &mut words[place / 4].as_mut_array()[place % 4];
                    bytes.copy_from_slice(&word.to_le_bytes());
                    *word = start;
                }
                *slot = next();
            }
        }
    }
    digests
}

/// Takes so many blocks from each lane; one without a message digests zeroes, which nobody looks at.
fn advance(state: &mut [Words; 4], lanes: &mut [Option<Lane<'_>>; LANES], count: usize) {
    let empty = [0; BLOCK];
    for block in 0..count {
        let blocks = lanes.each_ref().map(|lane| match lane {
            Some(lane) => &lane.ready()[block * BLOCK..(block + 1) * BLOCK],
            None => &empty,
        });
        compress(state, &blocks);
    }
    for lane in lanes.iter_mut().flatten() {
        lane.pass(count * BLOCK);
    }
}

/// The words of a block of each lane.
#[inline(always)]
fn words(blocks: &[&[u8]; LANES]) -> [Words; 16] {
    let mut words = [[u32x4::ZERO; VECTORS]; 16];
    for (vector, blocks) in blocks.chunks_exact(4).enumerate() {
        for first in (0..16).step_by(4) {
            let row = |lane: usize| u32x4::new(four_words(&blocks[lane][4 * first..]));
            let columns = u32x4::transpose([row(0), row(1), row(2), row(3)]);
            for (word, column) in words[first..].iter_mut().zip(columns) {
                word[vector] = column;
            }
        }
    }
    words
}

#[inline(always)]
fn four_words(bytes: &[u8]) -> [u32; 4] {
    let bytes: &[u8; 16] = bytes.first_chunk().expect("a row lies within its block");
    let (words, _) = bytes.as_chunks::<4>();
    std::array::from_fn(|word| u32::from_le_bytes(words[word]))
}

/// Takes in a block of each lane: four rounds of sixteen steps, whose shifts repeat.
fn compress(state: &mut [Words; 4], blocks: &[&[u8]; LANES]) {
    let words = words(blocks);
    let [mut a, mut b, mut c, mut d] = *state;
    for i in (0..16).step_by(4) {
        let word = |step: usize| &words[(i + step) % 16];
        step::<7>(mix_1, &mut a, (&b, &c, &d), word(0), SINES[i]);
        step::<12>(mix_1, &mut d, (&a, &b, &c), word(1), SINES[i + 1]);
        step::<17>(mix_1, &mut c, (&d, &a, &b), word(2), SINES[i + 2]);
        step::<22>(mix_1, &mut b, (&c, &d, &a), word(3), SINES[i + 3]);
    }
    for i in (0..16).step_by(4) {
        let word = |step: usize| &words[(5 * (i + step) + 1) % 16];
        step::<5>(mix_2, &mut a, (&b, &c, &d), word(0), SINES[16 + i]);
        step::<9>(mix_2, &mut d, (&a, &b, &c), word(1), SINES[17 + i]);
        step::<14>(mix_2, &mut c, (&d, &a, &b), word(2), SINES[18 + i]);
        step::<20>(mix_2, &mut b, (&c, &d, &a), word(3), SINES[19 + i]);
    }
    for i in (0..16).step_by(4) {
        let word = |step: usize| &words[(3 * (i + step) + 5) % 16];
        step::<4>(mix_3, &mut a, (&b, &c, &d), word(0), SINES[32 + i]);
        step::<11>(mix_3, &mut d, (&a, &b, &c), word(1), SINES[33 + i]);
        step::<16>(mix_3, &mut c, (&d, &a, &b), word(2), SINES[34 + i]);
        step::<23>(mix_3, &mut b, (&c, &d, &a), word(3), SINES[35 + i]);
    }
    for i in (0..16).step_by(4) {
        let word = |step: usize| &words[(7 * (i + step)) % 16];
        step::<6>(mix_4, &mut a, (&b, &c, &d), word(0), SINES[48 + i]);
        step::<10>(mix_4, &mut d, (&a, &b, &c), word(1), SINES[49 + i]);
        step::<15>(mix_4, &mut c, (&d, &a, &b), word(2), SINES[50 + i]);
        step::<21>(mix_4, &mut b, (&c, &d, &a), word(3), SINES[51 + i]);
    }
    for (sums, words) in state.iter_mut().zip([a, b, c, d]) {
        for (sum, word) in sums.iter_mut().zip(words) {
            *sum += word;
        }
    }
}

fn mix_1(x: u32x4, y: u32x4, z: u32x4) -> u32x4 {
    z ^ (x & (y ^ z))
}

fn mix_2(x: u32x4, y: u32x4, z: u32x4) -> u32x4 {
    y ^ (z & (x ^ y))
}

fn mix_3(x: u32x4, y: u32x4, z: u32x4) -> u32x4 {
    x ^ y ^ z
}

fn mix_4(x: u32x4, y: u32x4, z: u32x4) -> u32x4 {
    y ^ (x | !z)
}

#[inline(always)]
fn step<const SHIFT: u32>(
    mix: impl Fn(u32x4, u32x4, u32x4) -> u32x4,
    a: &mut Words,
    (b, c, d): (&Words, &Words, &Words),
    word: &Words,
    sine: u32,
) {
    for vector in 0..VECTORS {
        let known = a[vector] + (word[vector] + u32x4::splat(sine));
        let sum = mix(b[vector], c[vector], d[vector]) + known;
        a[vector] = ((sum << SHIFT) | (sum >> (32 - SHIFT))) + b[vector];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use md5::Digest as _;

    #[test]
    fn digests_are_those_of_each_message_by_itself() {
        let message = |length: usize| (0..length).map(|it| (it * 7 + length) as u8).collect();
        let lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 100_000, 3];
        let messages: Vec<Vec<u8>> = lengths.map(message).into();
        let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        for count in 0..=messages.len() {
            let expected = messages[..count]
                .iter()
                .map(|it| md5::Md5::digest(it).into());
            assert_eq!(md5(&messages[..count]), expected.collect::<Vec<[u8; 16]>>());
        }
    }
}
