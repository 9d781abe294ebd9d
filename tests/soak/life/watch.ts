/**
 * What must hold at every moment of a life, looked at once a second: no position goes without its
 * stop for long while somebody looks after it, and nothing is called flat that is not.
 */
import type { LifeProcess, StartMode } from "./life-process.ts";
import type { World } from "./world.ts";

/** What is watched. */
interface Watched {
  readonly world: World;
  readonly process: LifeProcess | null;
  readonly mode: StartMode;
}

/** Grace, attempts that are refused, a close at market, and a bad network on the way. */
const UNPROTECTED_MS_MAX = 15_000;
/** Fills on their way when a size is compared. */
const SIZES_AGREE_SEC = 5;

export class Watch {
  unprotectedMsMax = 0;
  private readonly life: Watched;
  private readonly nakedSinceMs = new Map<string, number>();
  private wasArmed = false;
  private wasFlat = false;

  constructor(life: Watched) {
    this.life = life;
  }

  look(): void {
    this.lookAtStops();
    this.lookAtProof();
  }

  /** Both sides hold the same once nothing is on its way. */
  async compareSizes(): Promise<void> {
    let differences: string[] = [];
    for (let waited = 0; waited <= SIZES_AGREE_SEC; waited++) {
      differences = this.differences();
      if (differences.length === 0) return;
      await this.life.world.pass(1_000);
    }
    for (const text of differences) this.life.world.complain(text);
  }

  private differences(): string[] {
    const { process, world } = this.life;
    const theirs = world.held();
    const ours = process?.view.positions ?? new Map();
    const found: string[] = [];
    for (const symbol of new Set([...theirs.keys(), ...ours.keys()])) {
      const steps = theirs.get(symbol)?.steps ?? 0;
      const side = ours.get(symbol)?.side ?? "flat";
      const there = steps === 0 ? "flat" : steps > 0 ? "long" : "short";
      if (side !== there) found.push(`${symbol} is ${side} on the page and ${there} at the venue`);
    }
    return found;
  }

  private lookAtStops(): void {
    const { world, process, mode } = this.life;
    const nowMs = world.clock.nowMs();
    const isUp = process?.isAlive === true;
    this.wasArmed ||= isUp && process.view.trading.state === "on";
    const isManaged = isUp && (mode === "auto" || this.wasArmed);
    const held = world.held();
    for (const [symbol] of this.nakedSinceMs) {
      if (held.get(symbol)?.hasStop !== false) this.nakedSinceMs.delete(symbol);
    }
    if (!isManaged) {
      this.nakedSinceMs.clear();
      return;
    }
    for (const [symbol, { hasStop, steps }] of held) {
      if (hasStop) continue;
      const sinceMs = this.nakedSinceMs.get(symbol) ?? nowMs;
      this.nakedSinceMs.set(symbol, sinceMs);
      const forMs = nowMs - Math.max(sinceMs, process.startedAtMs);
      const wasShorter = this.unprotectedMsMax <= UNPROTECTED_MS_MAX;
      this.unprotectedMsMax = Math.max(this.unprotectedMsMax, forMs);
      if (forMs > UNPROTECTED_MS_MAX && wasShorter) {
        world.complain(`${symbol} (${steps} steps) had no stop for ${forMs} ms`);
      }
    }
  }

  /** At the moment of a proof the account is flat. */
  private lookAtProof(): void {
    const { world, process } = this.life;
    const isUp = process?.isAlive === true;
    const isFlat = isUp && process.view.trading.reason.startsWith("flat, by");
    if (isFlat && !this.wasFlat) {
      for (const [symbol, { steps }] of world.held()) {
        world.complain(`"proved flat" while the venue holds ${steps} steps of ${symbol}`);
      }
    }
    this.wasFlat = isFlat;
  }
}
