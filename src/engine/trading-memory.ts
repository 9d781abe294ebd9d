/**
 * What is known of trading must outlive the process: whether it was armed, who halted it why, which
 * flatten is under way, which symbols are halted. A crash between a command and its end would else
 * leave positions that nobody looks after.
 *
 * A step that changed it asks for it to be written in the same breath as its other effects: before
 * them when it loosens (an order may follow), after them when it tightens (nothing may hold a
 * cancel up).
 */
import { assert } from "../kernel/assert.ts";
import { PROGRAM } from "./interventions.ts";
import type { HaltCause, KeptTrading, SymbolHalt } from "./kept-trading.ts";
import type { Control, EffectsPart, EngineOptions, TradingPart } from "./state-parts.ts";

/** The engine judges its own reasons anew: what the day has lost, the next run still knows. */
const JUDGED_ANEW: ReadonlySet<HaltCause> = new Set<HaltCause>([
  "daily_loss",
  "difference",
  "another_engine",
]);

/** What a start makes of what the last run kept. */
export function tradingAtStart(options: EngineOptions): KeptTrading & { flattenBy: string | null } {
  const { autoTrade, kept } = options;
  if (kept === undefined) return firstTrading(options);
  const { flatten, symbolHalts } = kept;
  assert(!(kept.armed && flatten !== null), "what is being flattened is not armed");
  const wasArmed = autoTrade || kept.wasArmed;
  const held = { wasArmed, symbolHalts, flatten: null, flattenBy: null };
  if (flatten !== null) {
    const haltReason = `flatten by ${flatten.by} goes on after a restart: ${flatten.reason}`;
    const halt = { haltReason, haltedBy: flatten.by, haltCause: flatten.cause };
    return { ...held, ...halt, armed: false, flatten, flattenBy: flatten.by };
  }
  if (autoTrade && (kept.armed || JUDGED_ANEW.has(kept.haltCause))) {
    return { ...held, armed: true, ...NO_HALT };
  }
  if (!kept.armed) {
    const { haltReason, haltedBy, haltCause } = kept;
    return { ...held, armed: false, haltReason, haltedBy, haltCause };
  }
  const after = options.restart === "crash" ? "restarted after a crash" : "restarted";
  const haltReason = `reducing: ${after}, resume to trade`;
  return { ...held, armed: false, haltReason, haltedBy: PROGRAM, haltCause: "restart" };
}

const NO_HALT = { haltReason: "", haltedBy: "", haltCause: "none" } as const;

function firstTrading({ autoTrade, haltedBefore }: EngineOptions) {
  const isOn = autoTrade && haltedBefore === undefined;
  const halt = {
    haltReason: haltedBefore ?? "not armed",
    haltedBy: PROGRAM,
    haltCause: haltedBefore === undefined ? ("not armed" as const) : ("operator" as const),
  };
  return {
    armed: isOn,
    wasArmed: autoTrade,
    ...(isOn ? NO_HALT : halt),
    flatten: null,
    flattenBy: null,
    symbolHalts: new Map<string, SymbolHalt>(),
  };
}

/** Asks for the state of trading to be written when this step changed it. */
export function keepTrading(state: TradingPart & EffectsPart): void {
  const { control, outbox } = state;
  const { kept } = control;
  if (isKept(control, kept)) return;
  const { armed, wasArmed, haltReason, haltedBy, haltCause, symbolHalts } = control;
  assert(armed === (haltCause === "none"), "trading is on, or something halted it");
  assert(control.flattenBy === null || control.flattening !== null, "a flatten was told of");
  const halt = { haltReason, haltedBy, haltCause };
  const flatten = control.flattenBy === null ? null : control.flattening;
  control.kept = { armed, wasArmed, ...halt, flatten, symbolHalts };
  const effect = { kind: "keep_trading", kept: control.kept } as const;
  const loosens = (armed && !kept.armed) || symbolHalts.size < kept.symbolHalts.size;
  if (loosens) outbox.pushFirst(effect);
  else outbox.push(effect);
}

/** The words of a flatten's outcome change all the time and are told elsewhere: its id counts. */
function isKept(control: Control, kept: KeptTrading): boolean {
  const flattenId = control.flattenBy === null ? undefined : control.flattening?.id;
  return (
    control.armed === kept.armed &&
    control.wasArmed === kept.wasArmed &&
    control.haltReason === kept.haltReason &&
    control.haltedBy === kept.haltedBy &&
    control.haltCause === kept.haltCause &&
    flattenId === kept.flatten?.id &&
    control.symbolHalts === kept.symbolHalts
  );
}
