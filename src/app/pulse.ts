/**
 * Whether systemd's watchdog may be fed.
 *
 * A restart is the cure for a program that has got stuck without knowing it, and for nothing else:
 * one that knows what is wrong has halted, says so, goes on with exits and recovers by itself, and
 * a restart would take that away. So three things must move, or be known not to: the engine steps;
 * the record is written, or its fault is known and trading is halted for it; the venue is heard, or
 * its feed is known to be down.
 */
import type { RecordStats } from "../record/open-record.ts";
import type { VenueHealth } from "../runtime/ports/venue.ts";

export interface Signs {
  readonly atMs: number;
  /** Our clock at the last finished step, or at the start before the first. */
  readonly lastStepAtMs: number;
  readonly record: Pick<RecordStats, "pending" | "lastOkAtMs" | "lastError">;
  readonly isTrading: boolean;
  /** Null until the venue is made. */
  readonly market: VenueHealth["market"] | null;
}

/** Sixty missed audits, two hundred missed commits, thousands of frames: no hiccup. */
const SILENCE_MS_MAX = 20_000;

interface Pulse {
  /** What is stuck; empty while the program is alive. Called with time going on. */
  stuck(signs: Signs): readonly string[];
}

export function createPulse(startedAtMs: number): Pulse {
  /** Our clock when the record was last seen to have written, or to have nothing to write. */
  let recordAtMs = startedAtMs;
  return {
    stuck(signs) {
      const { atMs, record } = signs;
      const recordWell = record.lastError !== "" ? !signs.isTrading : record.pending === 0;
      recordAtMs = recordWell ? atMs : Math.max(recordAtMs, record.lastOkAtMs ?? 0);
      return [
        ...(atMs - signs.lastStepAtMs > SILENCE_MS_MAX ? ["the engine does not step"] : []),
        ...(atMs - recordAtMs > SILENCE_MS_MAX ? ["the record is not written"] : []),
        ...(isDeaf(signs) ? ["the market feed is silent and nobody noticed"] : []),
      ];
    },
  };
}

function isDeaf({ atMs, market }: Signs): boolean {
  if (market === null || !market.up || market.lastFrameAtMs === null) return false;
  return atMs - market.lastFrameAtMs > SILENCE_MS_MAX;
}
