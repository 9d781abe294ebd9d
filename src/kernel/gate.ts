/**
 * Bounds work that is done elsewhere: so many pieces at once, so many more waiting in order of
 * arrival, and the rest refused at once, so that whoever asked can say so.
 */
import { assert } from "./assert.ts";

interface GateLimits {
  readonly atOnceMax: number;
  readonly waitingMax: number;
}

export class Gate {
  private readonly limits: GateLimits;
  private running = 0;
  /** At most `waitingMax`. */
  private readonly waiting: (() => void)[] = [];

  constructor(limits: GateLimits) {
    assert(limits.atOnceMax > 0, "a gate lets somebody through");
    assert(limits.waitingMax >= 0, "nobody or somebody may wait");
    this.limits = limits;
  }

  /** True while a further piece of work would be refused. */
  get isFull(): boolean {
    const { atOnceMax, waitingMax } = this.limits;
    return this.running === atOnceMax && this.waiting.length >= waitingMax;
  }

  /** What the work gives, now or after its turn came; null when it is refused and never begins. */
  run<Value>(work: () => Promise<Value>): Promise<Value> | null {
    if (this.isFull) return null;
    if (this.running < this.limits.atOnceMax) {
      this.running++;
      return this.through(work);
    }
    const turn = new Promise<void>((resolve) => this.waiting.push(resolve));
    return turn.then(() => this.through(work));
  }

  /** The place is handed to who waits longest, so that nobody can slip in between. */
  private through<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = () => {
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
      assert(this.running >= 0, "no more work ends than began");
    };
    return Promise.try(work).finally(done);
  }
}
