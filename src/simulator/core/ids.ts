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

const HEX8 = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));

function hex(half: number): string {
  return `${HEX8[(half >>> 8) & 0xff]}${HEX8[half & 0xff]}`;
}

/** Hands out ids, one a call. Exact for 2^53 calls. */
export function makeIds(seed: string): () => string {
  const [first, second, third, fourth] = [
    hash32(seed, 0x811c9dc5),
    hash32(seed, 0x9747b28c),
    hash32(seed, 0x3c6ef372),
    hash32(seed, 0x85ebca6b),
  ];
  let counter = 0;
  return () => {
    counter++;
    const low = mix32((counter >>> 0) ^ first);
    const high = mix32(Math.floor(counter / 4294967296) ^ fourth ^ 0x2545f491);
    const middle = mix32(low ^ second);
    const later = mix32(low ^ third);
    const version = 0x4000 | (middle & 0x0fff);
    const variant = 0x8000 | (later & 0x3fff);
    return (
      `${hex(low >>> 16)}${hex(low)}-${hex(middle >>> 16)}-${hex(version)}-${hex(variant)}-` +
      `${hex(later >>> 16)}${hex(high >>> 16)}${hex(high)}`
    );
  };
}
