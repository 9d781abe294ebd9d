/**
 * The shell's one clock: wall time that never runs backwards and never stands still.
 *
 * When the host's clock is set back, time goes on at the pace of the monotonic clock until the wall
 * has caught up: a market must not freeze because somebody corrected the time.
 */
export class ShellClock {
  private lastMs = 0;
  private lastMonoMs = performance.now();

  /** Milliseconds since the epoch, whole. */
  read(): number {
    const wallMs = Date.now();
    const monoMs = performance.now();
    const pacedMs = this.lastMs + Math.floor(monoMs - this.lastMonoMs);
    if (wallMs >= this.lastMs) {
      this.lastMs = wallMs;
      this.lastMonoMs = monoMs;
    } else if (pacedMs > this.lastMs) {
      this.lastMonoMs += pacedMs - this.lastMs;
      this.lastMs = pacedMs;
    }
    return this.lastMs;
  }
}
