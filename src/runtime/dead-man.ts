/**
 * Is the engine dead? The guard hears a heartbeat from it and counts the silence.
 *
 * Silence is counted while the guard itself runs: a machine that was suspended, or froze both, has
 * heard nothing either, and the engine gets its whole time again. A silence is acted on once; a new
 * heartbeat ends it.
 */
export class DeadMan {
  private readonly silenceMsMax: number;
  private silentMs = 0;
  private lookedAtMs: number;
  private hasActed = false;

  /** `monotonicMs` as of now. */
  constructor(silenceMsMax: number, monotonicMs: number) {
    this.silenceMsMax = silenceMsMax;
    this.lookedAtMs = monotonicMs;
  }

  /** The engine is alive. */
  beat(): void {
    this.silentMs = 0;
    this.hasActed = false;
  }

  /** Call it every {@link LOOK_EVERY_MS}. True once in a silence that is too long. */
  look(monotonicMs: number): boolean {
    const sinceMs = monotonicMs - this.lookedAtMs;
    this.lookedAtMs = monotonicMs;
    this.silentMs = sinceMs > FROZEN_MS ? 0 : this.silentMs + sinceMs;
    if (this.silentMs < this.silenceMsMax || this.hasActed) return false;
    this.hasActed = true;
    return true;
  }
}

/** How often the guard looks: a fraction of the shortest silence that may be set. */
export const LOOK_EVERY_MS = 250;
/** A look this late was not ours to take: the guard stood still, not the engine alone. */
const FROZEN_MS = 4 * LOOK_EVERY_MS;
