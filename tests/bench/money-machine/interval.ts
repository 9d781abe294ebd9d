/**
 * A mean with its 95 % interval, two ways: errors over blocks (one contract on one seed, so that
 * what moves together counts once), and over seeds alone, as if each were one observation.
 */
import { deviation, mean } from "../realism/statistics.ts";

interface Told {
  readonly seed: string;
  readonly symbolIndex: number;
  readonly bps: number;
}

export interface Estimate {
  readonly count: number;
  readonly middle: number;
  readonly byBlock: readonly [low: number, high: number];
  /** Student's, since there are few seeds. NaN on one seed. */
  readonly bySeed: readonly [low: number, high: number];
}

const NORMAL_975 = 1.96;
/** 97.5 % quantiles of Student's law by degrees of freedom from 1. */
const STUDENT_975 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

export function estimate(all: readonly Told[]): Estimate {
  const middle = mean(all.map(({ bps }) => bps));
  const sums = new Map<string, number>();
  const seeds = new Map<string, number[]>();
  for (const { seed, symbolIndex, bps } of all) {
    const block = `${seed}/${symbolIndex}`;
    sums.set(block, (sums.get(block) ?? 0) + bps - middle);
    const known = seeds.get(seed);
    if (known === undefined) seeds.set(seed, [bps]);
    else known.push(bps);
  }
  const squares = [...sums.values()].reduce((sum, one) => sum + one * one, 0);
  const error = (NORMAL_975 * Math.sqrt(squares)) / all.length;
  const means = [...seeds.values()].map(mean);
  const freedom = means.length - 1;
  const seedError =
    ((STUDENT_975[freedom - 1] ?? NORMAL_975) * deviation(means)) / Math.sqrt(freedom);
  const seedMiddle = mean(means);
  return {
    count: all.length,
    middle,
    byBlock: [middle - error, middle + error],
    bySeed: [seedMiddle - seedError, seedMiddle + seedError],
  };
}
