/**
 * Gathers what the risk gate judges an order against: one look at account, market and limits as of
 * now. Every field is derived here and nowhere else, so that a gate never reaches into the engine.
 */
import type { Instrument } from "../domain/instrument.ts";
import type { Side, SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import type { OrderRow } from "../orders/table.ts";
import type { RiskContext, StandingContext } from "../risk/gates.ts";
import { exposureOf, notionalOfOrder, totalExposureOf } from "./account-exposure.ts";
import { marginOf, takerFeeBpsOf } from "./account-margin.ts";
import { mayHoldOf } from "./blind-exits.ts";
import { gridWaitOf } from "./changed-grid.ts";
import { missingFor, tradingOf } from "./control.ts";
import { limitsNow } from "./limits-now.ts";
import { correlatedWith } from "./returns-keeping.ts";
import type {
  KnowledgePart,
  LossesPart,
  MarketPart,
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
  const instrument = market.instrument(id);
  const markTicks = market.ticker(id).markPrice / toNumber(instrument.price, 1);
  return {
    ...standingOf(state, { id, strategy, atMs }),
    halted:
      trading.state === "halted"
        ? trading.reason
        : symbolHaltOf(state, market.instrument(id).symbol),
    missing: missingFor(state, id),
    unreadable: unreadableFault(state, id),
    instrument,
    gridChange: gridWaitOf(state, id),
    isUntradable: atMs < (state.columns.untradableUntilMs[id] ?? 0),
    book: market.book(id),
    markTicks,
    positionSteps: state.ledger.stepsOf(id),
    mayHold: mayHoldOf(state, id, atMs),
    symbolExposureUsdt: exposureOf(state, id),
    totalExposureUsdt: totalExposureOf(state),
    openOrders: orders.liveCount,
    symbolOrders: live.length,
    symbolUnknown: live.filter((row) => row.state === "unknown").length,
    ordersInWindow: state.rate.count(atMs),
    terms: termsOf(state, id),
    venueBand: bandOf(instrument, markTicks),
    ownBidTicks: ownTicks(live, "buy"),
    ownAskTicks: ownTicks(live, "sell"),
    liquidationTicks: state.terms.liquidation.get(id) ?? null,
    heldStopTicks: state.ledger.positions.get(id)?.stopLossTicks ?? null,
    correlated: correlatedWith(state, id),
    margin: marginOf(state),
    takerFeeBps: takerFeeBpsOf(state, id),
  };
}

/**
 * What holds for every entry of a strategy in a symbol, whatever its price: looked up, not counted.
 */
export function standingOf(
  state: SettingsPart & MarketPart & MoneyPart & LossesPart,
  {
    id,
    strategy,
    atMs,
  }: { readonly id: SymbolId; readonly strategy: string; readonly atMs: number },
): StandingContext {
  const { losses, dayLossUsdt, market } = state;
  return {
    atMs,
    limits: limitsNow(state),
    dayLossUsdt,
    drawdownUsdt: losses.drawdownUsdt,
    symbolLossUsdt: losses.symbolLossUsdt.get(id) ?? 0,
    strategy,
    strategyLossUsdt: losses.strategyLossUsdt.get(strategy) ?? 0,
    pause: losses.watch.pauseOf(id, atMs),
    ...fundingOf(state, id, atMs),
    spreadBps: state.features.orZero("spreadBps", id),
    delistingLeftMs: delistingLeftMsOf(market.instrument(id), atMs),
  };
}

/** The same for an order that takes the place of one of ours: that one is not counted twice. */
export function contextWithout(
  state: KnowledgePart & PlacingPart & WatchPart,
  row: OrderRow,
  atMs: number,
): RiskContext {
  const { symbolId: id, strategy, side } = row.intent;
  const context = contextOf(state, id, { strategy, atMs });
  const ownUsdt = notionalOfOrder(state, row);
  const own = context.correlated[side];
  return {
    ...context,
    symbolExposureUsdt: Math.max(0, context.symbolExposureUsdt - ownUsdt),
    totalExposureUsdt: Math.max(0, context.totalExposureUsdt - ownUsdt),
    correlated: {
      ...context.correlated,
      [side]: { ...own, usdt: Math.max(0, own.usdt - ownUsdt) },
    },
    openOrders: context.openOrders - 1,
    symbolOrders: context.symbolOrders - 1,
  };
}

function bandOf({ priceLimitShare }: Instrument, markTicks: number): RiskContext["venueBand"] {
  if (priceLimitShare === undefined || !(markTicks > 0)) return null;
  const lowTicks = markTicks * (1 - priceLimitShare);
  return { lowTicks, highTicks: markTicks * (1 + priceLimitShare) };
}

/** The best price of our own orders on a side; what is being cancelled was told so before. */
function ownTicks(live: readonly OrderRow[], side: Side): number | null {
  let best: number | null = null;
  for (const { intent, state } of live) {
    const { priceTicks } = intent;
    if (intent.side !== side || priceTicks === null || state === "cancelling") continue;
    const isBetter = best === null || (side === "buy" ? priceTicks > best : priceTicks < best);
    if (isBetter) best = priceTicks;
  }
  return best;
}

/** The next settlement: what it costs a buyer, and how far it is. */
function fundingOf({ market }: MarketPart, id: SymbolId, atMs: number) {
  const { fundingRate, nextFundingAtMs } = market.ticker(id);
  const isKnown = nextFundingAtMs > 0 && Number.isFinite(fundingRate);
  return {
    fundingBps: isKnown ? fundingRate * 10_000 : 0,
    fundingLeftMs: isKnown ? Math.max(0, nextFundingAtMs - atMs) : null,
  };
}

const delistingLeftMsOf = ({ deliveryAtMs }: Instrument, atMs: number): number | null =>
  deliveryAtMs === undefined ? null : deliveryAtMs - atMs;

/** Null while the account's or the symbol's terms are not known. */
function termsOf({ terms }: TermsPart, id: SymbolId): RiskContext["terms"] {
  const known = terms.symbols.get(id);
  if (terms.account === null || known === undefined || known.leverage < 1) return null;
  assert(known.symbolId === id, "terms are kept under their symbol");
  return { leverage: known.leverage, isOneWay: known.isOneWay };
}
