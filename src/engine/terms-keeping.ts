/**
 * The account's terms at the venue: asked for, kept with their age, and judged.
 *
 * Margin mode and fees are read as soon as the account is known. Leverage and position mode of a
 * symbol are read, and leverage is lowered where it is above the limit, once trading was armed:
 * until then the account is somebody else's. An entry waits for the answer; when none comes in time
 * the gate denies it.
 */
import {
  type AccountTerms,
  type FeesLoaded,
  objectionTo,
  type SymbolTerms,
} from "../domain/account-terms.ts";
import type { PositionReport } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import { halt } from "./control.ts";
import { PROGRAM, tellOwnHalt } from "./interventions.ts";
import { TERMS_ASKS_MAX, TERMS_GOOD_MS, TERMS_RETRY_MS } from "./schedule.ts";
import type {
  ControlPart,
  EffectsPart,
  MarketPart,
  SettingsPart,
  TermsPart,
  TradingPart,
  UniversePart,
  WatchPart,
} from "./state-parts.ts";
import { type Asked, newAsked, type Terms } from "./terms.ts";

/** Takes the margin mode; one that we cannot reckon with halts, with what was found and wanted. */
export function absorbAccountTerms(
  state: ControlPart & TermsPart,
  event: AccountTerms,
  atMs: number,
): void {
  const { terms, control, outbox } = state;
  assert((event.marginMode === null) === (event.fault !== ""), "no mode has its reason");
  if (event.fault !== "") {
    outbox.log("warn", `cannot read the account's margin mode: ${event.fault}; asking again`);
    return;
  }
  terms.account = event;
  terms.accountAtMs = atMs;
  const objection = objectionTo(event);
  if (objection === null || !control.armed) return;
  outbox.log("error", `trading halted: ${objection}`);
  tellOwnHalt(state, "risk", { reason: objection, atMs });
  halt(state, objection, { by: PROGRAM, cause: "risk" });
}

/** Takes a symbol's terms; whoever waited for them is decided in this step. */
export function absorbSymbolTerms(
  state: TermsPart & WatchPart & EffectsPart,
  event: SymbolTerms,
  atMs: number,
): void {
  assert(event.leverage >= 0, "a leverage is known or 0");
  if (event.fault !== "") state.outbox.log("warn", `terms of a symbol: ${event.fault}`);
  state.terms.symbols.set(event.symbolId, { ...event, atMs });
  state.due.add(event.symbolId);
}

/** Takes the price at which the venue would liquidate a position; none when it is flat. */
export function noteLiquidation(state: TermsPart & MarketPart, report: PositionReport): void {
  const { symbolId, positionSteps, liquidationText = "" } = report;
  const price = Number(liquidationText);
  const tick = toNumber(state.market.instrument(symbolId).price, 1);
  if (positionSteps === 0 || !(price > 0)) state.terms.liquidation.delete(symbolId);
  else state.terms.liquidation.set(symbolId, price / tick);
}

/** Takes the account's fee rates over what was said before. */
export function absorbFees(
  { terms, universe, outbox }: TermsPart & UniversePart & EffectsPart,
  event: FeesLoaded,
): void {
  terms.fees = new Map([...terms.fees, ...event.fees]);
  universe.useFees(terms.fees);
  outbox.log("info", `the account's fee rates are known for ${terms.fees.size} symbols`);
}

/** Asks for what is not known or too old: the account first, then what may be entered. */
export function askForTerms(
  state: SettingsPart & TermsPart & TradingPart & UniversePart & EffectsPart,
  atMs: number,
): void {
  const { terms, control, outbox } = state;
  if (!control.recovered || control.leaving !== null) return;
  const isOld = terms.account === null || atMs - terms.accountAtMs >= TERMS_GOOD_MS;
  if (isOld && mayAsk(terms.accountAsked, atMs)) outbox.push({ kind: "load_account_terms" });
  if (!control.wasArmed) return;
  const { leverageMax } = state.limits;
  let room = TERMS_ASKS_MAX;
  for (const symbolId of state.universe.active()) {
    if (room === 0) return;
    if (hasGoodTerms(terms, symbolId, atMs)) continue;
    const asked = terms.symbolsAsked.get(symbolId) ?? newAsked();
    terms.symbolsAsked.set(symbolId, asked);
    if (!mayAsk(asked, atMs)) continue;
    room--;
    outbox.push({ kind: "settle_terms", symbolId, leverageMax });
  }
}

/** Whether a question may be put now; notes that it is. */
function mayAsk(asked: Asked, atMs: number): boolean {
  if (asked.lastAtMs > 0 && atMs - asked.lastAtMs < TERMS_RETRY_MS) return false;
  if (asked.firstAtMs === 0) asked.firstAtMs = atMs;
  asked.lastAtMs = atMs;
  return true;
}

function hasGoodTerms(terms: Terms, id: SymbolId, atMs: number): boolean {
  const known = terms.symbols.get(id);
  return known !== undefined && known.fault === "" && atMs - known.atMs < TERMS_GOOD_MS;
}

/** Whether an entry waits a moment for an answer that is on its way: no reason to deny it. */
export function awaitsTerms({ terms }: TermsPart, id: SymbolId, atMs: number): boolean {
  if (terms.account === null) return isFirstOut(terms.accountAsked, atMs);
  // Not asked yet: housekeeping does within a second of arming.
  return !terms.symbols.has(id) && isFirstOut(terms.symbolsAsked.get(id) ?? newAsked(), atMs);
}

const isFirstOut = ({ firstAtMs }: Asked, atMs: number): boolean =>
  firstAtMs === 0 || atMs - firstAtMs < TERMS_RETRY_MS;
