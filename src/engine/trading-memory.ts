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
import type { AccountPast } from "./account-past.ts";
import { PROGRAM } from "./interventions.ts";
import type { HaltCause, KeptTrading, SymbolHalt } from "./kept-trading.ts";
import type {
  Control,
  EffectsPart,
  EngineOptions,
  SettingsPart,
  TradingPart,
} from "./state-parts.ts";
import { closesOf } from "./symbol-halts.ts";

/** The engine judges its own reasons anew: what the day has lost, the next run still knows. */
const JUDGED_ANEW: ReadonlySet<HaltCause> = new Set<HaltCause>([
  "daily_loss",
  "difference",
  "another_engine",
]);

type Before = Pick<EngineOptions, "autoTrade"> &
  Partial<Pick<AccountPast, "kept" | "restart" | "haltedBefore">>;

/** What a start makes of what the last run kept. */
export function tradingAtStart(before: Before): KeptTrading & { flattenBy: string | null } {
  const { autoTrade, kept, restart } = before;
  if (kept === undefined || kept === null) return firstTrading(before);
  const { flatten, symbolHalts } = kept;
  assert(!(kept.armed && flatten !== null), "what is being flattened is not armed");
  const wasArmed = autoTrade || kept.wasArmed;
  const held = { wasArmed, symbolHalts, flatten: null, flattenBy: null };
  if (flatten !== null) {
    const haltReason = `flatten by ${flatten.by}: ${flatten.reason}${GOES_ON}`;
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
  const after = restart === "crash" ? "restarted after a crash" : "restarted";
  const haltReason = `reducing: ${after}, resume to trade`;
  return { ...held, armed: false, haltReason, haltedBy: PROGRAM, haltCause: "restart" };
}

/** Stands behind the reason of a flatten that the last run did not finish, until it is done. */
export const GOES_ON = " (unfinished before the restart, goes on)";

const NO_HALT = { haltReason: "", haltedBy: "", haltCause: "none" } as const;

function firstTrading({ autoTrade, haltedBefore = null }: Before) {
  const isOn = autoTrade && haltedBefore === null;
  const halt = {
    haltReason: haltedBefore ?? "not armed",
    haltedBy: PROGRAM,
    haltCause: haltedBefore === null ? ("not armed" as const) : ("operator" as const),
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

/**
 * Takes over the state of trading that earlier runs on this account left. What a person has said in
 * this run already counts more: of theirs only that it was armed once, and halted symbols.
 */
export function restoreTrading(state: SettingsPart & TradingPart, past: AccountPast): void {
  const { control } = state;
  const { flatten, flattenBy, ...trading } = tradingAtStart({
    autoTrade: state.options.autoTrade,
    ...past,
  });
  control.kept = past.kept ?? { ...trading, flatten };
  control.wasArmed ||= trading.wasArmed;
  const isNew = control.symbolHalts.size === 0;
  control.symbolHalts = isNew
    ? trading.symbolHalts
    : new Map([...trading.symbolHalts, ...control.symbolHalts]);
  for (const [symbol, close] of closesOf(trading.symbolHalts)) control.closes.set(symbol, close);
  if (control.hasWord) return;
  const { symbolHalts: _merged, ...halt } = trading;
  Object.assign(control, halt, { flattenBy, flattening: flatten });
}

/**
 * Asks for the state of trading to be written when this step changed it. It belongs to an account:
 * before that is known it waits.
 */
export function keepTrading(state: TradingPart & EffectsPart): void {
  const { control, outbox } = state;
  if (control.accountKey === "") return;
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
