/** Plain statistics of series, as tables of markets use them. */

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** 3 for a normal law; markets show more. */
export function kurtosis(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 4)) / deviation(values) ** 4;
}

export function correlation(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [mean(left), mean(right)];
  let [cross, x, y] = [0, 0, 0];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [p, q] = [(left[at] ?? 0) - a, (right[at] ?? 0) - b];
    cross += p * q;
    x += p * p;
    y += q * q;
  }
  return cross / Math.sqrt(x * y);
}

/** At a lag of so many places. */
export function autocorrelation(values: readonly number[], lag = 1): number {
  const middle = mean(values);
  let [top, bottom] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const here = (values[at] ?? 0) - middle;
    bottom += here * here;
    const later = values[at + lag];
    if (later !== undefined) top += here * (later - middle);
  }
  return top / bottom;
}

/** Log returns over `lag` places, not overlapping. */
export function returns(prices: readonly number[], lag = 1): number[] {
  const moves: number[] = [];
  for (let at = lag; at < prices.length; at += lag) {
    moves.push(Math.log((prices[at] ?? 1) / (prices[at - lag] ?? 1)));
  }
  return moves;
}

/** Sums of `size` neighbours. */
export function sums(values: readonly number[], size: number): number[] {
  const out: number[] = [];
  for (let at = 0; at + size <= values.length; at += size) {
    let sum = 0;
    for (let offset = 0; offset < size; offset++) sum += values[at + offset] ?? 0;
    out.push(sum);
  }
  return out;
}

/** Variance over mean of the number of events in each second: 1 when they come independently. */
export function fanoOfSeconds(atMs: readonly number[]): number {
  const first = Math.floor((atMs[0] ?? 0) / 1_000);
  const last = Math.floor((atMs.at(-1) ?? 0) / 1_000);
  const counts = new Array<number>(Math.max(1, last - first + 1)).fill(0);
  for (const ms of atMs) {
    const second = Math.floor(ms / 1_000) - first;
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return deviation(counts) ** 2 / mean(counts);
}
