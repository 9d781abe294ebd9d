/**
 * Price levels of all books in one table of typed arrays: half the memory of an object a level, and
 * nothing for the collector to walk. A freed level is reused.
 */
import { assert } from "../../kernel/assert.ts";
import { RESTING_ORDERS_MAX } from "./pool.ts";

/** Every level holds an order, so there are never more of them. */
const LEVELS_MAX = RESTING_ORDERS_MAX;
const CAPACITY_AT_START = 1 << 12;

export class LevelPool {
  priceTicks = new Float64Array(CAPACITY_AT_START);
  /** Sum over the level's orders. */
  qtySteps = new Float64Array(CAPACITY_AT_START);
  /** Slots of the oldest and the newest order. */
  head = new Int32Array(CAPACITY_AT_START);
  tail = new Int32Array(CAPACITY_AT_START);
  private freeHead = 0;
  /** Level 0 means none. */
  private used = 1;

  /** Takes an empty level at a price. */
  allocate(priceTicks: number): number {
    const level = this.freeHead === 0 ? this.fresh() : this.freeHead;
    if (level === this.freeHead) this.freeHead = this.tail[level] ?? 0;
    this.priceTicks[level] = priceTicks;
    this.qtySteps[level] = 0;
    this.head[level] = 0;
    this.tail[level] = 0;
    return level;
  }

  free(level: number): void {
    this.tail[level] = this.freeHead;
    this.freeHead = level;
  }

  private fresh(): number {
    if (this.used === this.head.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const capacity = this.head.length * 2;
    assert(capacity <= LEVELS_MAX, `at most ${LEVELS_MAX} levels exist at once`);
    const { priceTicks, qtySteps, head, tail } = this;
    this.priceTicks = new Float64Array(capacity);
    this.qtySteps = new Float64Array(capacity);
    this.head = new Int32Array(capacity);
    this.tail = new Int32Array(capacity);
    this.priceTicks.set(priceTicks);
    this.qtySteps.set(qtySteps);
    this.head.set(head);
    this.tail.set(tail);
  }
}
