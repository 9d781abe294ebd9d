/**
 * A simulated account on a market written by hand, read back as a tape: one line an event.
 * BTCUSDT has a tick of 0.1 and a step of 0.001, so a price of 1000 ticks is 100 USDT.
 */
import type { BookFrame, EngineEvent, PublicTrade } from "../../../src/domain/event.ts";
import { type Instrument, OWN_UNITS } from "../../../src/domain/instrument.ts";
import {
  asClientOrderId,
  asExecId,
  type PriceTicks,
  type QtySteps,
  type Side,
  type SymbolId,
} from "../../../src/domain/units.ts";
import { must } from "../../../src/kernel/assert.ts";
import { gridOf } from "../../../src/kernel/decimal.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import { DEFAULT_MODELS, type PaperModels } from "../../../src/paper/models/paper-models.ts";
import { PaperExchange } from "../../../src/paper/paper-exchange.ts";
import type { PaperIntent } from "../../../src/paper/paper-order.ts";
import { tickerOf } from "../../support/frames.ts";

export const ID = 0 as SymbolId;
export const money = (text: string) => must(parseFixed(text), "a decimal in a test");

export const INSTRUMENT: Instrument = {
  id: ID,
  venue: "bybit",
  symbol: "BTCUSDT",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  status: "trading",
  launchAtMs: 0,
  price: gridOf("0.1"),
  qty: gridOf("0.001"),
  ...OWN_UNITS,
  qtyStepsMin: 1 as QtySteps,
  limitQtyStepsMax: 1_000_000 as QtySteps,
  marketQtyStepsMax: 100_000 as QtySteps,
  notionalMin: money("0.01"),
  leverageMax: 100,
  fundingIntervalMin: 480,
};

/** "1000x5 1001x7": price ticks and quantity steps, best first. */
function levels(text: string): { count: number; values: Float64Array } {
  const pairs = text.split(" ").filter((pair) => pair !== "");
  const values = pairs.flatMap((pair) => pair.split("x").map(Number));
  return { count: pairs.length, values: Float64Array.from(values) };
}

export function bookFrame(
  bids: string,
  asks: string,
  updateId: number,
  isSnapshot = true,
): BookFrame {
  const bid = levels(bids);
  const ask = levels(asks);
  return {
    kind: "book",
    symbolId: ID,
    depth: 50,
    isSnapshot,
    sequence: updateId,
    venueAtMs: updateId * 10,
    bidCount: bid.count,
    askCount: ask.count,
    bids: bid.values,
    asks: ask.values,
  };
}

export function tradeOf(
  side: Side,
  priceTicks: number,
  qtySteps: number,
  venueAtMs: number,
): PublicTrade {
  return {
    execId: asExecId(`public-${venueAtMs}`),
    side,
    priceTicks: priceTicks as PriceTicks,
    qtySteps: qtySteps as QtySteps,
    venueAtMs,
  };
}

export function intentOf(
  clientId: string,
  side: Side,
  change: Partial<PaperIntent> = {},
): PaperIntent {
  return {
    clientId: asClientOrderId(clientId),
    symbolId: ID,
    side,
    type: "limit",
    priceTicks: 1000 as PriceTicks,
    qtySteps: 5 as QtySteps,
    timeInForce: "gtc",
    reduceOnly: false,
    purpose: "entry",
    strategy: "test",
    stopLossTicks: null,
    reason: "",
    ...change,
  };
}

interface WorldOptions {
  readonly walletUsdt?: string;
  readonly instrument?: Partial<Instrument>;
  readonly models?: Partial<PaperModels>;
}

export function world(options: WorldOptions = {}) {
  const events: EngineEvent[] = [];
  let atMs = 1_000;
  let updates = 10;
  const exchange = new PaperExchange({
    walletUsdt: money(options.walletUsdt ?? "1000"),
    models: { ...DEFAULT_MODELS, ...options.models },
    idPrefix: "p",
    emit: (event) => events.push(event),
  });
  exchange.load([{ ...INSTRUMENT, ...options.instrument }]);
  const tapeNow = () => events.splice(0).flatMap(lineOf);
  return {
    exchange,
    events,
    at: (nowMs: number) => {
      atMs = nowMs;
    },
    now: () => atMs,
    /** What was reported since the last call. */
    tape: tapeNow,
    book: (bids: string, asks: string) => exchange.market(bookFrame(bids, asks, ++updates), ++atMs),
    trade: (side: Side, priceTicks: number, qtySteps: number) => {
      const trades = [tradeOf(side, priceTicks, qtySteps, ++updates * 10)];
      exchange.market({ kind: "trades", symbolId: ID, trades }, ++atMs);
    },
    ticker: (fields: Readonly<Record<string, string>>, isSnapshot = false) =>
      exchange.market({ ...tickerOf(isSnapshot, fields, INSTRUMENT), venueAtMs: atMs }, ++atMs),
    submit: (clientId: string, side: Side, change: Partial<PaperIntent> = {}) => {
      exchange.submit(intentOf(clientId, side, change), ++atMs);
      return tapeNow();
    },
    cancel: (clientId: string) => {
      exchange.cancel(asClientOrderId(clientId), ++atMs);
      return tapeNow();
    },
  };
}

/** One event as a short line; wallet reports are left out. */
function lineOf(event: EngineEvent): string[] {
  switch (event.kind) {
    case "submit_result": {
      const { outcome } = event;
      return [
        outcome.result === "rejected"
          ? `${event.clientId} rejected ${outcome.reason}`
          : `${event.clientId} ${outcome.result}`,
      ];
    }
    case "cancel_result":
      return [`${event.clientId} cancel ${event.outcome.result}`];
    case "order_report": {
      const detail = event.detail === "" ? "" : ` ${event.detail}`;
      const name = event.clientId === "" ? "stop" : event.clientId;
      return [`${name} ${event.status} ${event.filledSteps}/${event.qtySteps}${detail}`];
    }
    case "execution": {
      const name = event.clientId === "" ? event.execKind : event.clientId;
      const role = event.isMaker ? "maker" : "taker";
      const what = `${event.side} ${event.qtySteps} @ ${event.priceTicks}`;
      return [`${name} ${what} ${role} fee ${fixedToText(event.fee)}`];
    }
    case "position_report": {
      const stop = event.stopLossTicks === null ? "" : ` stop ${event.stopLossTicks}`;
      return [`position ${event.positionSteps} @ ${event.entryPriceText || "-"}${stop}`];
    }
    default:
      return [];
  }
}
