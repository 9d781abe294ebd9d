/**
 * Ids in the shape the venue's clients expect (UUID version 4 text), yet a function of (seed,
 * counter): the same run gives the same ids, and two runs with other seeds share none in practice.
 *
 * Inside one run they cannot collide: the first and the last eight digits are one-to-one mixes of
 * the counter's low and high word; the digits between only carry the seed.
 */

/** FNV-1a over UTF-16 code units with a chosen offset. */
function hash32(text: string, offset: number): number {
  let hash = offset;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mix32(hash);
}

/** Murmur3's finaliser: a bijection on 32-bit words. */
function mix32(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const DIGITS = [..."0123456789abcdef"].map((digit) => digit.charCodeAt(0));
const SHAPE = [..."00000000-0000-0000-0000-000000000000"].map((sign) => sign.charCodeAt(0));

/** Writes the low `count` digits of a word into the text's character codes. */
function putHex(codes: number[], at: number, word: number, count: number): void {
  for (let digit = 0; digit < count; digit++) {
    codes[at + digit] = DIGITS[(word >>> (4 * (count - 1 - digit))) & 15] ?? 0;
  }
}

/** Hands out ids, one a call. Exact for 2^53 calls. */
export function makeIds(seed: string): () => string {
  const [first, second, third, fourth] = [
    hash32(seed, 0x811c9dc5),
    hash32(seed, 0x9747b28c),
    hash32(seed, 0x3c6ef372),
    hash32(seed, 0x85ebca6b),
  ];
  const codes = [...SHAPE];
  let counter = 0;
  return () => {
    counter++;
    const low = mix32((counter >>> 0) ^ first);
    const high = mix32(Math.floor(counter / 4294967296) ^ fourth ^ 0x2545f491);
    const middle = mix32(low ^ second);
    const later = mix32(low ^ third);
    putHex(codes, 0, low, 8);
    putHex(codes, 9, middle >>> 16, 4);
    putHex(codes, 14, 0x4000 | (middle & 0x0fff), 4);
    putHex(codes, 19, 0x8000 | (later & 0x3fff), 4);
    putHex(codes, 24, later >>> 16, 4);
    putHex(codes, 28, high, 8);
    // One flat text: concatenation would keep a dozen pieces alive for every remembered trade.
    return String.fromCharCode(...codes);
  };
}
