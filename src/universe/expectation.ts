/**
 * What is expected of a symbol before enough is seen of it in this run: what this hour of the week
 * was like, and what our own fills met there.
 */
import type { HourRow } from "./hours-of-week.ts";
import type { SymbolProfile } from "./profile.ts";
import { assumedAdverseBps } from "./score.ts";

/** Fills of our own at which what they say weighs as much as what is assumed. */
export const FILLS_TRUSTED = 20;
/** Looks that a prior counts for: after a minute of its own a symbol is believed over it. */
const PRIOR_SAMPLES = 12;
/** A profile that old tells of another time of the day. */
const PROFILE_STALE_MS = 3_600_000;
/** An hour of the week is believed after five minutes of looks at it. */
const HOUR_SAMPLES_MIN = 60;

/** What to begin with where there is no fresh profile: what this hour of the week was like. */
export function expectedOf(profile: SymbolProfile, hour: HourRow | null): SymbolProfile {
  if (hour === null || hour.samples < HOUR_SAMPLES_MIN) return profile;
  return {
    ...profile,
    samples: PRIOR_SAMPLES,
    spreadBps: hour.spreadBps,
    volatilityBps1m: hour.volatilityBps * Math.sqrt(60),
    tradesPerMin: hour.tradesPerMin,
    topDepthUsdt: hour.depthUsdt,
  };
}

/** Between what is assumed of any symbol and what our own fills met in this one. */
export function adverseOf(
  volatilityBps: number,
  { bpsSum, fills }: { readonly bpsSum: number; readonly fills: number },
): number {
  const assumed = assumedAdverseBps(volatilityBps) * FILLS_TRUSTED;
  return Math.max(0, (bpsSum + assumed) / (fills + FILLS_TRUSTED));
}

/** Whether what a profile says is of another time of the day. */
export const isStale = ({ updatedAtMs }: SymbolProfile, atMs: number): boolean =>
  atMs - updatedAtMs >= PROFILE_STALE_MS;
