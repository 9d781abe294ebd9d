/**
 * Who stepped in, and what came of it: an operator's command, or the program itself.
 *
 * An intervention is told at once and again, under the same id, when its outcome moves: a flatten
 * goes from what is left to its proof. Each is told with the event that caused it. What came of a
 * person's command is kept by its id, so that a command that comes twice is carried out once.
 */
import { assert } from "../kernel/assert.ts";
import type { Intervention, Verdict } from "./audit.ts";
import { COMMANDS_KEPT_MAX } from "./schedule.ts";
import type { ReportPart, SettingsPart, TradingPart } from "./state-parts.ts";

/** Stands where a login name stands when nobody asked for it. */
export const PROGRAM = "scalper";

/** What is to be done to trading, and who wants it why. */
export type Command = Pick<
  Intervention,
  "action" | "cause" | "by" | "reason" | "commandId" | "symbol"
>;

/** What came of a command so far. */
interface Outcome {
  readonly text: string;
  readonly isDone: boolean;
  readonly atMs: number;
}

/** What the program does to trading by itself. */
export function ownCommand({
  action,
  cause,
  reason,
}: Pick<Command, "action" | "cause" | "reason">): Command {
  return { action, cause, by: PROGRAM, reason, commandId: "", symbol: "" };
}

/** What a command did, as far as it is known when it was taken. */
export function tellCommand(
  state: SettingsPart & ReportPart,
  command: Command,
  outcome: Outcome & { readonly verdict?: Verdict },
): Intervention {
  const { action, cause, by, reason, commandId, symbol } = command;
  const { text, isDone, atMs, verdict = "executed" } = outcome;
  return tell(state, {
    id: nextId(state),
    commandId,
    atMs,
    action,
    symbol,
    verdict,
    cause,
    by,
    reason,
    isAutomatic: cause !== "operator",
    outcome: text,
    isDone,
    outcomeAtMs: atMs,
  });
}

/** The engine halted by its own rules. */
export function tellOwnHalt(
  state: SettingsPart & ReportPart,
  cause:
    | "daily_loss"
    | "difference"
    | "risk"
    | "wallet"
    | "another_engine"
    | "account"
    | "liquidation"
    | "adl",
  why: { readonly reason: string; readonly atMs: number },
): void {
  const command = ownCommand({ action: "halt", cause, reason: why.reason });
  tellCommand(state, command, { text: ENTRIES_STOPPED, isDone: true, atMs: why.atMs });
}

export const ENTRIES_STOPPED = "entries stopped";

/** Behind figures that stay in a reason while the world goes on. */
export function asOf(atMs: number): string {
  return `as of ${new Date(atMs).toISOString().slice(11, 19)} UTC`;
}

/**
 * Tells how something that is under way goes on; nothing when that is known already. Returns what
 * was told last, null once it is done.
 */
export function retell(
  state: ReportPart,
  told: Intervention,
  outcome: Outcome,
): Intervention | null {
  if (told.outcome === outcome.text && told.isDone === outcome.isDone) return told;
  assert(!told.isDone, "what has ended has no news");
  const { text, isDone, atMs: outcomeAtMs } = outcome;
  tell(state, { ...told, outcome: text, isDone, outcomeAtMs });
  return isDone ? null : { ...told, outcome: text, outcomeAtMs };
}

/** Tells how a flatten that is under way goes on; nothing when that is known already. */
export function tellFlatten(state: TradingPart & ReportPart, outcome: Outcome): void {
  const { flattening } = state.control;
  if (flattening !== null) state.control.flattening = retell(state, flattening, outcome);
}

/**
 * Whether what is told outlives the process from now on: empty when it does, else why not. The
 * outcome that could not be written is told again with that, and all without it once they are.
 */
export function tellDurability(state: ReportPart, undurable: string, unwritten = ""): void {
  const before = state.undurable;
  const said = notDurable(before);
  if (before === "" || undurable === "") state.undurable = undurable;
  const told = state.commands.get(unwritten);
  if (told !== undefined && !told.outcome.endsWith(notDurable(state.undurable))) tell(state, told);
  if (before === "" || undurable !== "") return;
  for (const kept of [...state.commands.values()]) {
    const { outcome } = kept;
    if (outcome.endsWith(said)) tell(state, { ...kept, outcome: outcome.slice(0, -said.length) });
  }
}

const notDurable = (why: string): string => `; not durable: ${why}`;

function tell(state: ReportPart, intervention: Intervention): Intervention {
  const { commands, undurable } = state;
  const isDone = intervention.commandId !== "" && intervention.verdict === "executed";
  const isKept = undurable === "" || !isDone;
  const outcome = isKept ? intervention.outcome : intervention.outcome + notDurable(undurable);
  const told = { ...intervention, outcome };
  state.pending.facts.push({ kind: "intervention", intervention: told });
  state.pending.due = true;
  if (intervention.commandId !== "") commands.set(intervention.commandId, told);
  for (const oldest of commands.keys()) {
    if (commands.size <= COMMANDS_KEPT_MAX) break;
    commands.delete(oldest);
  }
  return intervention;
}

function nextId(state: SettingsPart & ReportPart): string {
  state.interventionSeq++;
  return `${state.options.runId}-${state.interventionSeq}`;
}
