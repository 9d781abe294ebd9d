/**
 * The simulated exchange: one object over small files that each know one thing.
 *
 * Every call that can change something runs the operation and then {@link settle}, which lets what
 * depends on it follow: triggers, take-profits, reduce-only orders, liquidations. No operation of
 * the core calls another through this object.
 */
import { assert, must } from "../../kernel/assert.ts";
import { parseFixed } from "../../kernel/fixed.ts";
import { Ring } from "../../kernel/ring.ts";
import { marginModeOf, setLeverage, setMarginMode, switchMode } from "./account-settings.ts";
import { addMargin, setAutoAddMargin } from "./added-margin.ts";
import { deleverage } from "./adl.ts";
import { amendOrder } from "./amend.ts";
import type {
  ExchangeCore,
  ExchangeOptions,
  PlaceRequest,
  SimAccountOptions,
  SimEvent,
  SimInstrument,
  SimOrder,
  SimPosition,
  SimReply,
} from "./api.ts";
import { bandOf } from "./band.ts";
import { setTradingStop } from "./brackets.ts";
import { cancelMany, cancelOne, type OrderId } from "./cancel.ts";
import {
  type AccountState,
  accountOf,
  CLOSED_ORDERS_MAX,
  CLOSED_PNL_MAX,
  cellOf,
  EXECUTIONS_MAX,
  type ExchangeState,
  isHedged,
  type SymbolState,
  symbolAt,
  TRANSACTIONS_MAX,
  tickStepValueOf,
} from "./exchange-state.ts";
import { cancelHouse, placeHouse } from "./house.ts";
import { makeIds } from "./ids.ts";
import { LevelPool } from "./level-pool.ts";
import { changeStatus } from "./listing.ts";
import { positionCopy, walletOf } from "./margin.ts";
import { MatchBook } from "./order-book.ts";
import { openOrder } from "./orders.ts";
import { transfer } from "./paid-cash.ts";
import { OrderPool } from "./pool.ts";
import { PremiumWindow } from "./premium.ts";
import { accepted, refused } from "./replies.ts";
import { pricesMoved, settle } from "./settle.ts";
import { advance, boundedRate, nextFundingAfter } from "./sim-clock.ts";
import { changeGrid } from "./tick-lots.ts";
import { type Ticket, validate } from "./validate.ts";

/** Makes the exchange at `startAtMs`: instruments listed, accounts funded, books empty. */
export function createExchange(options: ExchangeOptions): ExchangeCore {
  const state: ExchangeState = {
    nowMs: options.startAtMs,
    actsAtMs: 0,
    sequence: { value: 0 },
    nextId: makeIds(options.idSeed),
    pool: new OrderPool(),
    levels: new LevelPool(),
    symbols: [],
    accounts: new Map(options.accounts.map((account) => [account.id, newAccount(account)])),
    resting: new Map(),
    nextOwner: 1,
    events: [],
    moved: new Set(),
    fed: new Map(),
    dirty: new Set(),
  };
  const instruments: SimInstrument[] = [];
  const list = (instrument: SimInstrument) => {
    assert(instrument.index === instruments.length, "a new contract takes the next index");
    instruments.push(instrument);
    state.symbols.push(newSymbol(state, instrument));
  };
  for (const instrument of options.instruments) list(instrument);
  return {
    instruments,
    list,
    ...clockAndPrices(state),
    ...trading(state),
    ...house(state),
    ...settings(state),
    ...marketReads(state),
    ...accountReads(state),
    get nowMs() {
      return state.nowMs;
    },
    get seq() {
      return state.sequence.value;
    },
    drain(): SimEvent[] {
      const events = state.events;
      state.events = [];
      return events;
    },
  };
}

function newAccount(options: SimAccountOptions): AccountState {
  const what = `account "${options.id}"`;
  return {
    options,
    makerRate: must(parseFixed(options.makerFeeRate), `${what}: the maker rate is a decimal`),
    takerRate: must(parseFixed(options.takerFeeRate), `${what}: the taker rate is a decimal`),
    walletBalance: must(parseFixed(options.walletUsdt), `${what}: the wallet is a decimal`),
    cumRealised: 0n,
    isolated: false,
    hedgedByDefault: false,
    hedged: new Map(),
    leverage: new Map(),
    cells: new Map(),
    open: new Map(),
    openByLink: new Map(),
    usedLinks: new Set(),
    closedOrders: new Ring(CLOSED_ORDERS_MAX),
    executions: new Ring(EXECUTIONS_MAX),
    transactions: new Ring(TRANSACTIONS_MAX),
    closedPnl: new Ring(CLOSED_PNL_MAX),
  };
}

function newSymbol(state: ExchangeState, instrument: SimInstrument): SymbolState {
  return {
    instrument,
    book: new MatchBook(state),
    tickStepValue: tickStepValueOf(instrument),
    tiers: null,
    markTicks: 0,
    indexTicks: 0,
    lastTicks: 0,
    premium: new PremiumWindow(),
    tradedLowTicks: Number.POSITIVE_INFINITY,
    tradedHighTicks: Number.NEGATIVE_INFINITY,
    fundingRate: 0,
    nextFundingAtMs: nextFundingAfter(instrument, state.nowMs),
    conditionals: new Set(),
    positions: new Set(),
    clientAbsSteps: 0,
    clientNetSteps: 0,
  };
}

type Part<Names extends keyof ExchangeCore> = Pick<ExchangeCore, Names>;

function clockAndPrices(
  state: ExchangeState,
): Part<
  | "advanceTo"
  | "setLots"
  | "setStatus"
  | "setPrices"
  | "setFundingRate"
  | "fundingRate"
  | "nextFundingAtMs"
> {
  return {
    advanceTo: (atMs) => advance(state, atMs),
    setLots(symbolIndex, lots) {
      changeGrid(state, symbolAt(state, symbolIndex), lots);
    },
    setStatus(symbolIndex, status) {
      changeStatus(state, symbolAt(state, symbolIndex), status);
      settle(state);
    },
    setPrices(symbolIndex, { markTicks, indexTicks }) {
      const symbol = symbolAt(state, symbolIndex);
      symbol.markTicks = markTicks;
      symbol.indexTicks = indexTicks;
      pricesMoved(state, symbol);
    },
    setFundingRate(symbolIndex, rate) {
      const symbol = symbolAt(state, symbolIndex);
      symbol.fundingRate = boundedRate(symbol, rate);
    },
    fundingRate: (symbolIndex) => symbolAt(state, symbolIndex).fundingRate,
    nextFundingAtMs: (symbolIndex) => symbolAt(state, symbolIndex).nextFundingAtMs,
  };
}

function trading(
  state: ExchangeState,
): Part<"place" | "amend" | "cancel" | "cancelAll" | "setTradingStop"> {
  return {
    place(accountId, request) {
      const reply = place(state, accountOf(state, accountId), request);
      settle(state);
      return reply;
    },
    amend(accountId, request) {
      const reply = amendOrder(state, accountOf(state, accountId), request);
      settle(state);
      return reply;
    },
    cancel: (accountId, symbolIndex, id) =>
      cancelOne(state, accountOf(state, accountId), symbolIndex, id),
    cancelAll: (accountId, filter) => cancelMany(state, accountOf(state, accountId), filter),
    setTradingStop(accountId, request) {
      const reply = setTradingStop(state, accountOf(state, accountId), request);
      settle(state);
      return reply;
    },
  };
}

function place(state: ExchangeState, account: AccountState, request: PlaceRequest): SimReply {
  const symbol = state.symbols[request.symbolIndex];
  if (symbol === undefined) return refused(10001, "Not supported symbols");
  const positionIdx = request.positionIdx ?? 0;
  const closesHedge =
    (positionIdx === 1 && request.side === "Sell") || (positionIdx === 2 && request.side === "Buy");
  const ticket: Ticket = {
    account,
    symbol,
    request,
    cell: cellOf(state, account, symbol, positionIdx),
    reducing: (request.reduceOnly ?? false) || (request.closeOnTrigger ?? false) || closesHedge,
    isConditional: (request.triggerTicks ?? 0) !== 0,
    priceTicks: request.priceTicks,
    qtySteps: request.qtySteps,
  };
  const objection = validate(ticket);
  if (objection !== null) return objection;
  return accepted(openOrder(state, ticket).order);
}

function house(state: ExchangeState): Part<"housePlace" | "houseCancel" | "houseLeft" | "actAt"> {
  return {
    actAt(atMs) {
      state.actsAtMs = Math.min(atMs, state.nowMs);
    },
    housePlace(symbolIndex, order) {
      const handle = placeHouse(state, symbolAt(state, symbolIndex), order);
      settle(state);
      return handle;
    },
    houseCancel: (symbolIndex, handle) => cancelHouse(state, symbolAt(state, symbolIndex), handle),
    houseLeft: (_symbolIndex, handle) => state.pool.leftSteps[state.pool.houseSlotOf(handle)] ?? 0,
  };
}

function settings(
  state: ExchangeState,
): Part<
  | "setLeverage"
  | "switchMode"
  | "setMarginMode"
  | "marginMode"
  | "transfer"
  | "addMargin"
  | "setAutoAddMargin"
  | "deleverage"
> {
  const cellAt = (accountId: string, at: { symbolIndex: number; positionIdx: 0 | 1 | 2 }) =>
    cellOf(state, accountOf(state, accountId), symbolAt(state, at.symbolIndex), at.positionIdx);
  return {
    addMargin(accountId, position, amount) {
      const reply = addMargin(state, cellAt(accountId, position), amount);
      settle(state);
      return reply;
    },
    transfer(accountId, cash) {
      const reply = transfer(state, accountOf(state, accountId), cash);
      settle(state);
      return reply;
    },
    setAutoAddMargin: (accountId, position, isOn) =>
      setAutoAddMargin(cellAt(accountId, position), isOn),
    deleverage(of) {
      const count = deleverage(state, of);
      settle(state);
      return count;
    },
    setLeverage: (accountId, symbolIndex, buy, sell) =>
      setLeverage(accountOf(state, accountId), symbolAt(state, symbolIndex), { buy, sell }),
    switchMode: (accountId, symbolIndex, mode) =>
      switchMode(accountOf(state, accountId), symbolIndex, mode),
    setMarginMode: (accountId, mode) => setMarginMode(accountOf(state, accountId), mode),
    marginMode: (accountId) => marginModeOf(accountOf(state, accountId)),
  };
}

function marketReads(
  state: ExchangeState,
): Part<
  | "levels"
  | "bestTicks"
  | "bestSteps"
  | "bookVersion"
  | "lastTicks"
  | "prices"
  | "openInterestSteps"
  | "priceBand"
  | "clientNetSteps"
> {
  const at = (symbolIndex: number) => symbolAt(state, symbolIndex);
  return {
    levels: (symbolIndex, side, depth) => at(symbolIndex).book.top(side, depth),
    bestTicks: (symbolIndex, side) => at(symbolIndex).book.bestTicks(side),
    bestSteps: (symbolIndex, side) => at(symbolIndex).book.bestSteps(side),
    bookVersion: (symbolIndex) => at(symbolIndex).book.version,
    lastTicks: (symbolIndex) => at(symbolIndex).lastTicks,
    prices(symbolIndex) {
      const { markTicks, indexTicks } = at(symbolIndex);
      return { markTicks, indexTicks };
    },
    openInterestSteps(symbolIndex) {
      const { clientAbsSteps, clientNetSteps } = at(symbolIndex);
      return clientAbsSteps + Math.abs(clientNetSteps);
    },
    priceBand: (symbolIndex) => bandOf(at(symbolIndex)),
    clientNetSteps: (symbolIndex) => at(symbolIndex).clientNetSteps,
  };
}

function accountReads(
  state: ExchangeState,
): Part<
  | "openOrders"
  | "findOrder"
  | "closedOrders"
  | "executions"
  | "transactions"
  | "closedPnl"
  | "positions"
  | "positionsOf"
  | "wallet"
  | "account"
> {
  const of = (accountId: string) => accountOf(state, accountId);
  return {
    openOrders: (accountId) => [...of(accountId).open.values()].map(({ order }) => ({ ...order })),
    findOrder: (accountId, id) => findOrder(of(accountId), id),
    closedOrders: (accountId) => of(accountId).closedOrders.newest(CLOSED_ORDERS_MAX),
    executions: (accountId) => of(accountId).executions.newest(EXECUTIONS_MAX),
    transactions: (accountId) => of(accountId).transactions.newest(TRANSACTIONS_MAX),
    closedPnl: (accountId) =>
      of(accountId)
        .closedPnl.newest(CLOSED_PNL_MAX)
        .map((record) => ({ ...record })),
    positions: (accountId) =>
      [...of(accountId).cells.values()]
        .filter((cell) => cell.position.sizeSteps !== 0)
        .map(positionCopy),
    positionsOf: (accountId, symbolIndex) => positionsOf(state, of(accountId), symbolIndex),
    wallet: (accountId) => walletOf(of(accountId)),
    account: (accountId) => of(accountId).options,
  };
}

function positionsOf(
  state: ExchangeState,
  account: AccountState,
  symbolIndex: number,
): SimPosition[] {
  const symbol = symbolAt(state, symbolIndex);
  if (!isHedged(account, symbolIndex)) return [positionCopy(cellOf(state, account, symbol, 0))];
  return [
    positionCopy(cellOf(state, account, symbol, 1)),
    positionCopy(cellOf(state, account, symbol, 2)),
  ];
}

function findOrder(account: AccountState, id: OrderId): SimOrder | null {
  const { orderId = "", orderLinkId = "" } = id;
  const live = orderId !== "" ? account.open.get(orderId) : account.openByLink.get(orderLinkId);
  if (live !== undefined) return { ...live.order };
  const closed = account.closedOrders.newest(CLOSED_ORDERS_MAX);
  const isWanted = (order: SimOrder) =>
    orderId !== ""
      ? order.orderId === orderId
      : orderLinkId !== "" && order.orderLinkId === orderLinkId;
  return closed.find(isWanted) ?? null;
}
