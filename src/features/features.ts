/**
 * Micro-structure features of every symbol, updated in O(1) a market frame.
 *
 * One column per feature, indexed by symbol id, so that a frame touches a few numbers and allocates
 * nothing. Quantities that fade (order flow, trade flow, volatility) are gathered into a running
 * second and folded into their averages when the second is over: no exponential is taken per frame.
 * All are signals as floats; nothing here is ever booked or sent.
 */

import type { PublicTrade } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { SymbolId } from "../domain/units.ts";
import { toNumber } from "../kernel/decimal.ts";
import type { OrderBook } from "../market/book.ts";

/** Length of the running second that averages are sampled at. */
const SAMPLE_MS = 1_000;
/** After this silence a price jump is a gap between two markets, not volatility. */
const GAP_MS = 60_000;
/** Half-life of about 23 s for volatility, 7 s for flows, 60 s for the trade rate. */
const VOLATILITY_WEIGHT = 0.03;
const FLOW_WEIGHT = 0.1;
const RATE_WEIGHT = 0.0115;

export class Features {
  private capacity = 0;
  /** Best prices and sizes at the last usable frame; 0 before it. */
  bidTicks = new Float64Array(0);
  askTicks = new Float64Array(0);
  bidSteps = new Float64Array(0);
  askSteps = new Float64Array(0);
  /** (bid + ask) ÷ 2 in ticks. */
  midTicks = new Float64Array(0);
  spreadBps = new Float64Array(0);
  /** Queue imbalance Qb ÷ (Qb + Qa), 0 … 1 (Gould & Bonart, arXiv 1512.03492). */
  imbalance = new Float64Array(0);
  /** Mid weighted by the opposite queues, in ticks. */
  micropriceTicks = new Float64Array(0);
  /** Standard deviation of one-second mid returns, in bps. */
  volatilityBps = new Float64Array(0);
  /** (bought − sold) ÷ (bought + sold) of takers over some seconds, -1 … 1. */
  tradeFlow = new Float64Array(0);
  /** Order-flow imbalance a second in steps (Cont, Kukanov, Stoikov 2014), faded. */
  orderFlow = new Float64Array(0);
  tradesPerMin = new Float64Array(0);
  /** Average value of the two best queues, in USDT. */
  topDepthUsdt = new Float64Array(0);

  private variance = new Float64Array(0);
  /** Returns seen: the first ones weigh more, so that a start is not taken for calm. */
  private returns = new Float64Array(0);
  /** Seconds sampled so far, for the same reason. */
  private observedSec = new Float64Array(0);
  private sampleMid = new Float64Array(0);
  private sampledAtMs = new Float64Array(0);
  private flowNow = new Float64Array(0);
  private boughtNow = new Float64Array(0);
  private soldNow = new Float64Array(0);
  private bought = new Float64Array(0);
  private sold = new Float64Array(0);
  private tradesNow = new Float64Array(0);
  /** Value of one step at one tick in USDT. */
  private unitUsdt = new Float64Array(0);

  /** Makes room for the instruments; what is known of earlier ones stays. */
  load(instruments: readonly Instrument[]): void {
    let size = this.capacity;
    for (const instrument of instruments) size = Math.max(size, instrument.id + 1);
    if (size > this.capacity) this.grow(size);
    for (const { id, price, qty } of instruments) {
      this.unitUsdt[id] = toNumber(price, 1) * toNumber(qty, 1);
    }
  }

  /** Takes a live book's best levels. A book with an empty side changes nothing. */
  onBook(id: SymbolId, book: OrderBook, atMs: number): void {
    const bid = book.bestBidTicks;
    const ask = book.bestAskTicks;
    if (bid <= 0 || ask <= 0) return;
    const bidQty = book.bestBidSteps;
    const askQty = book.bestAskSteps;
    this.countFlow(id, book);
    this.bidTicks[id] = bid;
    this.askTicks[id] = ask;
    this.bidSteps[id] = bidQty;
    this.askSteps[id] = askQty;
    const mid = (bid + ask) / 2;
    const queues = bidQty + askQty;
    this.midTicks[id] = mid;
    this.spreadBps[id] = ((ask - bid) / mid) * 10_000;
    this.imbalance[id] = bidQty / queues;
    this.micropriceTicks[id] = (ask * bidQty + bid * askQty) / queues;
    if (atMs - (this.sampledAtMs[id] ?? 0) >= SAMPLE_MS) this.sample(id, atMs);
  }

  onTrades(id: SymbolId, trades: readonly PublicTrade[], atMs: number): void {
    for (const trade of trades) {
      if (trade.side === "buy") this.boughtNow[id] = (this.boughtNow[id] ?? 0) + trade.qtySteps;
      else this.soldNow[id] = (this.soldNow[id] ?? 0) + trade.qtySteps;
    }
    this.tradesNow[id] = (this.tradesNow[id] ?? 0) + trades.length;
    if (atMs - (this.sampledAtMs[id] ?? 0) >= SAMPLE_MS) this.sample(id, atMs);
  }

  /** Closes the running second: called by frames, and by a timer for symbols that fell silent. */
  sample(id: SymbolId, atMs: number): void {
    const sampledAtMs = this.sampledAtMs[id] ?? 0;
    const elapsedMs = atMs - sampledAtMs;
    if (elapsedMs < SAMPLE_MS) return;
    const seconds = Math.min(elapsedMs / SAMPLE_MS, 60);
    this.sampledAtMs[id] = atMs;
    // The very first look only starts the running second.
    if (sampledAtMs === 0) return;
    const observedSec = (this.observedSec[id] ?? 0) + seconds;
    this.observedSec[id] = observedSec;
    this.sampleVolatility(id, elapsedMs, seconds);
    const keepFlow = (1 - FLOW_WEIGHT) ** seconds;
    const flow = (this.flowNow[id] ?? 0) / seconds;
    this.orderFlow[id] = (this.orderFlow[id] ?? 0) * keepFlow + flow * (1 - keepFlow);
    this.flowNow[id] = 0;
    const bought = (this.bought[id] ?? 0) * keepFlow + (this.boughtNow[id] ?? 0);
    const sold = (this.sold[id] ?? 0) * keepFlow + (this.soldNow[id] ?? 0);
    this.bought[id] = bought;
    this.sold[id] = sold;
    this.boughtNow[id] = 0;
    this.soldNow[id] = 0;
    this.tradeFlow[id] = bought + sold > 0 ? (bought - sold) / (bought + sold) : 0;
    const keepRate = Math.min((1 - RATE_WEIGHT) ** seconds, 1 - seconds / observedSec);
    const perMin = ((this.tradesNow[id] ?? 0) / seconds) * 60;
    this.tradesPerMin[id] = (this.tradesPerMin[id] ?? 0) * keepRate + perMin * (1 - keepRate);
    this.tradesNow[id] = 0;
    const topUsdt =
      (((this.bidSteps[id] ?? 0) + (this.askSteps[id] ?? 0)) / 2) *
      (this.midTicks[id] ?? 0) *
      (this.unitUsdt[id] ?? 0);
    this.topDepthUsdt[id] = (this.topDepthUsdt[id] ?? 0) * keepFlow + topUsdt * (1 - keepFlow);
  }

  private sampleVolatility(id: SymbolId, elapsedMs: number, seconds: number): void {
    const mid = this.midTicks[id] ?? 0;
    const before = this.sampleMid[id] ?? 0;
    this.sampleMid[id] = mid;
    if (before <= 0 || mid <= 0 || elapsedMs > GAP_MS) return;
    const returnBps = (mid / before - 1) * 10_000;
    const returns = (this.returns[id] ?? 0) + 1;
    this.returns[id] = returns;
    const keep = Math.min((1 - VOLATILITY_WEIGHT) ** seconds, 1 - 1 / returns);
    const perSecond = (returnBps * returnBps) / seconds;
    const variance = (this.variance[id] ?? 0) * keep + perSecond * (1 - keep);
    this.variance[id] = variance;
    this.volatilityBps[id] = Math.sqrt(variance);
  }

  /**
   * e = q_b·[P_b ≥ P_b'] − q_b'·[P_b ≤ P_b'] − q_a·[P_a ≤ P_a'] + q_a'·[P_a ≥ P_a'], primes before.
   */
  private countFlow(id: SymbolId, book: OrderBook): void {
    const bidBefore = this.bidTicks[id] ?? 0;
    if (bidBefore === 0) return;
    const askBefore = this.askTicks[id] ?? 0;
    let flow = 0;
    if (book.bestBidTicks >= bidBefore) flow += book.bestBidSteps;
    if (book.bestBidTicks <= bidBefore) flow -= this.bidSteps[id] ?? 0;
    if (book.bestAskTicks <= askBefore) flow -= book.bestAskSteps;
    if (book.bestAskTicks >= askBefore) flow += this.askSteps[id] ?? 0;
    this.flowNow[id] = (this.flowNow[id] ?? 0) + flow;
  }

  private grow(size: number): void {
    this.capacity = size;
    this.bidTicks = widened(this.bidTicks, size);
    this.askTicks = widened(this.askTicks, size);
    this.bidSteps = widened(this.bidSteps, size);
    this.askSteps = widened(this.askSteps, size);
    this.midTicks = widened(this.midTicks, size);
    this.spreadBps = widened(this.spreadBps, size);
    this.imbalance = widened(this.imbalance, size);
    this.micropriceTicks = widened(this.micropriceTicks, size);
    this.volatilityBps = widened(this.volatilityBps, size);
    this.tradeFlow = widened(this.tradeFlow, size);
    this.orderFlow = widened(this.orderFlow, size);
    this.tradesPerMin = widened(this.tradesPerMin, size);
    this.topDepthUsdt = widened(this.topDepthUsdt, size);
    this.variance = widened(this.variance, size);
    this.returns = widened(this.returns, size);
    this.observedSec = widened(this.observedSec, size);
    this.sampleMid = widened(this.sampleMid, size);
    this.sampledAtMs = widened(this.sampledAtMs, size);
    this.flowNow = widened(this.flowNow, size);
    this.boughtNow = widened(this.boughtNow, size);
    this.soldNow = widened(this.soldNow, size);
    this.bought = widened(this.bought, size);
    this.sold = widened(this.sold, size);
    this.tradesNow = widened(this.tradesNow, size);
    this.unitUsdt = widened(this.unitUsdt, size);
  }
}

function widened(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(size);
  wider.set(column);
  return wider;
}
