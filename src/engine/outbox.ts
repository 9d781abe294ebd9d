/** Collects the effects of one step. Steps without effects share one empty array. */
import type { Effect } from "./effect.ts";

const NOTHING: readonly Effect[] = [];

export class Outbox {
  private effects: Effect[] = [];

  push(effect: Effect): void {
    this.effects.push(effect);
  }

  /** For what must be performed before everything that the step has asked for already. */
  pushFirst(effect: Effect): void {
    this.effects.unshift(effect);
  }

  holds(kind: Effect["kind"]): boolean {
    return this.effects.some((effect) => effect.kind === kind);
  }

  log(level: "info" | "warn" | "error", text: string, data?: Readonly<Record<string, unknown>>) {
    this.push(
      data === undefined ? { kind: "log", level, text } : { kind: "log", level, text, data },
    );
  }

  /** Hands the effects over and starts anew. */
  take(): readonly Effect[] {
    if (this.effects.length === 0) return NOTHING;
    const { effects } = this;
    this.effects = [];
    return effects;
  }
}
