/**
 * A wire with a delay: what goes in comes out later, in the same order, one timer for all.
 */
import { BoundedQueue } from "../../kernel/bounded-queue.ts";
import type { Clock } from "../../runtime/ports/clock.ts";

interface DelayLineOptions<Item> {
  readonly clock: Clock;
  /** Of the next item. Nothing overtakes: an item is due no sooner than the one before it. */
  readonly delayMs: () => number;
  readonly limit: number;
  readonly deliver: (item: Item) => void;
}

interface Entry<Item> {
  readonly item: Item;
  readonly dueMs: number;
}

export class DelayLine<Item> {
  private readonly options: DelayLineOptions<Item>;
  private readonly queue: BoundedQueue<Entry<Item>>;
  /** The oldest entry, out of the queue: the one that the timer waits for. */
  private next: Entry<Item> | undefined;
  private cancelTimer: (() => void) | null = null;
  private lastDueMs = 0;

  constructor(options: DelayLineOptions<Item>) {
    this.options = options;
    this.queue = new BoundedQueue(options.limit);
  }

  /** False when the line is full: the item was not taken. */
  push(item: Item): boolean {
    const { clock, delayMs } = this.options;
    const dueMs = Math.max(this.lastDueMs, clock.monotonicMs() + delayMs());
    if (!this.queue.push({ item, dueMs })) return false;
    this.lastDueMs = dueMs;
    if (this.next !== undefined) return true;
    this.next = this.queue.shift();
    this.wait();
    return true;
  }

  /** Delivers everything now, in order. */
  drain(): void {
    this.cancelTimer?.();
    while (this.next !== undefined) this.deliverNext();
  }

  /** Forgets what is on the way. */
  stop(): void {
    this.cancelTimer?.();
    this.next = undefined;
    this.queue.clear();
  }

  private wait(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    if (this.next === undefined) return;
    const { clock } = this.options;
    const delayMs = Math.max(0, this.next.dueMs - clock.monotonicMs());
    this.cancelTimer = clock.after(delayMs, () => {
      this.deliverNext(); // A timer may come a little early: its own entry is due in any case.
      while (this.next !== undefined && this.next.dueMs <= clock.monotonicMs()) this.deliverNext();
      this.wait();
    });
  }

  private deliverNext(): void {
    const entry = this.next;
    if (entry === undefined) return;
    this.next = this.queue.shift(); // First, so that a delivery may push or drain.
    this.options.deliver(entry.item);
  }
}
