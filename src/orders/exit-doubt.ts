/**
 * Exits of unknown outcome do not block the way out.
 *
 * An entry whose fate is open must never be sent again: both might fill. An order that only
 * reduces cannot overshoot, whatever became of the one before: the venue trims it to what is held.
 * So after a second of silence it no longer holds its place, and another goes under a new id. Each
 * that stays silent makes the next wait longer, so that a venue that answers nobody is not flooded;
 * one that is in doubt for a minute is taken as lost, and comes back as open should the venue ever
 * report it.
 */
import { isLive } from "../domain/order.ts";
import { assert } from "../kernel/assert.ts";
import type { OrderRow } from "./table.ts";

/** News of an order comes within a few round trips, also across continents. */
export const EXIT_SILENCE_MS = 1_000;
/**
 * The same where a person or a failed stop wants out: a round trip across a continent. What comes
 * of it at worst is a second order that finds nothing to reduce.
 */
export const FLATTEN_SILENCE_MS = 300;
/** So many exits of a symbol go a second apart; the silence wanted then doubles with each. */
const EXITS_AT_ONCE_PACE = 4;
/** A venue that comes back is tried this soon. */
const EXIT_SILENCE_MS_MAX = 8_000;
/** Taken as lost. At the pace above a symbol has fewer than a dozen exits in doubt until then. */
export const EXIT_DOUBT_MS_MAX = 60_000;

/** How long an order that reduces has been without the news it should have; 0 when it has it. */
export function doubtMsOf({ intent, state, createdAtMs, cancelAtMs }: OrderRow, atMs: number) {
  if (intent.purpose === "entry" || !isLive(state)) return 0;
  const mayRest = intent.type === "limit" && intent.timeInForce !== "ioc";
  if (state === "open" && mayRest) return 0;
  assert(intent.reduceOnly, "what is no entry only reduces");
  const sinceMs = Math.max(createdAtMs, cancelAtMs);
  assert(Number.isFinite(sinceMs), "an order knows when it was sent");
  return Math.max(0, atMs - sinceMs);
}

/**
 * Whether the orders of a symbol that reduce have been silent for so long that another may go.
 * Where everything is to be closed, `silenceMs` is shorter than an exit's own.
 */
export function maySendAnotherExit(
  exits: readonly OrderRow[],
  atMs: number,
  silenceMs = EXIT_SILENCE_MS,
): boolean {
  assert(
    exits.every(({ intent }) => intent.reduceOnly),
    "only what reduces may be sent again",
  );
  if (exits.length === 0) return true;
  const beyond = Math.max(0, exits.length - EXITS_AT_ONCE_PACE);
  const wantedMs = Math.min(silenceMs * 2 ** beyond, EXIT_SILENCE_MS_MAX);
  return exits.every((row) => doubtMsOf(row, atMs) >= wantedMs);
}

/** Whether it is to be taken as lost. */
export function isLostExit(row: OrderRow, atMs: number): boolean {
  return doubtMsOf(row, atMs) >= EXIT_DOUBT_MS_MAX;
}
