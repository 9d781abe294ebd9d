/**
 * Who stepped in, and what came of it: an operator's command, or the program itself.
 *
 * An intervention is told at once and again, under the same id, when its outcome moves: a flatten
 * goes from what is left to its proof. Each is told with the event that caused it.
 */
import { assert } from "../kernel/assert.ts";
import type { Intervention } from "./audit.ts";
import type { ReportPart, SettingsPart, TradingPart } from "./state-parts.ts";

/** Stands where a login name stands when nobody asked for it. */
export const PROGRAM = "scalper";

/** What is to be done to trading, and who wants it why. */
export type Command = Pick<Intervention, "action" | "cause" | "by" | "reason">;

/** What a command did, as far as it is known when it was taken. */
export function tellCommand(
  state: SettingsPart & ReportPart,
  command: Command,
  outcome: { readonly text: string; readonly isDone: boolean; readonly atMs: number },
): Intervention {
  const { action, cause, by, reason } = command;
  return tell(state, {
    id: nextId(state),
    atMs: outcome.atMs,
    action,
    cause,
    by,
    reason,
    isAutomatic: cause !== "operator",
    outcome: outcome.text,
    isDone: outcome.isDone,
    outcomeAtMs: outcome.atMs,
  });
}

/** The engine halted by its own rules. */
export function tellOwnHalt(
  state: SettingsPart & ReportPart,
  cause: "daily_loss" | "difference",
  why: { readonly reason: string; readonly atMs: number },
): void {
  const { reason, atMs } = why;
  tell(state, {
    id: nextId(state),
    atMs,
    action: "halt",
    cause,
    by: PROGRAM,
    reason,
    isAutomatic: true,
    outcome: ENTRIES_STOPPED,
    isDone: true,
    outcomeAtMs: atMs,
  });
}

export const ENTRIES_STOPPED = "entries stopped";

/** Tells how a flatten that is under way goes on; nothing when that is known already. */
export function tellFlatten(
  state: TradingPart & ReportPart,
  outcome: { readonly text: string; readonly isDone: boolean; readonly atMs: number },
): void {
  const { flattening } = state.control;
  if (flattening === null || flattening.outcome === outcome.text) return;
  assert(!flattening.isDone, "a flatten that has ended has no news");
  const now = {
    ...flattening,
    outcome: outcome.text,
    isDone: outcome.isDone,
    outcomeAtMs: outcome.atMs,
  };
  state.control.flattening = outcome.isDone ? null : tell(state, now);
  if (outcome.isDone) tell(state, now);
}

function tell(state: ReportPart, intervention: Intervention): Intervention {
  state.pending.facts.push({ kind: "intervention", intervention });
  state.pending.due = true;
  return intervention;
}

function nextId(state: SettingsPart & ReportPart): string {
  state.interventionSeq++;
  return `${state.options.runId}-${state.interventionSeq}`;
}
