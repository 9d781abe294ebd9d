/**
 * The features of one symbol written down plainly: one object, fields instead of columns, the same
 * operations in the same order. What the table computes is compared with this bit by bit.
 */
import type { PublicTrade } from "../../../src/domain/event.ts";

interface PlainBook {
  readonly bid: number;
  readonly bidQty: number;
  readonly ask: number;
  readonly askQty: number;
}

export class PlainFeatures {
  bidTicks = 0;
  askTicks = 0;
  bidSteps = 0;
  askSteps = 0;
  midTicks = 0;
  spreadBps = 0;
  imbalance = 0;
  micropriceTicks = 0;
  volatilityBps = 0;
  tradeFlow = 0;
  orderFlow = 0;
  tradesPerMin = 0;
  topDepthUsdt = 0;
  private variance = 0;
  private returns = 0;
  private observedSec = 0;
  private sampleMid = 0;
  private sampledAtMs = 0;
  private flowNow = 0;
  private boughtNow = 0;
  private soldNow = 0;
  private bought = 0;
  private sold = 0;
  private tradesNow = 0;
  private readonly unitUsdt: number;

  constructor(unitUsdt: number) {
    this.unitUsdt = unitUsdt;
  }

  onBook(book: PlainBook, atMs: number): void {
    const { bid, bidQty, ask, askQty } = book;
    if (bid <= 0 || ask <= 0) return;
    if (this.bidTicks !== 0) {
      let flow = 0;
      if (bid >= this.bidTicks) flow += bidQty;
      if (bid <= this.bidTicks) flow -= this.bidSteps;
      if (ask <= this.askTicks) flow -= askQty;
      if (ask >= this.askTicks) flow += this.askSteps;
      this.flowNow += flow;
    }
    this.bidTicks = bid;
    this.askTicks = ask;
    this.bidSteps = bidQty;
    this.askSteps = askQty;
    this.midTicks = (bid + ask) / 2;
    this.spreadBps = ((ask - bid) / this.midTicks) * 10_000;
    this.imbalance = bidQty / (bidQty + askQty);
    this.micropriceTicks = (ask * bidQty + bid * askQty) / (bidQty + askQty);
    this.sample(atMs);
  }

  onTrades(trades: readonly PublicTrade[], atMs: number): void {
    for (const { side, qtySteps } of trades) {
      if (side === "buy") this.boughtNow += qtySteps;
      else this.soldNow += qtySteps;
    }
    this.tradesNow += trades.length;
    this.sample(atMs);
  }

  sample(atMs: number): void {
    const before = this.sampledAtMs;
    const elapsedMs = atMs - before;
    if (elapsedMs < 1_000) return;
    const seconds = Math.min(elapsedMs / 1_000, 60);
    this.sampledAtMs = atMs;
    if (before === 0) return;
    this.observedSec += seconds;
    this.sampleVolatility(elapsedMs, seconds);
    const keepFlow = 0.9 ** seconds;
    this.orderFlow = this.orderFlow * keepFlow + (this.flowNow / seconds) * (1 - keepFlow);
    this.flowNow = 0;
    this.bought = this.bought * keepFlow + this.boughtNow;
    this.sold = this.sold * keepFlow + this.soldNow;
    this.boughtNow = 0;
    this.soldNow = 0;
    const all = this.bought + this.sold;
    this.tradeFlow = all > 0 ? (this.bought - this.sold) / all : 0;
    const keepRate = Math.min((1 - 0.0115) ** seconds, 1 - seconds / this.observedSec);
    const perMin = (this.tradesNow / seconds) * 60;
    this.tradesPerMin = this.tradesPerMin * keepRate + perMin * (1 - keepRate);
    this.tradesNow = 0;
    const topUsdt = ((this.bidSteps + this.askSteps) / 2) * this.midTicks * this.unitUsdt;
    this.topDepthUsdt = this.topDepthUsdt * keepFlow + topUsdt * (1 - keepFlow);
  }

  private sampleVolatility(elapsedMs: number, seconds: number): void {
    const mid = this.midTicks;
    const before = this.sampleMid;
    this.sampleMid = mid;
    if (before <= 0 || mid <= 0 || elapsedMs > 60_000) return;
    const returnBps = (mid / before - 1) * 10_000;
    this.returns++;
    const keep = Math.min((1 - 0.03) ** seconds, 1 - 1 / this.returns);
    this.variance = this.variance * keep + ((returnBps * returnBps) / seconds) * (1 - keep);
    this.volatilityBps = Math.sqrt(this.variance);
  }
}
