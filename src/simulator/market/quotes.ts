/**
 * One side's resting house orders of a contract: what its makers could cancel.
 *
 * Unsorted, because makers mostly cancel at random or everything past a price. Orders that somebody
 * traded with stay in the list until it is looked at after a sweep.
 */
import type { ExchangeCore, SimSide } from "../core/api.ts";

export class Quotes {
  readonly side: SimSide;
  private readonly core: ExchangeCore;
  private readonly index: number;
  private readonly handles: number[] = [];
  private readonly prices: number[] = [];

  constructor(core: ExchangeCore, index: number, side: SimSide) {
    this.core = core;
    this.index = index;
    this.side = side;
  }

  get count(): number {
    return this.handles.length;
  }

  /** Best price of the whole side, clients' orders included; 0 when it is empty. */
  get bestTicks(): number {
    return this.core.bestTicks(this.index, this.side);
  }

  /** Steps at the best price of the whole side. */
  get bestSteps(): number {
    return this.core.bestSteps(this.index, this.side);
  }

  /** Whether `left` is nearer to the other side than `right`. */
  isNearer(left: number, right: number): boolean {
    return this.side === "Buy" ? left > right : left < right;
  }

  /** A post-only order; one that would cross is not placed. */
  place(priceTicks: number, steps: number): void {
    if (priceTicks < 1) return;
    const handle = this.core.housePlace(this.index, {
      side: this.side,
      priceTicks,
      qtySteps: steps,
      timeInForce: "PostOnly",
    });
    if (handle === 0) return;
    this.handles.push(handle);
    this.prices.push(priceTicks);
  }

  /** Cancels every order that is nearer to the other side than the price. */
  dropNearer(priceTicks: number): void {
    const best = this.bestTicks;
    if (best === 0 || !this.isNearer(best, priceTicks)) return;
    for (let at = this.prices.length - 1; at >= 0; at--) {
      if (this.isNearer(this.prices[at] ?? 0, priceTicks)) this.drop(at);
    }
  }

  /** Cancels orders at exactly the price, newest first, at most `count` of them. */
  dropAt(priceTicks: number, count: number): void {
    let left = count;
    for (let at = this.prices.length - 1; at >= 0 && left > 0; at--) {
      if (this.prices[at] !== priceTicks) continue;
      this.drop(at);
      left--;
    }
  }

  /** Cancels the order at a place in the list, unless it is nearer than or at `keptTicks`. */
  dropBehind(at: number, keptTicks: number): void {
    if (this.isNearer(keptTicks, this.prices[at] ?? 0)) this.drop(at);
  }

  /** Cancels every order of which more than so many steps are left. */
  dropLarger(steps: number): void {
    for (let at = this.handles.length - 1; at >= 0; at--) {
      if (this.core.houseLeft(this.index, this.handles[at] ?? 0) > steps) this.drop(at);
    }
  }

  dropFarthest(): void {
    let farthest = 0;
    for (let at = 1; at < this.prices.length; at++) {
      if (this.isNearer(this.prices[farthest] ?? 0, this.prices[at] ?? 0)) farthest = at;
    }
    if (this.count > 0) this.drop(farthest);
  }

  /** The price farthest from the other side, `fallback` when there is no order. */
  farthestTicks(fallback: number): number {
    let far = this.prices[0] ?? fallback;
    for (const price of this.prices) if (this.isNearer(far, price)) far = price;
    return far;
  }

  dropAll(): void {
    while (this.count > 0) this.drop(this.count - 1);
  }

  /** After a sweep: orders at or inside the new touch that are gone leave the list. */
  forgetFilled(): void {
    const best = this.bestTicks;
    for (let at = this.prices.length - 1; at >= 0; at--) {
      if (best !== 0 && this.isNearer(best, this.prices[at] ?? 0)) continue;
      if (this.core.houseLeft(this.index, this.handles[at] ?? 0) === 0) this.forget(at);
    }
  }

  private drop(at: number): void {
    this.core.houseCancel(this.index, this.handles[at] ?? 0);
    this.forget(at);
  }

  /** Removes one entry; the order of the list does not matter. */
  private forget(at: number): void {
    const last = this.handles.length - 1;
    this.handles[at] = this.handles[last] ?? 0;
    this.prices[at] = this.prices[last] ?? 0;
    this.handles.length = last;
    this.prices.length = last;
  }
}
