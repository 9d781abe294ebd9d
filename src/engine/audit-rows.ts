/** Turns engine state into the plain rows of an audit tick. */

import { averagePriceOf, valueAt } from "../domain/cost.ts";
import type { Instrument } from "../domain/instrument.ts";
import { asSymbolId, NO_VENUE_ID, type SymbolId } from "../domain/units.ts";
import { toText } from "../kernel/decimal.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { MarketState } from "../market/market-state.ts";
import { bookViewOf } from "../market/staleness.ts";
import type { OrderRow } from "../orders/table.ts";
import type { Position } from "../portfolio/position.ts";
import type { Universe } from "../universe/universe.ts";
import { totalExposureOf } from "./account-exposure.ts";
import type {
  AccountAudit,
  EngineCounters,
  LimitsAudit,
  OrderAudit,
  PositionAudit,
  SymbolAudit,
  UniverseAudit,
} from "./audit.ts";
import { equityNow, markOf, todayOf, unrealisedNow, unrealisedOf } from "./day.ts";
import { limitsNow } from "./limits-now.ts";
import type {
  AccountPart,
  MarketPart,
  MoneyPart,
  ReportPart,
  SettingsPart,
  TradingPart,
  UniversePart,
} from "./state-parts.ts";
import { SymbolNow } from "./symbol-now.ts";

export function symbolRow(
  state: SettingsPart & MarketPart & UniversePart,
  id: SymbolId,
  atMs: number,
): SymbolAudit {
  const { market, universe, features } = state;
  const instrument = market.instrument(id);
  const book = market.book(id);
  const ticker = market.ticker(id);
  const isLive = book.state === "live";
  return new SymbolNow(instrument, {
    category: universe.category(id),
    score: universe.score(id),
    active: universe.isActive(id),
    scoreParts: universe.scoreParts(id),
    axes: universe.axes(id),
    standing: universe.standing(id),
    words: universe.words(id),
    bookState: bookViewOf(book, atMs, state.limits.bookAgeMsMax),
    bookFault: isLive ? "" : book.fault,
    bidTicks: book.bestBidTicks,
    askTicks: book.bestAskTicks,
    lastTicks: ticker.lastTicks,
    markPrice: ticker.markPrice,
    micropriceTicks: isLive ? features.at("micropriceTicks", id) : 0,
    change24hPct: ticker.change24h * 100,
    turnover24hUsdt: ticker.turnover24hUsdt,
    spreadBps: isLive ? features.orZero("spreadBps", id) : 0,
    imbalance: isLive ? features.orZero("imbalance", id) : 0,
    volatilityBps: features.orZero("volatilityBps", id),
    fundingRate: ticker.fundingRate,
    nextFundingAtMs: ticker.nextFundingAtMs,
    updatedAtMs: Math.max(book.updatedAtMs, ticker.updatedAtMs),
    bookAudit: market.bookAudit(id),
  });
}

/** The row goes on changing; its readers get what it is now. */
export function orderRow(row: OrderRow, instrument: Instrument): OrderAudit {
  const { intent, filledSteps } = row;
  const { price, qty } = instrument;
  const { priceTicks, qtySteps, stopLossTicks } = intent;
  return {
    clientId: row.clientId,
    venueOrderId: row.venueOrderId ?? NO_VENUE_ID,
    symbol: instrument.symbol,
    side: intent.side,
    type: intent.type,
    timeInForce: intent.timeInForce,
    priceText: priceTicks === null ? "" : toText(price, priceTicks),
    qtyText: toText(qty, qtySteps),
    filledText: toText(qty, filledSteps),
    stopLossText: stopLossTicks === null ? "" : toText(price, stopLossTicks),
    priceTicks,
    qtySteps,
    filledSteps,
    stopLossTicks,
    state: row.state,
    purpose: intent.purpose,
    strategy: intent.strategy,
    reason: intent.reason,
    reduceOnly: intent.reduceOnly,
    detail: row.detail,
    createdAtMs: row.createdAtMs,
    updatedAtMs: row.updatedAtMs,
  };
}

export function positionRow(state: MarketPart, position: Position): PositionAudit {
  const instrument = state.market.instrument(position.symbolId);
  const mark = markOf(state, position);
  const { steps, stopLossTicks } = position;
  const isOpen = steps !== 0;
  const priceDecimals = instrument.price.decimals;
  return {
    symbol: instrument.symbol,
    side: steps > 0 ? "long" : steps < 0 ? "short" : "flat",
    qtyText: toText(instrument.qty, Math.abs(steps)),
    entryPriceText: isOpen
      ? shortened(
          fixedToText(averagePriceOf(position, instrument), priceDecimals),
          priceDecimals + AVERAGE_DECIMALS_MORE,
        )
      : "",
    markText: state.market.ticker(position.symbolId).markText,
    stopLossText: stopLossTicks === null ? "" : toText(instrument.price, stopLossTicks),
    notionalText: fixedToText(valueAt(instrument, Math.abs(steps), mark)),
    unrealisedText: fixedToText(unrealisedOf(state, position)),
    realisedText: fixedToText(position.realised),
    feesText: fixedToText(position.fees),
    fundingText: fixedToText(position.funding),
    updatedAtMs: position.updatedAtMs,
  };
}

export function accountRow(
  state: SettingsPart & MarketPart & AccountPart & MoneyPart & TradingPart,
): AccountAudit {
  const { ledger, wallet } = state;
  const equity = equityNow(state);
  return {
    accountKey: state.control.accountKey,
    equityText: equity === null ? "" : fixedToText(equity),
    availableText: wallet === null ? "" : fixedToText(wallet.available),
    realisedText: fixedToText(ledger.realised),
    feesText: fixedToText(ledger.fees),
    fundingText: fixedToText(ledger.funding),
    unrealisedText: fixedToText(unrealisedNow(state)),
    exposureUsdt: totalExposureOf(state),
    fillCount: ledger.fillCount,
    dayLossUsdt: state.dayLossUsdt,
    todayText: fixedToText(todayOf(state)),
    limits: limitsOf(state),
  };
}

function limitsOf(state: SettingsPart & MoneyPart): LimitsAudit {
  const { orderNotionalUsdtMax, symbolExposureUsdtMax, totalExposureUsdtMax, dailyLossUsdtMax } =
    limitsNow(state);
  return { orderNotionalUsdtMax, symbolExposureUsdtMax, totalExposureUsdtMax, dailyLossUsdtMax };
}

export function universeRow(universe: Universe, market: MarketState): UniverseAudit {
  return {
    counts: universe.counts(),
    active: universe.active().map((id) => market.instrument(id).symbol),
    next: universe.next().map((id) => market.instrument(id).symbol),
    parameters: { ...universe.parameters },
    updatedAtMs: universe.updatedAtMs,
  };
}

export function countersRow(state: MarketPart & ReportPart, atMs: number): EngineCounters {
  const { lastMarketAtMs, recentFaults: _recentFaults, ...counters } = state.counters;
  let booksLive = 0;
  let booksQuarantined = 0;
  for (let index = 0; index < state.market.size; index++) {
    const condition = state.market.book(asSymbolId(index)).state;
    if (condition === "live") booksLive++;
    else if (condition === "quarantined") booksQuarantined++;
  }
  const marketAgeMs = lastMarketAtMs === 0 ? 0 : atMs - lastMarketAtMs;
  return { ...counters, booksLive, booksQuarantined, marketAgeMs };
}

/** An average price lies between ticks: at most this many decimals more than the tick has. */
const AVERAGE_DECIMALS_MORE = 2;

/** Cuts decimals for display; the ledger keeps them all. */
function shortened(text: string, decimalsMax: number): string {
  const dot = text.indexOf(".");
  return dot < 0 ? text : text.slice(0, dot + 1 + decimalsMax);
}
