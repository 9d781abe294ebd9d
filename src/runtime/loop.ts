/**
 * The engine's shell: stamps what arrives, steps the engine, performs the effects.
 *
 * Market frames are stepped at once in the socket's own callback, since their arrays are borrowed.
 * Anything that an effect causes synchronously waits in a bounded queue until the running step is
 * done, so that a step never runs inside a step. A throw out of `step` means an invariant is gone:
 * the loop stops for good and tells its owner, who tries one cancel-all and exits.
 */
import type { Stamp } from "../domain/event.ts";
import type { EngineInput } from "../engine/account-past.ts";
import type { Effect } from "../engine/effect.ts";
import { BoundedQueue } from "../kernel/bounded-queue.ts";
import type { Clock } from "./ports/clock.ts";

/** One snapshot at start-up holds at most a few thousand reports; ten times that is a runaway. */
const INBOX_MAX = 65_536;

interface LoopOptions {
  readonly clock: Clock;
  readonly step: (event: EngineInput, stamp: Stamp) => readonly Effect[];
  /** What is left to say about a step once its effects are under way. */
  readonly tell: (stamp: Stamp) => readonly Effect[];
  readonly perform: (effect: Effect) => void;
  /** Called once, with what was thrown and while doing what. */
  readonly onFatal: (error: unknown, doing: string) => void;
}

export class EngineLoop {
  private readonly options: LoopOptions;
  private readonly inbox = new BoundedQueue<EngineInput>(INBOX_MAX);
  private readonly timers = new Map<string, () => void>();
  private readonly stamp = { seq: 0, atMs: 0 };
  private stepping = false;
  private stopped = false;
  /** Our clock at the last finished step: the engine's pulse for the watchdog. */
  lastStepAtMs = 0;

  constructor(options: LoopOptions) {
    this.options = options;
  }

  /** Events stepped since the start. */
  get events(): number {
    return this.stamp.seq;
  }

  /** Takes one event: steps it now, or after the running step. */
  readonly accept = (event: EngineInput): void => {
    if (this.stopped) return;
    if (this.stepping) {
      if (!this.inbox.push(event)) this.die(new Error("inbox is full"), `queueing ${event.kind}`);
      return;
    }
    this.run(event);
    for (let next = this.inbox.shift(); next !== undefined; next = this.inbox.shift()) {
      this.run(next);
    }
  };

  /** Comes back as a `timer` event; a timer set again under its name moves. */
  setTimer(name: string, dueAtMs: number): void {
    this.timers.get(name)?.();
    // As the stamps see it: a clock that was set back must not hold a timer up.
    const nowMs = Math.max(this.stamp.atMs, this.options.clock.nowMs());
    const cancel = this.options.clock.after(Math.max(0, dueAtMs - nowMs), () => {
      this.timers.delete(name);
      this.accept({ kind: "timer", name });
    });
    this.timers.set(name, cancel);
  }

  /** No event is taken and no timer fires afterwards. */
  stop(): void {
    this.stopped = true;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.inbox.clear();
  }

  private run(event: EngineInput): void {
    if (this.stopped) return;
    this.stepping = true;
    this.stamp.seq++;
    // Whatever clock it was given: time does not run backwards in here.
    this.stamp.atMs = Math.max(this.stamp.atMs, this.options.clock.nowMs());
    try {
      const effects = this.options.step(event, this.stamp);
      for (const effect of effects) this.options.perform(effect);
      for (const effect of this.options.tell(this.stamp)) this.options.perform(effect);
      this.lastStepAtMs = this.stamp.atMs;
    } catch (error) {
      this.die(error, `stepping ${event.kind}`);
    } finally {
      this.stepping = false;
    }
  }

  private die(error: unknown, doing: string): void {
    if (this.stopped) return;
    this.stop();
    this.options.onFatal(error, doing);
  }
}
