/**
 * Tries something again until it is good, with a back-off between.
 *
 * Ours and not p-retry's: that one waits on the process's own timers and draws from `Math.random`,
 * while time and chance come in from outside here, so that a program on a virtual clock and a seed
 * repeats itself exactly, and every pause ends when the adapter is stopped.
 */
import type { Prng } from "../../kernel/prng.ts";
import { type BackOff, backOffMs, type Waits } from "./waits.ts";

interface RepeatOptions<Result> {
  readonly waits: Waits;
  readonly prng: Prng;
  readonly backOff: BackOff;
  /** Tries after the first; without a limit for what nothing can go on without. */
  readonly retriesMax: number;
  readonly attempt: () => Promise<Result>;
  readonly isGood: (result: Result) => boolean;
  /** Told of each bad result that is followed by another try. */
  readonly onRetry?: (result: Result, delayMs: number) => void;
}

/** The first good result, or the last bad one. Rejects with what an attempt rejects with. */
export async function repeat<Result>(options: RepeatOptions<Result>): Promise<Result> {
  const { waits, prng, backOff, retriesMax, attempt, isGood } = options;
  for (let failures = 0; ; failures++) {
    const result = await attempt();
    if (isGood(result) || failures >= retriesMax || waits.stopped) return result;
    const delayMs = backOffMs(backOff, failures, prng);
    options.onRetry?.(result, delayMs);
    await waits.pause(delayMs);
    if (waits.stopped) return result;
  }
}
