/**
 * Time of a world that has hours to pass in seconds: a heap of what is due, and a way to go
 * straight to the next of it.
 *
 * The venue lives on the world's time. A process has a clock of its own beside it: its wall time
 * may be set wrong, and nothing calls back into it once it is dead.
 */
import type { Clock } from "../../../src/runtime/ports/clock.ts";

interface Due {
  readonly atMs: number;
  /** Of two that are due together the older one goes first. */
  readonly order: number;
  callback: (() => void) | null;
}

export class WorldClock {
  private now: number;
  private readonly heap: Due[] = [];
  private order = 0;

  constructor(startAtMs: number) {
    this.now = startAtMs;
  }

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const due: Due = { atMs: this.now + Math.max(0, delayMs), order: this.order++, callback };
    this.push(due);
    return () => {
      due.callback = null;
    };
  }

  /** When something is due next, infinity when nothing is. */
  nextDueAtMs(): number {
    while (this.heap.length > 0 && this.heap[0]?.callback === null) this.pop();
    return this.heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Runs what is due up to then, in order, and stands there. */
  advanceTo(atMs: number): void {
    while (this.nextDueAtMs() <= atMs) {
      const due = this.pop();
      this.now = Math.max(this.now, due?.atMs ?? 0);
      due?.callback?.();
    }
    this.now = Math.max(this.now, atMs);
  }

  private push(due: Due): void {
    const { heap } = this;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up];
      if (above === undefined || !isBefore(due, above)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = due;
  }

  private pop(): Due | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const least = isRight ? right : left;
      if (!isBefore(least, last)) break;
      heap[at] = least;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(left: Due, right: Due): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

/** What the clock of a process needs of the process. */
interface Living {
  readonly isAlive: boolean;
  /** A callback begins, or has ended. */
  cross(boundary: string): void;
}

/** The clock of one process: wall time that may be set, monotonic time that may not. */
export class ProcessClock implements Clock {
  /** Wall time minus the world's. */
  offsetMs = 0;
  private readonly world: WorldClock;
  private readonly process: Living;
  private readonly bornAtMs: number;

  constructor(world: WorldClock, process: Living) {
    this.world = world;
    this.process = process;
    this.bornAtMs = world.nowMs();
  }

  nowMs(): number {
    return this.world.nowMs() + this.offsetMs;
  }

  monotonicMs(): number {
    return this.world.nowMs() - this.bornAtMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const { world, process } = this;
    return world.after(delayMs, () => {
      process.cross("timer");
      if (!process.isAlive) return;
      callback();
      process.cross("timer done");
    });
  }
}
