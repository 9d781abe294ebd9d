/**
 * Seeded randomness: one recorded seed, handed out as named children.
 *
 * sfc32 (Doty-Humphrey, PractRand): 128 bits of state, passes PractRand, four additions a draw.
 * A child is seeded from (parent seed, name) and not from the parent's position, so adding a draw
 * in one component never changes what another component sees.
 */
export interface Prng {
  /** Uniform in [0, 1) with 32 bits. */
  next(): number;
  /** Uniform whole number in [0, below). */
  int(below: number): number;
  /** Standard normal deviate (Marsaglia polar). */
  normal(): number;
  /** Exponential waiting time with mean 1. */
  exponential(): number;
  /** An independent stream named inside this one. */
  child(name: string): Prng;
}

/** Makes the root stream of a run; `seed` is what a log records to repeat the run. */
export function prngOf(seed: string): Prng {
  const hash = hash128(seed);
  let [a, b, c] = hash;
  let counter = hash[3] | 1;
  let spare: number | null = null;

  function draw(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4294967296;
  }

  function normal(): number {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    let x = 0;
    let y = 0;
    let square = 0;
    do {
      x = draw() * 2 - 1;
      y = draw() * 2 - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    spare = y * scale;
    return x * scale;
  }

  for (let warmUp = 0; warmUp < 16; warmUp++) draw();
  return {
    next: draw,
    int: (below) => Math.floor(draw() * below),
    normal,
    exponential: () => -Math.log(1 - draw()),
    child: (name) => prngOf(`${seed}/${name}`),
  };
}

/** Four 32-bit words from text (FNV-1a with four offsets, then a murmur finaliser). */
function hash128(text: string): [number, number, number, number] {
  const words: [number, number, number, number] = [0x811c9dc5, 0x9747b28c, 0x3c6ef372, 0x85ebca6b];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    for (let word = 0; word < 4; word++) {
      words[word] = Math.imul((words[word] ?? 0) ^ (code + word * 0x9e37), 0x01000193);
    }
  }
  return words.map(finalise) as [number, number, number, number];
}

function finalise(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}
