/**
 * The state of trading in a few words, as the status bar of every page says it and a tab's title
 * may: on with how many symbols, halted since when and by whom, starting with how far it is.
 */
import type { Intervention } from "../engine/audit.ts";
import type { MonitorView } from "./view.ts";

/** Instruments, market feed, private feed, account snapshot: what every start waits for. */
const START_STEPS = 4;

/** Commands after which trading is halted. */
const HALTING: readonly string[] = ["halt", "cancel_halt", "flatten"];

interface TradingNow {
  /** "TRADING 8", "NO ENTRIES", "HALTED 3 min by admin", "FLATTENING", "STARTING 2 of 4". */
  readonly label: string;
  readonly tone: "good" | "warn" | "bad";
  readonly icon: "●" | "◐" | "■" | "◌";
}

export function tradingNow(view: MonitorView, nowMs: number): TradingNow {
  const { state, reason } = view.trading;
  if (state === "starting") {
    const done = Math.max(0, START_STEPS - view.missing.length);
    return { label: `STARTING ${done} of ${START_STEPS}`, tone: "warn", icon: "◌" };
  }
  if (state === "halted") return { label: haltedLabel(view, nowMs), tone: "bad", icon: "■" };
  if (reason !== "") return { label: "NO ENTRIES", tone: "warn", icon: "◐" };
  return { label: `TRADING ${view.universe.active.length}`, tone: "good", icon: "●" };
}

function haltedLabel(view: MonitorView, nowMs: number): string {
  const by = haltOf(view);
  if (by === null) return "HALTED";
  if (by.action === "flatten" && !by.isDone) return "FLATTENING";
  return `HALTED ${agoText(nowMs - by.atMs)} by ${by.by}`;
}

/** The command that the present halt came of; null when it came of none that is still known. */
function haltOf({ interventions }: MonitorView): Intervention | null {
  const last = interventions.find(
    ({ action, verdict, symbol }) =>
      verdict === "executed" && symbol === "" && (action === "resume" || HALTING.includes(action)),
  );
  return last === undefined || last.action === "resume" ? null : last;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** In the largest whole unit, so that the label stands still: "40 s", "3 min", "2 h", "5 d". */
function agoText(ms: number): string {
  const whole = (unitMs: number) => Math.max(0, Math.floor(ms / unitMs));
  if (ms < MINUTE_MS) return `${whole(1_000)} s`;
  if (ms < HOUR_MS) return `${whole(MINUTE_MS)} min`;
  return ms < 48 * HOUR_MS ? `${whole(HOUR_MS)} h` : `${whole(24 * HOUR_MS)} d`;
}
