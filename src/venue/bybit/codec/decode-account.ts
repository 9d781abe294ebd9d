/**
 * Orders, executions, positions and wallets: the same objects arrive by stream and by REST, with a
 * few names different. Every decoder is total: it answers with an event, a reason to skip (not
 * ours: another category, an unlisted symbol), or a fault (ours, but unusable), and never throws.
 */
import type {
  ExecKind,
  ExecutionReport,
  OrderReport,
  PositionReport,
  VenueOrderStatus,
  WalletReport,
} from "../../../domain/event.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type Side,
} from "../../../domain/units.ts";
import { toUnits } from "../../../kernel/decimal.ts";
import { FIXED_DECIMALS, type Fixed, parseFixed } from "../../../kernel/fixed.ts";
import type { JsonRecord } from "../../../kernel/json.ts";
import { CATEGORY, SETTLE_COIN } from "./encode.ts";
import { listOf, numberOr, recordOf, textOf } from "./fields.ts";
import type { SymbolTable } from "./symbol-table.ts";

export type Decoded<Value> =
  | { readonly kind: "ok"; readonly value: Value }
  | { readonly kind: "skip"; readonly reason: SkipReason }
  | { readonly kind: "fault"; readonly fault: string };

export type SkipReason = "foreign_category" | "unknown_symbol" | "hedge_mode" | "empty";

const STATUS: Readonly<Record<string, VenueOrderStatus>> = {
  New: "new",
  Created: "new",
  Active: "new",
  PartiallyFilled: "partially_filled",
  Filled: "filled",
  Cancelled: "cancelled",
  PartiallyFilledCanceled: "cancelled",
  Rejected: "rejected",
  Untriggered: "untriggered",
  Triggered: "triggered",
  Deactivated: "deactivated",
};

const EXEC_KIND: Readonly<Record<string, ExecKind>> = {
  "": "trade",
  Trade: "trade",
  Funding: "funding",
  BustTrade: "liquidation",
  AdlTrade: "adl",
  Settle: "settle",
  Delivery: "delivery",
  BlockTrade: "block_trade",
  MovePosition: "move_position",
  CorporateAction: "corporate_action",
};

/** Texts that say "nothing" where a reason would stand. */
const NO_REASON: ReadonlySet<string> = new Set(["", "UNKNOWN", "EC_NoError"]);
/** Says less than the cancel type beside it. */
const BY_REQUEST = "EC_PerCancelRequest";

export function decodeOrder(item: unknown, table: SymbolTable): Decoded<OrderReport> {
  const order = recordOf(item);
  const owner = instrumentOf(order, table);
  if (owner.kind !== "ok") return owner;
  const instrument = owner.value;
  const side = sideOf(order);
  const status = STATUS[textOf(order, "orderStatus")];
  const qtySteps = stepsOf(instrument, textOf(order, "qty"));
  const filledSteps = stepsOf(instrument, textOf(order, "cumExecQty") || "0");
  const isMarket = textOf(order, "orderType") === "Market";
  const priceTicks = isMarket ? null : ticksOf(instrument, textOf(order, "price"));
  const triggerTicks = ticksOf(instrument, textOf(order, "triggerPrice"));
  const missing = [
    textOf(order, "orderId") === "" && "orderId",
    side === null && "side",
    status === undefined && "orderStatus",
    qtySteps === null && "qty",
    filledSteps === null && "cumExecQty",
    Number.isNaN(priceTicks) && "price",
    Number.isNaN(triggerTicks) && "triggerPrice",
  ].filter((name) => name !== false);
  if (side === null || status === undefined || qtySteps === null || filledSteps === null) {
    return unusable("order", order, missing);
  }
  if (missing.length > 0) return unusable("order", order, missing);
  return ok({
    kind: "order_report",
    symbolId: instrument.id,
    venueOrderId: asVenueOrderId(textOf(order, "orderId")),
    clientId: asClientOrderId(textOf(order, "orderLinkId")),
    side,
    status,
    priceTicks,
    qtySteps,
    filledSteps,
    reduceOnly: order.reduceOnly === true || order.closeOnTrigger === true,
    triggerTicks,
    detail: detailOf(order),
    venueAtMs: numberOr(order, "updatedTime", numberOr(order, "createdTime", 0)),
  });
}

/**
 * One execution. Funding, liquidation and the like carry a mark or bankruptcy price that need not
 * lie on the grid: those are rounded to the nearest tick, since only their fee is booked exactly.
 */
export function decodeExecution(item: unknown, table: SymbolTable): Decoded<ExecutionReport> {
  const exec = recordOf(item);
  const owner = instrumentOf(exec, table);
  if (owner.kind !== "ok") return owner;
  const instrument = owner.value;
  const execKind = EXEC_KIND[textOf(exec, "execType")] ?? "other";
  const side = sideOf(exec);
  const qtySteps = stepsOf(instrument, textOf(exec, "execQty"));
  const priceTicks = execTicksOf(instrument, textOf(exec, "execPrice"), execKind);
  const fee = moneyOf(textOf(exec, "execFee"));
  const missing = [
    textOf(exec, "execId") === "" && "execId",
    side === null && "side",
    qtySteps === null && "execQty",
    priceTicks === null && "execPrice",
    fee === null && "execFee",
  ].filter((name) => name !== false);
  if (side === null || qtySteps === null || priceTicks === null || fee === null) {
    return unusable("execution", exec, missing);
  }
  if (missing.length > 0) return unusable("execution", exec, missing);
  return ok({
    kind: "execution",
    execKind,
    execId: asExecId(textOf(exec, "execId")),
    symbolId: instrument.id,
    venueOrderId: asVenueOrderId(textOf(exec, "orderId")),
    clientId: asClientOrderId(textOf(exec, "orderLinkId")),
    side,
    priceTicks,
    qtySteps,
    fee,
    isMaker: exec.isMaker === true,
    venueAtMs: numberOr(exec, "execTime", 0),
  });
}

/**
 * One position; only one-way mode is traded, so the legs of a hedged account are not ours.
 *
 * The size stands by itself: a stop that is missing or off the grid is no stop to rely on, and
 * says nothing about what is held.
 */
export function decodePosition(item: unknown, table: SymbolTable): Decoded<PositionReport> {
  const position = recordOf(item);
  const owner = instrumentOf(position, table);
  if (owner.kind !== "ok") return owner;
  const instrument = owner.value;
  const size = stepsOf(instrument, textOf(position, "size"));
  const stopLossTicks = ticksOf(instrument, textOf(position, "stopLoss"));
  const sideText = textOf(position, "side");
  if (size === null) return unusable("position", position, ["size"]);
  if (size !== 0 && sideText !== "Buy" && sideText !== "Sell") {
    return unusable("position", position, ["side"]);
  }
  if (numberOr(position, "positionIdx", 0) !== 0) {
    if (size === 0) return { kind: "skip", reason: "hedge_mode" };
    return { kind: "fault", fault: `${instrument.symbol} is held in hedge mode, wanted one-way` };
  }
  const liquidationText = size === 0 ? "" : textOf(position, "liqPrice");
  const entry = textOf(position, "entryPrice") || textOf(position, "avgPrice");
  return ok({
    kind: "position_report",
    symbolId: instrument.id,
    positionSteps: sideText === "Sell" && size !== 0 ? -size : size,
    entryPriceText: size === 0 ? "" : entry,
    stopLossTicks: Number.isNaN(stopLossTicks) ? null : stopLossTicks,
    ...(liquidationText !== "" && { liquidationText }),
    venueAtMs: numberOr(position, "updatedTime", 0),
  });
}

/**
 * The settle coin's own row: what the ledger keeps is in that coin, and the account's sums are in
 * USD over all collateral, which moves with prices that no position of ours has. Only what may be
 * used is the account's word, which isolated margin leaves empty. An account that lists coins
 * without ours has no wallet of ours; one that lists none is taken by its sums.
 */
export function decodeWallet(item: unknown, venueAtMs: number): Decoded<WalletReport> {
  const wallet = recordOf(item);
  const accountType = textOf(wallet, "accountType");
  if (accountType !== "" && accountType !== "UNIFIED") {
    return { kind: "skip", reason: "foreign_category" };
  }
  const coins = listOf(wallet.coin).map(recordOf);
  const coin = coins.find((row) => textOf(row, "coin") === SETTLE_COIN);
  if (coin === undefined && coins.length > 0) return { kind: "skip", reason: "empty" };
  const sums = coin ?? { walletBalance: wallet.totalWalletBalance, equity: wallet.totalEquity };
  const walletText = textOf(sums, "walletBalance");
  if (walletText === "") return { kind: "skip", reason: "empty" };
  const equity = moneyOf(textOf(sums, "equity") || walletText);
  const walletBalance = moneyOf(walletText);
  const available = moneyOf(
    textOf(wallet, "totalAvailableBalance") || textOf(sums, "availableToWithdraw") || walletText,
  );
  if (equity === null || walletBalance === null || available === null) {
    return { kind: "fault", fault: "wallet holds amounts that are not decimal numbers" };
  }
  return ok({ kind: "wallet_report", equity, walletBalance, available, venueAtMs });
}

function ok<Value>(value: Value): Decoded<Value> {
  return { kind: "ok", value };
}

function unusable(what: string, item: JsonRecord, fields: readonly string[]): Decoded<never> {
  const found = fields.map((name) => `${name}=${JSON.stringify(item[name]) ?? "missing"}`);
  const name = textOf(item, "execId") || textOf(item, "orderId") || textOf(item, "symbol");
  return { kind: "fault", fault: `cannot use ${what} ${name}: ${found.join(", ").slice(0, 300)}` };
}

function instrumentOf(item: JsonRecord, table: SymbolTable): Decoded<Instrument> {
  const category = textOf(item, "category");
  if (category !== "" && category !== CATEGORY) return { kind: "skip", reason: "foreign_category" };
  const instrument = table.find(textOf(item, "symbol"));
  return instrument === undefined ? { kind: "skip", reason: "unknown_symbol" } : ok(instrument);
}

function sideOf(item: JsonRecord): Side | null {
  if (item.side === "Buy") return "buy";
  return item.side === "Sell" ? "sell" : null;
}

/** Null when empty or zero, NaN when it does not lie on the grid. */
function ticksOf(instrument: Instrument, text: string): PriceTicks | null {
  if (text === "") return null;
  const ticks = toUnits(instrument.price, text);
  return ticks === 0 ? null : (ticks as PriceTicks);
}

function execTicksOf(instrument: Instrument, text: string, kind: ExecKind): PriceTicks | null {
  const exact = toUnits(instrument.price, text);
  if (!Number.isNaN(exact)) return exact as PriceTicks;
  if (kind === "trade" || text === "") return kind === "trade" ? null : (0 as PriceTicks);
  const { decimals, unitMantissa } = instrument.price;
  const nearest = Math.round((Number(text) * 10 ** decimals) / unitMantissa);
  return Number.isSafeInteger(nearest) ? (nearest as PriceTicks) : null;
}

function stepsOf(instrument: Instrument, text: string): QtySteps | null {
  const steps = toUnits(instrument.qty, text);
  return steps >= 0 ? (steps as QtySteps) : null;
}

/** The venue may send more decimals than money has: the rest is cut. */
function moneyOf(text: string): Fixed | null {
  const point = text.indexOf(".");
  return parseFixed(point < 0 ? text : text.slice(0, point + 1 + FIXED_DECIMALS));
}

function detailOf(order: JsonRecord): string {
  const reject = textOf(order, "rejectReason");
  if (!NO_REASON.has(reject) && reject !== BY_REQUEST) return reject;
  const cancel = textOf(order, "cancelType");
  return NO_REASON.has(cancel) ? "" : cancel;
}
