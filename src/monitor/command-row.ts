/** A command and what came of it, for other programs: the same on every way in. */
import type { OperatorAction } from "../domain/event.ts";
import type { Intervention } from "../engine/audit.ts";

/** What takes a command back; orders cannot be taken back. */
const UNDO: Readonly<Partial<Record<OperatorAction, OperatorAction>>> = {
  pause_symbol: "resume_symbol",
  pin_symbol: "unpin_symbol",
  unpin_symbol: "pin_symbol",
  block_symbol: "unblock_symbol",
  unblock_symbol: "block_symbol",
};

/** `state` goes from accepted to done, or is refused or expired at once. */
export function commandRow(told: Intervention) {
  const { id: interventionId, atMs, outcomeAtMs, isDone, verdict, ...rest } = told;
  const executed = isDone ? ("done" as const) : ("accepted" as const);
  return {
    ...rest,
    interventionId,
    state: verdict === "executed" ? executed : verdict,
    at: new Date(atMs).toISOString(),
    atMs,
    outcomeAt: new Date(outcomeAtMs).toISOString(),
    outcomeAtMs,
    tookMs: isDone ? outcomeAtMs - atMs : null,
    undo: verdict === "executed" ? (UNDO[told.action] ?? null) : null,
  };
}
