/**
 * Gathers what the risk gate judges an order against: one look at account, market and limits as of
 * now. Every field is derived here and nowhere else, so that a gate never reaches into the engine.
 */
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import type { RiskContext, StandingContext } from "../risk/gates.ts";
import { exposureOf, totalExposureOf } from "./account-exposure.ts";
import { marginOf, takerFeeBpsOf } from "./account-margin.ts";
import { gridWaitOf } from "./changed-grid.ts";
import { missingFor, tradingOf } from "./control.ts";
import { limitsNow } from "./limits-now.ts";
import type {
  KnowledgePart,
  LossesPart,
  MoneyPart,
  PlacingPart,
  SettingsPart,
  TermsPart,
  WatchPart,
} from "./state-parts.ts";
import { symbolHaltOf } from "./symbol-halts.ts";
import { unreadableFault } from "./unreadable.ts";

/** The account and the market for one order of a symbol, at our time `atMs`. */
export function contextOf(
  state: KnowledgePart & PlacingPart & WatchPart,
  id: SymbolId,
  { strategy, atMs }: { readonly strategy: string; readonly atMs: number },
): RiskContext {
  const { market, orders } = state;
  const trading = tradingOf(state);
  const live = orders.live(id);
  return {
    ...standingOf(state, { id, strategy, atMs }),
    halted:
      trading.state === "halted"
        ? trading.reason
        : symbolHaltOf(state, market.instrument(id).symbol),
    missing: missingFor(state, id),
    unreadable: unreadableFault(state, id),
    instrument: market.instrument(id),
    gridChange: gridWaitOf(state, id),
    isUntradable: atMs < (state.columns.untradableUntilMs[id] ?? 0),
    book: market.book(id),
    markTicks: market.ticker(id).markPrice / toNumber(market.instrument(id).price, 1),
    positionSteps: state.ledger.stepsOf(id),
    symbolExposureUsdt: exposureOf(state, id),
    totalExposureUsdt: totalExposureOf(state),
    openOrders: orders.liveCount,
    symbolOrders: live.length,
    symbolUnknown: live.filter((row) => row.state === "unknown").length,
    ordersInWindow: state.rate.count(atMs),
    terms: termsOf(state, id),
    margin: marginOf(state),
    takerFeeBps: takerFeeBpsOf(state, id),
  };
}

/**
 * What holds for every entry of a strategy in a symbol, whatever its price: looked up, not counted.
 */
export function standingOf(
  state: SettingsPart & MoneyPart & LossesPart,
  {
    id,
    strategy,
    atMs,
  }: { readonly id: SymbolId; readonly strategy: string; readonly atMs: number },
): StandingContext {
  const { losses, dayLossUsdt } = state;
  return {
    atMs,
    limits: limitsNow(state),
    dayLossUsdt,
    drawdownUsdt: losses.drawdownUsdt,
    symbolLossUsdt: losses.symbolLossUsdt.get(id) ?? 0,
    strategy,
    strategyLossUsdt: losses.strategyLossUsdt.get(strategy) ?? 0,
    pause: losses.watch.pauseOf(id, atMs),
  };
}

/** Null while the account's or the symbol's terms are not known. */
function termsOf({ terms }: TermsPart, id: SymbolId): RiskContext["terms"] {
  const known = terms.symbols.get(id);
  if (terms.account === null || known === undefined || known.leverage < 1) return null;
  assert(known.symbolId === id, "terms are kept under their symbol");
  return { leverage: known.leverage, isOneWay: known.isOneWay };
}
