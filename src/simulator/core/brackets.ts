/**
 * Take-profit, stop-loss and trailing stop of a position (position/trading-stop).
 *
 * The venue keeps them as reduce-only conditional orders. Full follows the whole position and there
 * is one pair of it; Partial has a quantity of its own, up to 20 pairs, and one leg's trigger
 * cancels the other. All of them vanish when the position closes or turns.
 */
import type { SimReply, SimSide, TriggerBy } from "./api.ts";
import { type Ending, finish } from "./close.ts";
import { emitOrder, emitPosition } from "./emit.ts";
import {
  type AccountState,
  type BracketKind,
  cellOf,
  type ExchangeState,
  holdingSide,
  type LiveOrder,
  opposite,
  type PositionCell,
  type PositionIdx,
  symbolAt,
} from "./exchange-state.ts";
import { liveOrder, plainOrder, register, storeConditional } from "./orders.ts";
import { DONE, refused } from "./replies.ts";
import { bracketReply, partialsReply, tooManyPartials } from "./validate.ts";

type Leg = "TakeProfit" | "StopLoss";

/** What the venue says when it takes a position's own orders away. */
export const CLEARED: Ending = {
  status: "Deactivated",
  cancelType: "CancelByTpSlTsClear",
  rejectReason: "EC_NoError",
};

interface LegSpec {
  readonly leg: Leg;
  readonly ticks: number;
  readonly by: TriggerBy;
  /** 0 for a market order. */
  readonly limitTicks: number;
  readonly qtySteps: number;
}

interface TradingStopRequest {
  readonly symbolIndex: number;
  readonly positionIdx: PositionIdx;
  readonly tpslMode: "Full" | "Partial";
  readonly takeProfitTicks?: number;
  readonly stopLossTicks?: number;
  readonly trailingTicks?: number;
  readonly activeTicks?: number;
  readonly tpTriggerBy?: TriggerBy;
  readonly slTriggerBy?: TriggerBy;
  readonly tpSizeSteps?: number;
  readonly slSizeSteps?: number;
  readonly tpLimitTicks?: number;
  readonly slLimitTicks?: number;
}

/** Sets, moves or (with 0) removes what protects an open position. */
export function setTradingStop(
  state: ExchangeState,
  account: AccountState,
  request: TradingStopRequest,
): SimReply {
  const symbol = symbolAt(state, request.symbolIndex);
  const cell = cellOf(state, account, symbol, request.positionIdx);
  const objection = objectionTo(cell, request);
  if (objection !== null) return objection;
  if (request.tpslMode === "Partial") addPair(state, cell, request);
  else setFullPair(state, cell, request);
  if (request.trailingTicks !== undefined) {
    setTrailing(state, cell, request.trailingTicks, request.activeTicks ?? 0);
  }
  emitPosition(state, cell);
  return DONE;
}

function objectionTo(cell: PositionCell, request: TradingStopRequest): SimReply | null {
  const { position, symbol } = cell;
  if (position.sizeSteps === 0) {
    return refused(10001, "can not set tp/sl/ts for zero position");
  }
  const { takeProfitTicks: takeProfit = 0, stopLossTicks: stopLoss = 0 } = request;
  const base = symbol.lastTicks || symbol.markTicks;
  const wrongSide = bracketReply(holdingSide(cell), base, { takeProfit, stopLoss });
  if (wrongSide !== null) return wrongSide;
  if (request.tpslMode === "Partial") return partialObjection(cell, request);
  const unchanged =
    (request.takeProfitTicks ?? position.takeProfitTicks) === position.takeProfitTicks &&
    (request.stopLossTicks ?? position.stopLossTicks) === position.stopLossTicks &&
    (request.trailingTicks ?? position.trailingTicks) === position.trailingTicks;
  return unchanged ? refused(34040, "not modified") : null;
}

function partialObjection(cell: PositionCell, request: TradingStopRequest): SimReply | null {
  const { takeProfitTicks: takeProfit = 0, stopLossTicks: stopLoss = 0 } = request;
  const { tpSizeSteps = 0, slSizeSteps = 0 } = request;
  if (takeProfit !== 0 && stopLoss !== 0 && tpSizeSteps !== slSizeSteps) {
    return refused(10001, "params error: tpSize and slSize must be equal");
  }
  if ((takeProfit !== 0 && tpSizeSteps <= 0) || (stopLoss !== 0 && slSizeSteps <= 0)) {
    return refused(10001, "params error: tpSize or slSize invalid");
  }
  const size = Math.abs(cell.position.sizeSteps);
  if (Math.max(tpSizeSteps, slSizeSteps) > size) {
    return refused(10001, "params error: tpSize or slSize exceeds the position's size");
  }
  if (takeProfit === 0 && stopLoss === 0 && request.trailingTicks === undefined) {
    return refused(34040, "not modified");
  }
  return tooManyPartials(cell) ? partialsReply() : null;
}

function setFullPair(state: ExchangeState, cell: PositionCell, request: TradingStopRequest): void {
  const { takeProfitTicks, stopLossTicks } = request;
  if (takeProfitTicks !== undefined) {
    const by = request.tpTriggerBy ?? "LastPrice";
    setFull(state, cell, { leg: "TakeProfit", ticks: takeProfitTicks, by });
  }
  if (stopLossTicks !== undefined) {
    const by = request.slTriggerBy ?? "LastPrice";
    setFull(state, cell, { leg: "StopLoss", ticks: stopLossTicks, by });
  }
}

/** One leg of the whole-position pair: made, moved, or with 0 ticks removed. */
function setFull(
  state: ExchangeState,
  cell: PositionCell,
  wanted: { leg: Leg; ticks: number; by: TriggerBy },
): void {
  const { leg, ticks, by } = wanted;
  const isIt = (live: LiveOrder) => live.bracket === "full" && live.order.stopOrderType === leg;
  const existing = [...cell.brackets].find(isIt);
  if (ticks === 0) {
    if (existing !== undefined) finish(state, existing, CLEARED);
    return;
  }
  if (leg === "TakeProfit") cell.position.takeProfitTicks = ticks;
  else cell.position.stopLossTicks = ticks;
  if (existing === undefined) {
    const qtySteps = Math.abs(cell.position.sizeSteps);
    makeLeg(state, cell, { leg, ticks, by, limitTicks: 0, qtySteps }, "full");
    return;
  }
  existing.order.triggerTicks = ticks;
  existing.order.triggerBy = by;
  emitOrder(state, existing);
  lookAgain(state, existing);
}

function addPair(state: ExchangeState, cell: PositionCell, request: TradingStopRequest): void {
  const { takeProfitTicks = 0, stopLossTicks = 0 } = request;
  const takeProfit = makePartial(state, cell, {
    leg: "TakeProfit",
    ticks: takeProfitTicks,
    by: request.tpTriggerBy ?? "LastPrice",
    limitTicks: request.tpLimitTicks ?? 0,
    qtySteps: request.tpSizeSteps ?? 0,
  });
  const stopLoss = makePartial(state, cell, {
    leg: "StopLoss",
    ticks: stopLossTicks,
    by: request.slTriggerBy ?? "LastPrice",
    limitTicks: request.slLimitTicks ?? 0,
    qtySteps: request.slSizeSteps ?? 0,
  });
  pairUp(takeProfit, stopLoss);
}

function makePartial(state: ExchangeState, cell: PositionCell, spec: LegSpec): LiveOrder | null {
  return spec.ticks === 0 ? null : makeLeg(state, cell, spec, "partial");
}

function pairUp(first: LiveOrder | null, second: LiveOrder | null): void {
  if (first === null || second === null) return;
  first.pair = second;
  second.pair = first;
}

/** Records one leg as the reduce-only conditional order that the venue shows. */
function makeLeg(
  state: ExchangeState,
  cell: PositionCell,
  spec: LegSpec,
  bracket: BracketKind,
): LiveOrder {
  const name = bracket === "partial" ? `Partial${spec.leg}` : spec.leg;
  const side = opposite(holdingSide(cell));
  const order = {
    ...bracketOrder(state, cell, side, name),
    qtySteps: spec.qtySteps,
    priceTicks: spec.limitTicks,
    triggerTicks: spec.ticks,
    triggerDirection: directionOf(side, spec.leg),
    triggerBy: spec.by,
    tpslMode: bracket === "partial" ? ("Partial" as const) : ("Full" as const),
  };
  const isLimit = spec.limitTicks !== 0;
  const kind = isLimit ? { type: "Limit" as const, timeInForce: "GTC" as const } : {};
  const live = liveOrder(state, cell, { ...order, ...kind }, { reducing: true, bracket });
  keep(state, live);
  return live;
}

function bracketOrder(state: ExchangeState, cell: PositionCell, side: SimSide, name: string) {
  return {
    ...plainOrder(state, { cell, request: { side }, qtySteps: Math.abs(cell.position.sizeSteps) }),
    status: "Untriggered" as const,
    reduceOnly: true,
    closeOnTrigger: true,
    createType: `CreateBy${name}`,
    stopOrderType: name,
  };
}

/** A sell takes profit on a rise and stops on a fall; a buy the other way round. */
function directionOf(side: SimSide, leg: Leg): 1 | 2 {
  return (side === "Sell") === (leg === "TakeProfit") ? 1 : 2;
}

function keep(state: ExchangeState, live: LiveOrder): void {
  live.cell.brackets.add(live);
  register(live);
  storeConditional(state, live);
  lookAgain(state, live);
}

/** A trigger that the last price already passed fires now, not at the next trade. */
function lookAgain(state: ExchangeState, { symbol }: LiveOrder): void {
  if (symbol.lastTicks === 0) return;
  symbol.tradedLowTicks = Math.min(symbol.tradedLowTicks, symbol.lastTicks);
  symbol.tradedHighTicks = Math.max(symbol.tradedHighTicks, symbol.lastTicks);
  state.moved.add(symbol);
}

function setTrailing(
  state: ExchangeState,
  cell: PositionCell,
  trailingTicks: number,
  activeTicks: number,
): void {
  for (const live of [...cell.brackets]) {
    if (live.bracket === "trailing") finish(state, live, CLEARED);
  }
  if (trailingTicks === 0) return;
  const side = opposite(holdingSide(cell));
  const order = {
    ...bracketOrder(state, cell, side, "TrailingStop"),
    triggerDirection: directionOf(side, "StopLoss"),
    triggerBy: "LastPrice" as const,
  };
  const live = liveOrder(state, cell, order, { reducing: true, bracket: "trailing" });
  live.trailingTicks = trailingTicks;
  live.activeTicks = activeTicks;
  cell.position.trailingTicks = trailingTicks;
  keep(state, live);
}

/** Lets a filled entry's take-profit and stop-loss protect what it filled. */
export function feedBrackets(state: ExchangeState, live: LiveOrder, filledSteps: number): void {
  const { order, cell } = live;
  clearStale(state, cell);
  if (cell.position.sizeSteps === 0 || holdingSide(cell) !== order.side) return;
  if (order.tpslMode === "Partial") {
    feedPartial(state, live, filledSteps);
    return;
  }
  if (order.takeProfitTicks !== 0) {
    const by = order.tpTriggerBy || "LastPrice";
    setFull(state, cell, { leg: "TakeProfit", ticks: order.takeProfitTicks, by });
  }
  if (order.stopLossTicks !== 0) {
    const by = order.slTriggerBy || "LastPrice";
    setFull(state, cell, { leg: "StopLoss", ticks: order.stopLossTicks, by });
  }
}

/** What closed an opposite position on the way through zero needs no protection. */
function feedPartial(state: ExchangeState, live: LiveOrder, filledSteps: number): void {
  const { order, cell } = live;
  const qtySteps = Math.min(filledSteps, Math.abs(cell.position.sizeSteps));
  live.takeProfit = feedLeg(state, live, live.takeProfit, {
    leg: "TakeProfit",
    ticks: order.takeProfitTicks,
    by: order.tpTriggerBy || "LastPrice",
    limitTicks: live.tpOrderType === "Limit" ? order.tpLimitTicks : 0,
    qtySteps,
  });
  live.stopLoss = feedLeg(state, live, live.stopLoss, {
    leg: "StopLoss",
    ticks: order.stopLossTicks,
    by: order.slTriggerBy || "LastPrice",
    limitTicks: live.slOrderType === "Limit" ? order.slLimitTicks : 0,
    qtySteps,
  });
  pairUp(live.takeProfit, live.stopLoss);
}

/** Enlarges the leg that an earlier fill made, or makes one when it is gone. */
function feedLeg(
  state: ExchangeState,
  live: LiveOrder,
  leg: LiveOrder | null,
  spec: LegSpec,
): LiveOrder | null {
  if (!leg?.cell.brackets.has(leg)) return makePartial(state, live.cell, spec);
  leg.order.qtySteps += spec.qtySteps;
  emitOrder(state, leg);
  return leg;
}

/** Takes away what protected a position that is closed or turned. */
export function clearStale(state: ExchangeState, cell: PositionCell): void {
  const isFlat = cell.position.sizeSteps === 0;
  for (const live of [...cell.brackets]) {
    const isStale = isFlat || live.order.side === holdingSide(cell);
    if (isStale) finish(state, live, CLEARED);
  }
}

/** Whole-position orders have the position's quantity. */
export function followSize(state: ExchangeState, cell: PositionCell): void {
  const size = Math.abs(cell.position.sizeSteps);
  for (const live of cell.brackets) {
    if (live.bracket === "partial" || live.order.qtySteps === size) continue;
    live.order.qtySteps = size;
    emitOrder(state, live);
  }
}
