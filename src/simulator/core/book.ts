/**
 * One symbol's order book: price levels in a sorted array, orders of a level in a queue by arrival.
 *
 * The best level is the last of its array, so that almost every insert, match and removal touches
 * the end. Levels are found by binary search over their prices. What clients see is the levels'
 * sums; queues are only for matching. Quantities are whole steps, prices whole ticks.
 */
import { assert, must } from "../../kernel/assert.ts";
import type { SimLevels, SimSide } from "./api.ts";
import type { OrderPool } from "./pool.ts";

export interface Level {
  readonly priceTicks: number;
  /** Sum over its orders. */
  qtySteps: number;
  /** Slots of the oldest and the newest order. */
  head: number;
  tail: number;
}

/** Counts every book change and trade of the venue. */
export interface Sequence {
  value: number;
}

export class OrderBook {
  /** Ascending prices. */
  private readonly bids: Level[] = [];
  /** Descending prices. */
  private readonly asks: Level[] = [];
  private readonly pool: OrderPool;
  private readonly sequence: Sequence;
  version = 0;

  constructor(pool: OrderPool, sequence: Sequence) {
    this.pool = pool;
    this.sequence = sequence;
  }

  best(side: SimSide): Level | undefined {
    const levels = side === "Buy" ? this.bids : this.asks;
    return levels[levels.length - 1];
  }

  /** Puts an order at the end of its level's queue and returns its slot. */
  add(side: SimSide, priceTicks: number, qtySteps: number, owner: number): number {
    const pool = this.pool;
    const slot = pool.allocate();
    const level = this.levelAt(side, priceTicks);
    pool.leftSteps[slot] = qtySteps;
    pool.priceTicks[slot] = priceTicks;
    pool.owner[slot] = owner;
    pool.isBid[slot] = side === "Buy" ? 1 : 0;
    pool.next[slot] = 0;
    pool.previous[slot] = level.tail;
    if (level.tail === 0) level.head = slot;
    else pool.next[level.tail] = slot;
    level.tail = slot;
    level.qtySteps += qtySteps;
    this.changed();
    return slot;
  }

  /** Takes an order off the book and frees its slot. */
  remove(slot: number): void {
    const pool = this.pool;
    const levels = pool.isBid[slot] === 1 ? this.bids : this.asks;
    const index = this.indexOf(levels, pool.priceTicks[slot] ?? 0);
    const level = must(levels[index], "a resting order has a level");
    const before = pool.previous[slot] ?? 0;
    const after = pool.next[slot] ?? 0;
    if (before === 0) level.head = after;
    else pool.next[before] = after;
    if (after === 0) level.tail = before;
    else pool.previous[after] = before;
    level.qtySteps -= pool.leftSteps[slot] ?? 0;
    if (level.head === 0) removeAt(levels, index);
    pool.free(slot);
    this.changed();
  }

  /** Takes `steps` off a resting order that keeps its place; it leaves when nothing is left. */
  reduce(slot: number, steps: number): void {
    const left = this.pool.leftSteps[slot] ?? 0;
    assert(steps > 0 && steps <= left, "an order is reduced by no more than what is left of it");
    if (steps === left) {
      this.remove(slot);
      return;
    }
    const levels = this.pool.isBid[slot] === 1 ? this.bids : this.asks;
    const level = levels[this.indexOf(levels, this.pool.priceTicks[slot] ?? 0)];
    must(level, "a resting order has a level").qtySteps -= steps;
    this.pool.leftSteps[slot] = left - steps;
    this.changed();
  }

  /** As {@link reduce} for the oldest order of the best level, without searching for the level. */
  reduceBest(side: SimSide, level: Level, steps: number): void {
    const slot = level.head;
    const left = this.pool.leftSteps[slot] ?? 0;
    if (steps < left) {
      this.pool.leftSteps[slot] = left - steps;
      level.qtySteps -= steps;
      this.changed();
      return;
    }
    const after = this.pool.next[slot] ?? 0;
    level.head = after;
    level.qtySteps -= left;
    if (after === 0) (side === "Buy" ? this.bids : this.asks).pop();
    else this.pool.previous[after] = 0;
    this.pool.free(slot);
    this.changed();
  }

  /**
   * Steps that an order reaching `limitTicks` would meet on `side`, counted up to `wantedSteps`.
   * Orders of `spared` owners do not count: self-match prevention would take them away.
   */
  reachable(
    side: SimSide,
    limitTicks: number,
    wantedSteps: number,
    spared?: (owner: number) => boolean,
  ): number {
    const levels = side === "Buy" ? this.bids : this.asks;
    let steps = 0;
    for (let index = levels.length - 1; index >= 0 && steps < wantedSteps; index--) {
      const level = must(levels[index], "an index below the length");
      const past = side === "Buy" ? level.priceTicks < limitTicks : level.priceTicks > limitTicks;
      if (past) break;
      steps += spared === undefined ? level.qtySteps : this.stepsWithout(level, spared);
    }
    return steps;
  }

  /** Top levels, best first, as price and quantity in turn. */
  top(side: SimSide, depth: number): SimLevels {
    const levels = side === "Buy" ? this.bids : this.asks;
    const out: SimLevels = [];
    const last = Math.max(0, levels.length - depth);
    for (let index = levels.length - 1; index >= last; index--) {
      const level = must(levels[index], "an index below the length");
      out.push(level.priceTicks, level.qtySteps);
    }
    return out;
  }

  /** Slots of a side, in the order in which they would match. */
  slots(side: SimSide): number[] {
    const levels = side === "Buy" ? this.bids : this.asks;
    const out: number[] = [];
    for (let index = levels.length - 1; index >= 0; index--) {
      let slot = levels[index]?.head ?? 0;
      for (; slot !== 0; slot = this.pool.next[slot] ?? 0) out.push(slot);
    }
    return out;
  }

  private stepsWithout(level: Level, spared: (owner: number) => boolean): number {
    let steps = 0;
    for (let slot = level.head; slot !== 0; slot = this.pool.next[slot] ?? 0) {
      if (!spared(this.pool.owner[slot] ?? 0)) steps += this.pool.leftSteps[slot] ?? 0;
    }
    return steps;
  }

  private changed(): void {
    this.version++;
    this.sequence.value++;
  }

  /** The level of a price, made when there is none. */
  private levelAt(side: SimSide, priceTicks: number): Level {
    const levels = side === "Buy" ? this.bids : this.asks;
    const index = this.indexOf(levels, priceTicks);
    const found = levels[index];
    if (found !== undefined && found.priceTicks === priceTicks) return found;
    const level: Level = { priceTicks, qtySteps: 0, head: 0, tail: 0 };
    insertAt(levels, index, level);
    return level;
  }

  /** Where a price is or would be: the first level that is not worse. */
  private indexOf(levels: Level[], priceTicks: number): number {
    const descending = levels === this.asks;
    let low = 0;
    let high = levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const price = levels[middle]?.priceTicks ?? 0;
      if (descending ? price > priceTicks : price < priceTicks) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Array.splice without its result array: books change thousands of times a second. */
function insertAt(levels: Level[], index: number, level: Level): void {
  levels.push(level);
  for (let at = levels.length - 1; at > index; at--) {
    levels[at] = must(levels[at - 1], "an index below the length");
  }
  levels[index] = level;
}

function removeAt(levels: Level[], index: number): void {
  for (let at = index; at < levels.length - 1; at++) {
    levels[at] = must(levels[at + 1], "an index below the length");
  }
  levels.pop();
}
