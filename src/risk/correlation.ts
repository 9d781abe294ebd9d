/**
 * Which symbols move together: Pearson's correlation of their one-minute returns over the last
 * hour.
 *
 * The same prices give the same number, on every machine. Two symbols with too few minutes in
 * common count as moving together: what is not known is taken for the worse case.
 */
import { assert } from "../kernel/assert.ts";

/** Returns that are remembered: an hour of minutes. */
export const RETURNS_KEPT = 60;
/** Fewer in common say nothing. */
const RETURNS_MIN = 20;

/** In -1 … 1, of two series that end at the same minute; null when they say nothing. */
export function correlationOf(left: readonly number[], right: readonly number[]): number | null {
  const count = Math.min(left.length, right.length);
  if (count < RETURNS_MIN) return null;
  const xs = left.slice(left.length - count);
  const ys = right.slice(right.length - count);
  const meanX = xs.reduce((sum, x) => sum + x, 0) / count;
  const meanY = ys.reduce((sum, y) => sum + y, 0) / count;
  let products = 0;
  let squaresX = 0;
  let squaresY = 0;
  xs.forEach((x, index) => {
    const dx = x - meanX;
    const dy = (ys[index] ?? meanY) - meanY;
    products += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  });
  // A price that never moved moves with nothing and with everything.
  if (squaresX === 0 || squaresY === 0) return null;
  const correlation = products / Math.sqrt(squaresX * squaresY);
  assert(Math.abs(correlation) < 1.000_001, "a correlation lies between -1 and 1");
  return correlation;
}

/** How two symbols move: with one another, against, or apart. Unknown is "with". */
export function togetherness(
  left: readonly number[],
  right: readonly number[],
  correlationPctMin: number,
): "with" | "against" | "apart" {
  const correlation = correlationOf(left, right);
  if (correlation === null) return "with";
  if (Math.abs(correlation) * 100 < correlationPctMin) return "apart";
  return correlation > 0 ? "with" : "against";
}
