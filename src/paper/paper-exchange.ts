/**
 * A simulated venue for our orders alone: orders, positions, stops, fees and funding over a market
 * that is only watched. What a real venue would report comes out as the same domain events.
 *
 * Pure: every call carries the time, and the events it causes are handed to `emit` in order.
 */
import type {
  AccountSnapshot,
  CancelOutcome,
  EngineEvent,
  ExecutionReport,
  MarketEvent,
  OrderReport,
  PublicTrade,
  TickerFrame,
  WalletReport,
} from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import {
  absSteps,
  addSteps,
  asExecId,
  asVenueOrderId,
  type ClientOrderId,
  minSteps,
  NO_CLIENT_ID,
  NO_VENUE_ID,
  type Price,
  type PriceTicks,
  type SymbolId,
  subSteps,
  type Usdt,
  type VenueOrderId,
  wholeTicks,
  ZERO_STEPS,
} from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toNumber } from "../kernel/decimal.ts";
import { fixedToNumber, parseFixed } from "../kernel/fixed.ts";
import { Ring } from "../kernel/ring.ts";
import { type Fill, wouldCross } from "./levels.ts";
import type { PaperModels } from "./models/paper-models.ts";
import {
  type AccountOptions,
  PAPER_LEVERAGE,
  PaperAccount,
  type PaperPosition,
} from "./paper-account.ts";
import {
  closingSide,
  executionOf,
  isOpen,
  orderReportOf,
  type PaperIntent,
  type PaperOrder,
  positionReportOf,
  recountOrder,
  refusalOf,
  stopIntentOf,
} from "./paper-order.ts";
import { PaperOrders } from "./paper-orders.ts";
import { PaperSymbols, type SymbolRow } from "./paper-symbols.ts";

/** Executions a snapshot can repeat; the stream has delivered them all, so this is a courtesy. */
const EXECUTIONS_KEPT_MAX = 500;

interface PaperExchangeOptions extends Omit<AccountOptions, "models"> {
  readonly models: Omit<PaperModels, "latency">;
  /** Makes ids of two runs differ: executions are kept for good under their id. */
  readonly idPrefix: string;
  readonly emit: (event: EngineEvent) => void;
}

export class PaperExchange {
  readonly account: PaperAccount;
  private readonly options: PaperExchangeOptions;
  private readonly symbols: PaperSymbols;
  private readonly orders = new PaperOrders();
  private executions = new Ring<ExecutionReport>(EXECUTIONS_KEPT_MAX);
  private ids = 0;

  constructor(options: PaperExchangeOptions) {
    this.options = options;
    this.account = new PaperAccount(options);
    this.symbols = new PaperSymbols(options.models.queue, (row, { order, ...fill }, atMs) => {
      this.booked(row, order, { ...fill, isMaker: true, atMs });
    });
  }

  /** Takes the list of contracts; a changed grid moves no money. */
  load(instruments: readonly Instrument[]): void {
    for (const change of this.symbols.load(instruments)) {
      this.account.recount(change);
      for (const order of this.orders.ofSymbol(change.after.id)) recountOrder(order, change);
      // In old units; the stream has delivered them all.
      this.executions = new Ring(EXECUTIONS_KEPT_MAX);
    }
  }

  // --------------------------------------------------------------------------- market

  market(event: MarketEvent, atMs: number): void {
    const symbol = this.symbols.row(event.symbolId);
    switch (event.kind) {
      case "book":
        symbol.matcher.onBook(event, atMs);
        if (this.account.position(event.symbolId)?.stopFired === true) this.runStop(symbol, atMs);
        return;
      case "trades":
        this.onTrades(symbol, event.trades, atMs);
        return;
      case "ticker":
        this.onTicker(symbol, event, atMs);
        return;
      case "bar":
        return;
      default:
        event satisfies never;
    }
  }

  /**
   * The feed knows of a fault that the frames cannot show: nothing is matched until a new snapshot.
   */
  distrustBook(symbolId: SymbolId, fault: string): void {
    this.symbols.row(symbolId).matcher.book.quarantine(fault);
  }

  /** Settles what is due by the clock: call it about once a second. */
  tick(atMs: number): void {
    for (const { instrument } of [...this.account.positions()]) {
      this.settleFunding(this.symbols.row(instrument.id), atMs);
      this.runStop(this.symbols.row(instrument.id), atMs);
    }
    this.liquidateIfDue(atMs);
  }

  private onTrades(symbol: SymbolRow, trades: readonly PublicTrade[], atMs: number): void {
    symbol.matcher.onTrades(trades, atMs);
    for (const { priceTicks } of trades) this.checkStop(symbol, priceTicks, atMs);
  }

  private onTicker(symbol: SymbolRow, frame: TickerFrame, atMs: number): void {
    const { ticker, instrument } = symbol;
    const dueAtMs = ticker.nextFundingAtMs;
    // The delta that names the next settlement ends this one: pay it at the rate it had.
    if (dueAtMs > 0 && frame.nextFundingAtMs > dueAtMs) {
      this.settleFunding(symbol, Math.max(atMs, dueAtMs));
    }
    ticker.apply(frame, instrument, atMs);
    if (ticker.lastTicks > 0) this.checkStop(symbol, ticker.lastTicks, atMs);
    if (this.account.stepsOf(instrument.id) !== 0) this.liquidateIfDue(atMs);
  }

  // --------------------------------------------------------------------------- orders

  submit(intent: PaperIntent, atMs: number): void {
    const symbol = this.symbols.row(intent.symbolId);
    const refusal = refusalOf(intent, symbol.instrument, this.factsFor(intent, symbol));
    const { clientId } = intent;
    if (refusal !== null) {
      this.options.emit({ kind: "submit_result", clientId, outcome: refusal });
      return;
    }
    const order = this.orderOf(intent, atMs);
    const outcome = { result: "accepted", venueOrderId: order.venueOrderId } as const;
    this.options.emit({ kind: "submit_result", clientId, outcome });
    this.orders.add(order);
    this.work(symbol, order, atMs);
  }

  cancel(clientId: ClientOrderId, atMs: number): void {
    const order = this.orders.findOpen(clientId);
    const outcome: CancelOutcome =
      order === undefined
        ? { result: "gone", text: "the order is not known or already finished" }
        : { result: "accepted" };
    this.options.emit({ kind: "cancel_result", clientId, outcome });
    if (order !== undefined) this.finish(order, "cancelled", "cancelled by request", atMs);
  }

  cancelByVenueId(venueOrderId: VenueOrderId, atMs: number): void {
    for (const order of this.orders.open()) {
      if (order.venueOrderId === venueOrderId)
        this.finish(order, "cancelled", "cancelled by request", atMs);
    }
  }

  cancelAll(atMs: number): void {
    for (const order of this.orders.open()) {
      this.finish(order, "cancelled", "cancelled with all others", atMs);
    }
  }

  ask(clientId: ClientOrderId): void {
    const order = this.orders.find(clientId);
    const report = order === undefined ? null : orderReportOf(order);
    this.options.emit({ kind: "order_answer", clientId, report });
  }

  /** Puts or moves the stop of a position. False when it is flat or the stop would fire at once. */
  protect(symbolId: SymbolId, stopLossTicks: PriceTicks, atMs: number): boolean {
    const symbol = this.symbols.row(symbolId);
    const position = this.account.position(symbolId);
    if (position === undefined || fires(position, stopLossTicks, symbol.ticker.lastTicks)) {
      return false;
    }
    position.stopLossTicks = stopLossTicks;
    this.options.emit(positionReportOf(symbolId, position, atMs));
    return true;
  }

  snapshot(cause: string, requestedAtMs: number, atMs: number): AccountSnapshot {
    const positions = [...this.account.positions()];
    const opening = this.orders.open().filter(({ reduceOnly }) => !reduceOnly);
    return {
      kind: "account_snapshot",
      cause,
      openOrders: this.orders.open().map(orderReportOf),
      positions: positions.map((held) => positionReportOf(held.instrument.id, held, atMs)),
      executions: this.executions.toArray(),
      wallet: this.wallet(atMs),
      unreadable: [],
      venueCounts: {
        openPositions: positions.filter(({ steps }) => steps !== 0).length,
        openingOrders: opening.length,
      },
      requestedAtMs,
      // One process, one clock.
      requestedVenueAtMs: requestedAtMs,
    };
  }

  /** Steps before an open order in its queue; null when it does not rest. For display and tests. */
  aheadOf(clientId: ClientOrderId): number | null {
    const order = this.orders.findOpen(clientId);
    return order === undefined ? null : this.symbols.row(order.symbolId).matcher.aheadOf(order);
  }

  private work(symbol: SymbolRow, order: PaperOrder, atMs: number): void {
    const { matcher } = symbol;
    const { side, priceTicks, timeInForce } = order;
    if (timeInForce === "post_only" && priceTicks !== null) {
      if (wouldCross(matcher.book, side, priceTicks)) {
        this.finish(order, "cancelled", "post-only would take liquidity", atMs);
        return;
      }
    }
    const wanted = { side, limitTicks: priceTicks, qtySteps: order.qtySteps };
    // What is displayed on a book that is not believed cannot be had.
    const takes = timeInForce !== "post_only" && this.symbols.isBelieved(symbol, atMs);
    const fills = takes ? matcher.takeable(wanted) : [];
    if (timeInForce === "fok" && sumOf(fills) < order.qtySteps) {
      this.finish(order, "cancelled", "not all of it can be had at once", atMs);
      return;
    }
    const rests = order.type === "limit" && priceTicks !== null && timeInForce !== "ioc";
    if (fills.length === 0 && rests) this.report(order, atMs);
    this.takeFills(symbol, order, fills, atMs);
    if (order.filledSteps === order.qtySteps || !isOpen(order)) return;
    if (rests && priceTicks !== null) matcher.rest(order, priceTicks, atMs);
    else this.finish(order, "cancelled", "nothing more can be had at once", atMs);
  }

  private takeFills(
    symbol: SymbolRow,
    order: PaperOrder,
    fills: readonly Fill[],
    atMs: number,
  ): void {
    for (const fill of fills) {
      symbol.matcher.take(order, [fill]);
      this.booked(symbol, order, { ...fill, isMaker: false, atMs });
    }
  }

  /** One fill: money, position, stop, and the reports of it. */
  private booked(
    symbol: SymbolRow,
    order: PaperOrder,
    fill: Fill & { readonly isMaker: boolean; readonly atMs: number },
  ): void {
    const { instrument } = symbol;
    const { side } = order;
    this.settleFunding(symbol, fill.atMs);
    const fee = this.account.trade({ ...fill, instrument, side });
    this.execute(
      executionOf(order, { ...fill, execKind: "trade", execId: asExecId(this.nextId()), fee }),
    );
    const isFilled = order.filledSteps === order.qtySteps;
    if (isFilled) this.finish(order, "filled", "", fill.atMs);
    else {
      order.status = "partially_filled";
      this.report(order, fill.atMs);
    }
    const position = this.account.position(instrument.id);
    const grew = position !== undefined && position.steps * (side === "buy" ? 1 : -1) > 0;
    assert(!(order.reduceOnly && grew), "a reduce-only order opens nothing");
    if (grew && order.stopLossTicks !== null) position.stopLossTicks = order.stopLossTicks;
    this.options.emit(positionReportOf(instrument.id, position, fill.atMs));
    this.options.emit(this.wallet(fill.atMs));
    this.trimReduceOnly(instrument.id, fill.atMs);
  }

  /** Reduce-only orders never outlive or exceed what they reduce. */
  private trimReduceOnly(symbolId: SymbolId, atMs: number): void {
    const steps = this.account.stepsOf(symbolId);
    for (const order of this.orders.reduceOnlyOf(symbolId)) {
      const closable =
        steps !== 0 && closingSide(steps) === order.side ? absSteps(steps) : ZERO_STEPS;
      const left = subSteps(order.qtySteps, order.filledSteps);
      if (left <= closable) continue;
      if (closable === 0) this.finish(order, "cancelled", "nothing is left to reduce", atMs);
      else {
        order.qtySteps = addSteps(order.filledSteps, closable);
        this.report(order, atMs);
      }
    }
  }

  private finish(
    order: PaperOrder,
    status: "filled" | "cancelled",
    detail: string,
    atMs: number,
  ): void {
    order.status = status;
    order.detail = detail;
    this.symbols.row(order.symbolId).matcher.remove(order);
    this.orders.finish(order);
    this.report(order, atMs);
  }

  // --------------------------------------------------------------------------- stops, funding

  private checkStop(symbol: SymbolRow, lastTicks: PriceTicks, atMs: number): void {
    const position = this.account.position(symbol.instrument.id);
    if (position === undefined || position.stopLossTicks === null || position.stopFired) return;
    if (!fires(position, position.stopLossTicks, lastTicks)) return;
    position.stopFired = true;
    this.runStop(symbol, atMs);
  }

  /** Closes what it can at market; what the visible book cannot take waits for the next frame. */
  private runStop(symbol: SymbolRow, atMs: number): void {
    const { id } = symbol.instrument;
    const position = this.account.position(id);
    if (position?.stopFired !== true || !this.symbols.isBelieved(symbol, atMs)) return;
    const side = closingSide(position.steps);
    const qtySteps = absSteps(position.steps);
    const fills = symbol.matcher.takeable({ side, limitTicks: null, qtySteps });
    if (fills.length === 0) return;
    const intent = stopIntentOf(id, side, qtySteps);
    const order = this.orderOf(intent, atMs, position.stopLossTicks);
    this.takeFills(symbol, order, fills, atMs);
    if (isOpen(order)) this.finish(order, "cancelled", "nothing more can be had at once", atMs);
  }

  /**
   * Takes all positions at their marks once the equity no longer backs them: as in cross margin,
   * where every position stands for every other. What rests goes first.
   */
  private liquidateIfDue(atMs: number): void {
    const markOf = (id: SymbolId) => this.symbols.markOf(id);
    if (!this.account.isExhausted(markOf)) return;
    this.cancelAll(atMs);
    for (const { instrument, steps } of [...this.account.positions()]) {
      const priceTicks = this.ticksOf(instrument, markOf(instrument.id));
      const fill = { side: closingSide(steps), priceTicks, qtySteps: absSteps(steps) };
      const fee = this.account.trade({ ...fill, instrument, isMaker: false, atMs });
      const venueOrderId = asVenueOrderId(this.nextId());
      const order = { symbolId: instrument.id, venueOrderId, clientId: NO_CLIENT_ID, ...fill };
      const execId = asExecId(this.nextId());
      const parts = {
        ...fill,
        execKind: "liquidation",
        execId,
        fee,
        isMaker: false,
        atMs,
      } as const;
      this.execute(executionOf(order, parts));
      const position = this.account.position(instrument.id);
      this.options.emit(positionReportOf(instrument.id, position, atMs));
    }
    this.options.emit(this.wallet(atMs));
  }

  private ticksOf({ price }: Instrument, mark: Price): PriceTicks {
    return wholeTicks(Math.max(1, Math.round(fixedToNumber(mark) / toNumber(price, 1))));
  }

  private settleFunding(symbol: SymbolRow, atMs: number): void {
    const { ticker, instrument } = symbol;
    const dueAtMs = ticker.nextFundingAtMs;
    if (!this.options.models.funding.isDue(dueAtMs, symbol.fundedAtMs, atMs)) return;
    assert(dueAtMs > symbol.fundedAtMs, "a settlement is paid once");
    symbol.fundedAtMs = dueAtMs;
    const position = this.account.position(instrument.id);
    const rate = parseFixed(ticker.fundingRateText) ?? 0n;
    const mark = this.symbols.markOf(instrument.id);
    if (position === undefined || rate === 0n || mark === 0n) return;
    const fee = this.account.fund(position, mark, rate);
    const parts = {
      execKind: "funding",
      execId: asExecId(this.nextId()),
      priceTicks: this.ticksOf(instrument, mark),
      qtySteps: absSteps(position.steps),
      fee,
      isMaker: false,
      atMs,
    } as const;
    const side = closingSide(-position.steps);
    this.execute(
      executionOf(
        { symbolId: instrument.id, venueOrderId: NO_VENUE_ID, clientId: NO_CLIENT_ID, side },
        parts,
      ),
    );
    this.options.emit(this.wallet(atMs));
  }

  // --------------------------------------------------------------------------- small parts

  private factsFor(intent: PaperIntent, symbol: SymbolRow) {
    const { book } = symbol.matcher;
    const { clientId, side } = intent;
    const equity = this.account.equity((id) => this.symbols.markOf(id));
    return {
      positionSteps: this.account.stepsOf(intent.symbolId),
      availableUsdt: this.availableOf(equity),
      marketTicks: side === "buy" ? book.bestAskTicks : book.bestBidTicks,
      leverage: PAPER_LEVERAGE,
      isDuplicate: this.orders.find(clientId) !== undefined,
      bookIsLive: book.state === "live",
      openCount: symbol.matcher.restingCount,
    };
  }

  private availableOf(equity: Usdt): Usdt {
    const resting = this.symbols.restingValue(this.orders.open());
    return equity - this.account.margin() - resting / PAPER_LEVERAGE;
  }

  private orderOf(
    intent: PaperIntent,
    atMs: number,
    triggerTicks: PriceTicks | null = null,
  ): PaperOrder {
    const held = absSteps(this.account.stepsOf(intent.symbolId));
    const qtySteps = intent.reduceOnly ? minSteps(intent.qtySteps, held) : intent.qtySteps;
    return {
      clientId: intent.clientId,
      venueOrderId: asVenueOrderId(this.nextId()),
      symbolId: intent.symbolId,
      side: intent.side,
      type: intent.type,
      priceTicks: intent.priceTicks,
      timeInForce: intent.timeInForce,
      reduceOnly: intent.reduceOnly,
      stopLossTicks: intent.reduceOnly ? null : intent.stopLossTicks,
      triggerTicks,
      qtySteps,
      filledSteps: ZERO_STEPS,
      status: "new",
      detail: "",
      updatedAtMs: atMs,
    };
  }

  private report(order: PaperOrder, atMs: number): void {
    order.updatedAtMs = atMs;
    const report: OrderReport = orderReportOf(order);
    this.options.emit(report);
  }

  private execute(report: ExecutionReport): void {
    this.executions.push(report);
    this.options.emit(report);
  }

  private wallet(atMs: number): WalletReport {
    const equity = this.account.equity((id) => this.symbols.markOf(id));
    const available = this.availableOf(equity);
    const walletBalance = this.account.balance;
    return { kind: "wallet_report", equity, walletBalance, available, venueAtMs: atMs };
  }

  private nextId(): string {
    return `${this.options.idPrefix}-${(this.ids++).toString(36)}`;
  }
}

function fires(position: PaperPosition, stopLossTicks: number, lastTicks: number): boolean {
  if (lastTicks <= 0) return false;
  return position.steps > 0 ? lastTicks <= stopLossTicks : lastTicks >= stopLossTicks;
}

const sumOf = (fills: readonly Fill[]): number =>
  fills.reduce((sum, fill) => sum + fill.qtySteps, 0);
