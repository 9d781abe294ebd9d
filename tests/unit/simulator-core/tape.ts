/**
 * Tests of the exchange core as tapes: commands in, events out, both as lines of text.
 *
 * One contract with tick 1 and step 1, so a tick times a step is 1 USDT. Accounts a and b have
 * 100,000 USDT, maker 0.0002 and taker 0.0005; "poor" has 100 USDT. Lines before "---" prepare.
 *
 *   house buy 5 @ 100            a sell 3 @ 101 post link=x reduce
 *   a buy 2 market tp=120        a amend x qty=2 price=99      a cancel x    a cancel-all StopOrder
 *   a stop sl=90 trail=5         a leverage 20                 a mode hedge    a margin isolated
 *   price 100 (mark and index)   mark 90    index 90   rate 0.001   time 28800000   status Closed
 */
import { expect } from "bun:test";
import { gridOf } from "../../../src/kernel/decimal.ts";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import type {
  ExchangeCore,
  ExchangeOptions,
  PlaceRequest,
  SimEvent,
  SimInstrument,
  SimReply,
  SimSide,
} from "../../../src/simulator/core/api.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";

/** 2025-01-01T00:00:00Z: a funding time. */
export const START_MS = 1_735_689_600_000;

export function instrument(changes: Partial<SimInstrument> = {}): SimInstrument {
  return {
    index: 0,
    symbol: "TESTUSDT",
    baseCoin: "TEST",
    quoteCoin: "USDT",
    settleCoin: "USDT",
    status: "Trading",
    launchAtMs: 0,
    deliveryAtMs: 0,
    price: gridOf("1"),
    qty: gridOf("1"),
    tickLot: 1,
    stepLot: 1,
    minPriceTicks: 1,
    maxPriceTicks: 100_000,
    minQtySteps: 1,
    maxLimitQtySteps: 10_000,
    maxMarketQtySteps: 5_000,
    minNotional: 5,
    maxLeverage: 50,
    fundingIntervalMin: 480,
    fundingCap: 0.01,
    priceLimitRatioX: 0.1,
    priceLimitRatioY: 0.2,
    riskTiers: [
      {
        id: 1,
        limitUsdt: 1_000_000,
        maintenanceRate: 0.01,
        initialRate: 0.02,
        maxLeverage: 50,
        mmDeductionUsdt: 0,
      },
    ],
    ...changes,
  };
}

export function options(changes: Partial<SimInstrument> = {}): ExchangeOptions {
  const rates = { makerFeeRate: "0.0002", takerFeeRate: "0.0005" };
  return {
    idSeed: "tape",
    startAtMs: START_MS,
    instruments: [instrument(changes)],
    accounts: [
      { id: "a", house: false, walletUsdt: "100000", ...rates },
      { id: "b", house: false, walletUsdt: "100000", ...rates },
      { id: "poor", house: false, walletUsdt: "100", ...rates },
      { id: "agent", house: true, walletUsdt: "0", ...rates },
    ],
  };
}

export type Shown = "orders" | "fills" | "trades" | "positions" | "wallets" | "liquidations";
const SHOWN_BY_DEFAULT: readonly Shown[] = ["orders", "fills", "liquidations"];

interface TapeOptions {
  readonly show?: readonly Shown[];
  readonly instrument?: Partial<SimInstrument>;
}

/** Plays a tape and compares what came after "---" with the expected lines. */
export function check(tape: string, expected: string, how: TapeOptions = {}): ExchangeCore {
  const exchange = createExchange(options(how.instrument));
  const lines = play(exchange, tape, how.show ?? SHOWN_BY_DEFAULT);
  expect(lines.join("\n")).toBe(trimmed(expected).join("\n"));
  return exchange;
}

/** Plays a tape and returns the lines of what came after "---". */
export function play(exchange: ExchangeCore, tape: string, show: readonly Shown[]): string[] {
  const lines = trimmed(tape);
  const cut = lines.indexOf("---");
  const links = new Map<string, string>();
  const out: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (at === cut) continue;
    const reply = perform(exchange, line);
    const events = exchange.drain();
    for (const event of events) {
      if (event.kind === "order") links.set(event.order.orderId, event.order.orderLinkId);
    }
    if (at < cut) {
      if (reply !== null && reply.code !== 0) throw new Error(`${line}: ${reply.text}`);
      continue;
    }
    if (reply !== null && reply.code !== 0) out.push(`refused ${reply.code} ${reply.text}`);
    out.push(...events.flatMap((event) => told(event, show, links)));
  }
  return out;
}

function trimmed(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function told(event: SimEvent, show: readonly Shown[], links: Map<string, string>): string[] {
  switch (event.kind) {
    case "trade": {
      const { side, qtySteps, priceTicks } = event.trade;
      return show.includes("trades") ? [`trade ${side} ${qtySteps} @ ${priceTicks}`] : [];
    }
    case "order":
      return show.includes("orders") ? [orderLine(event.order)] : [];
    case "execution": {
      const { execution: e } = event;
      const name = `${e.accountId}${nameOf(links.get(e.orderId) || e.stopOrderType)}`;
      const kind = e.execType === "Trade" ? (e.isMaker ? "maker" : "taker") : e.execType;
      const closed = e.closedSteps > 0 ? ` closed ${e.closedSteps} pnl ${text(e.execPnl)}` : "";
      const what = `${e.side} ${e.qtySteps} @ ${e.priceTicks} ${kind} fee ${text(e.fee)}${closed}`;
      return show.includes("fills") ? [`${name} ${what}`] : [];
    }
    case "position": {
      const { position: p } = event;
      const protect = `tp ${p.takeProfitTicks} sl ${p.stopLossTicks} trail ${p.trailingTicks}`;
      const line = `${p.accountId} position ${p.sizeSteps} entry ${text(p.entryValue)} ${protect}`;
      return show.includes("positions") ? [line] : [];
    }
    case "wallet":
      return show.includes("wallets")
        ? [`${event.wallet.accountId} wallet ${text(event.wallet.walletBalance)}`]
        : [];
    case "liquidation": {
      const { side, qtySteps, priceTicks } = event.liquidation;
      return show.includes("liquidations")
        ? [`liquidated ${side} ${qtySteps} @ ${priceTicks}`]
        : [];
    }
  }
}

function orderLine(order: Extract<SimEvent, { kind: "order" }>["order"]): string {
  const name = `${order.accountId}${nameOf(order.orderLinkId || order.stopOrderType)}`;
  const price = order.priceTicks === 0 ? "" : ` @ ${order.priceTicks}`;
  const trigger =
    order.status === "Untriggered"
      ? ` trigger ${order.triggerDirection === 1 ? "up" : "down"} ${order.triggerTicks}`
      : "";
  const cancel = order.cancelType === "UNKNOWN" ? "" : ` ${order.cancelType}`;
  const reason = order.rejectReason === "EC_NoError" ? "" : ` ${order.rejectReason}`;
  const what = `${order.status} ${order.cumSteps}/${order.qtySteps}${price}${trigger}`;
  return `${name} ${what}${cancel}${reason}`;
}

function nameOf(link: string): string {
  return link === "" ? "" : `#${link}`;
}

function text(value: bigint): string {
  return fixedToText(value);
}

/** Performs one line; null where there is no reply. */
function perform(exchange: ExchangeCore, line: string): SimReply | null {
  const [who = "", what = "", ...rest] = line.split(" ");
  const options = Object.fromEntries(
    rest.filter((word) => word.includes("=")).map((word) => word.split("=") as [string, string]),
  );
  const flags = new Set(rest);
  if (what === "buy" || what === "sell") {
    return place(exchange, who, { side: what, words: rest, options, flags });
  }
  switch (who) {
    case "price":
      exchange.setPrices(0, { markTicks: Number(what), indexTicks: Number(what) });
      return null;
    case "mark":
      exchange.setPrices(0, { ...exchange.prices(0), markTicks: Number(what) });
      return null;
    case "index":
      exchange.setPrices(0, { ...exchange.prices(0), indexTicks: Number(what) });
      return null;
    case "rate":
      exchange.setFundingRate(0, Number(what));
      return null;
    case "time":
      exchange.advanceTo(START_MS + Number(what));
      return null;
    case "status":
      exchange.setStatus(0, what as SimInstrument["status"]);
      return null;
  }
  return manage(exchange, who, { what, rest, options });
}

function place(
  exchange: ExchangeCore,
  who: string,
  order: {
    side: "buy" | "sell";
    words: string[];
    options: Record<string, string>;
    flags: Set<string>;
  },
): SimReply | null {
  const side: SimSide = order.side === "buy" ? "Buy" : "Sell";
  const { words, options: o, flags } = order;
  const qtySteps = Number(words[0]);
  const priceTicks = words[1] === "@" ? Number(words[2]) : 0;
  const timeInForce = flags.has("post")
    ? "PostOnly"
    : flags.has("ioc")
      ? "IOC"
      : flags.has("fok")
        ? "FOK"
        : "GTC";
  if (who === "house") {
    exchange.housePlace(0, { side, priceTicks, qtySteps, timeInForce });
    return null;
  }
  const [trigger, direction, by = "LastPrice"] = (o.trigger ?? "0").split(":");
  const request: PlaceRequest = {
    symbolIndex: Number(o.symbol ?? 0),
    side,
    type: flags.has("market") ? "Market" : "Limit",
    qtySteps,
    priceTicks,
    timeInForce,
    positionIdx: Number(o.idx ?? 0) as 0 | 1 | 2,
    reduceOnly: flags.has("reduce"),
    closeOnTrigger: flags.has("close"),
    orderLinkId: o.link ?? "",
    smpType: (o.smp ?? "None") as "None",
    tpslMode: (o.tpsl ?? "Full") as "Full",
    tpOrderType: o.tplimit === undefined ? "Market" : "Limit",
    ...(Number(trigger) !== 0 && { triggerTicks: Number(trigger) }),
    ...(direction !== undefined && { triggerDirection: direction === "up" ? 1 : 2 }),
    triggerBy: by as "LastPrice",
    takeProfitTicks: Number(o.tp ?? 0),
    stopLossTicks: Number(o.sl ?? 0),
    tpLimitTicks: Number(o.tplimit ?? 0),
  };
  return exchange.place(who, request);
}

function manage(
  exchange: ExchangeCore,
  who: string,
  command: { what: string; rest: string[]; options: Record<string, string> },
): SimReply | null {
  const { what, rest, options: o } = command;
  const first = rest[0] ?? "";
  switch (what) {
    case "cancel":
      return exchange.cancel(who, 0, { orderLinkId: first });
    case "cancel-all":
      exchange.cancelAll(who, first === "" ? {} : { orderFilter: first as "Order" });
      return null;
    case "amend":
      return exchange.amend(who, {
        symbolIndex: 0,
        orderLinkId: first,
        ...(o.qty !== undefined && { qtySteps: Number(o.qty) }),
        ...(o.price !== undefined && { priceTicks: Number(o.price) }),
        ...(o.trigger !== undefined && { triggerTicks: Number(o.trigger) }),
        ...(o.tp !== undefined && { takeProfitTicks: Number(o.tp) }),
        ...(o.sl !== undefined && { stopLossTicks: Number(o.sl) }),
      });
    case "stop":
      return exchange.setTradingStop(who, {
        symbolIndex: 0,
        positionIdx: Number(o.idx ?? 0) as 0 | 1 | 2,
        tpslMode: (o.tpsl ?? "Full") as "Full",
        ...(o.tp !== undefined && { takeProfitTicks: Number(o.tp) }),
        ...(o.sl !== undefined && { stopLossTicks: Number(o.sl) }),
        ...(o.trail !== undefined && { trailingTicks: Number(o.trail) }),
        ...(o.active !== undefined && { activeTicks: Number(o.active) }),
        ...(o.tpsize !== undefined && { tpSizeSteps: Number(o.tpsize) }),
        ...(o.slsize !== undefined && { slSizeSteps: Number(o.slsize) }),
      });
    case "leverage":
      return exchange.setLeverage(who, 0, Number(first), Number(rest[1] ?? first));
    case "mode":
      return exchange.switchMode(who, 0, first === "hedge" ? 3 : 0);
    case "margin":
      return exchange.setMarginMode(
        who,
        first === "isolated" ? "ISOLATED_MARGIN" : "REGULAR_MARGIN",
      );
    default:
      throw new Error(`no such command: ${who} ${what}`);
  }
}
