/**
 * What losing does to the right to enter: pauses after stops and losing streaks.
 *
 * A round trip is what a symbol made from flat to flat, fees and funding included. A stop-out is a
 * part of it that was closed at a loss by an order that is not ours: the exchange-held stop, or a
 * liquidation. One stop-out pauses its symbol, several within a window pause the account; so do
 * round trips that lose one after another. Pauses end by themselves: a halt is for a person, a
 * pause is for the market to change. This is what users of other bots know as stop-loss guard and
 * cool-down.
 */
import type { SymbolId, Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import type { RiskLimits } from "./limits.ts";

/** What one booked execution did to a symbol. */
interface Closing {
  readonly symbolId: SymbolId;
  /** Realised profit less fee and funding. */
  readonly net: Usdt;
  /** Signed, after the execution. */
  readonly positionSteps: number;
  /** A part was closed at a loss by an order that is not ours. */
  readonly isStopOut: boolean;
  readonly atMs: number;
}

/** Why nothing may be entered for a while. */
export interface Pause {
  readonly cause: string;
  readonly untilMs: number;
}

interface SymbolRun {
  /** Net of the round trip that is under way. */
  tripNet: Usdt;
  side: number;
  losses: number;
  pause: Pause | null;
}

type Rules = Pick<
  RiskLimits,
  | "stopCooldownMs"
  | "stopOutsMax"
  | "stopOutWindowMs"
  | "stopOutPauseMs"
  | "symbolStreakMax"
  | "accountStreakMax"
  | "streakPauseMs"
>;

export class LossWatch {
  /** At most one row per symbol that ever had a fill. */
  private readonly runs = new Map<SymbolId, SymbolRun>();
  /** Our clock at stop-outs inside the window: at most `stopOutsMax`, which then starts anew. */
  private stopOutsAtMs: number[] = [];
  private losses = 0;
  private accountPause: Pause | null = null;

  /** Takes a booked execution; returns the pauses that it began, for the log. */
  onExecution(closing: Closing, rules: Rules): readonly Pause[] {
    const run = this.runOf(closing.symbolId);
    const begun: Pause[] = [];
    run.tripNet += closing.net;
    if (closing.isStopOut) begun.push(...this.stoppedOut(run, closing.atMs, rules));
    const side = Math.sign(closing.positionSteps);
    if (run.side !== 0 && side !== run.side) begun.push(...this.tripEnded(run, closing, rules));
    run.side = side;
    return begun;
  }

  /** The pause that holds for a symbol at `atMs`, its own or the account's; null when none does. */
  pauseOf(symbolId: SymbolId, atMs: number): Pause | null {
    const own = this.runs.get(symbolId)?.pause ?? null;
    if (own !== null && atMs < own.untilMs) return own;
    const { accountPause } = this;
    return accountPause !== null && atMs < accountPause.untilMs ? accountPause : null;
  }

  private stoppedOut(run: SymbolRun, atMs: number, rules: Rules): readonly Pause[] {
    const { stopCooldownMs, stopOutsMax, stopOutWindowMs, stopOutPauseMs } = rules;
    run.pause = laterOf(run.pause, { cause: "stopped out", untilMs: atMs + stopCooldownMs });
    this.stopOutsAtMs = this.stopOutsAtMs.filter((stopAtMs) => atMs - stopAtMs < stopOutWindowMs);
    this.stopOutsAtMs.push(atMs);
    if (this.stopOutsAtMs.length < stopOutsMax) return [run.pause];
    const cause = `${this.stopOutsAtMs.length} stop-outs within the window`;
    this.stopOutsAtMs = [];
    this.accountPause = laterOf(this.accountPause, { cause, untilMs: atMs + stopOutPauseMs });
    return [run.pause, this.accountPause];
  }

  private tripEnded(run: SymbolRun, { atMs }: Closing, rules: Rules): readonly Pause[] {
    const isLoss = run.tripNet < 0n;
    run.tripNet = 0n;
    run.losses = isLoss ? run.losses + 1 : 0;
    this.losses = isLoss ? this.losses + 1 : 0;
    const begun: Pause[] = [];
    const untilMs = atMs + rules.streakPauseMs;
    if (run.losses >= rules.symbolStreakMax) {
      run.pause = laterOf(run.pause, { cause: `${run.losses} losses in a row`, untilMs });
      run.losses = 0;
      begun.push(run.pause);
    }
    if (this.losses >= rules.accountStreakMax) {
      const cause = `${this.losses} losses in a row over all symbols`;
      this.accountPause = laterOf(this.accountPause, { cause, untilMs });
      this.losses = 0;
      begun.push(this.accountPause);
    }
    return begun;
  }

  private runOf(symbolId: SymbolId): SymbolRun {
    const known = this.runs.get(symbolId);
    if (known !== undefined) return known;
    const run: SymbolRun = { tripNet: 0n, side: 0, losses: 0, pause: null };
    this.runs.set(symbolId, run);
    return run;
  }
}

function laterOf(held: Pause | null, next: Pause): Pause {
  assert(Number.isFinite(next.untilMs), "a pause ends");
  return held !== null && held.untilMs > next.untilMs ? held : next;
}
