/**
 * Where a part keeps one number of each of the last seconds: places of a ring column, found by the
 * second itself. A minute back can be read; a power of two makes the place a mask.
 */

/** Places a symbol: 512 bytes a column. */
export const RING_SECONDS = 64;

/** The place of a second of the symbol `index` in a column of that width. */
export function placeOf(index: number, second: number): number {
  return index * RING_SECONDS + (second & (RING_SECONDS - 1));
}
