/**
 * Who places orders: enabled strategies, an operator's flatten, and the protection of positions.
 * Each has its own execution style and its own pauses, so that none waits for another.
 */
import type { OrderIntent } from "../domain/order.ts";
import type { SymbolId } from "../domain/units.ts";
import type { FeatureName } from "../features/registry.ts";
import { assert } from "../kernel/assert.ts";
import type { ExecutionStyle, Strategy, StrategySpec } from "../strategy/strategy.ts";
import { FLATTEN_RETRY_MS, PROTECT_RETRY_MS } from "./schedule.ts";

/** The three lines that an actor's orders of one symbol wait in. */
type Line = "buy" | "sell" | "exit";

/** From when on an actor may place again, by symbol and line. */
class Pauses {
  /** At most one row per symbol and line that was ever used. */
  private readonly untilMs: Readonly<Record<Line, Map<SymbolId, number>>> = {
    buy: new Map(),
    sell: new Map(),
    exit: new Map(),
  };

  isOver(intent: OrderIntent, atMs: number): boolean {
    return atMs >= (this.untilMs[lineOf(intent)].get(intent.symbolId) ?? 0);
  }

  set(intent: OrderIntent, untilMs: number): void {
    this.untilMs[lineOf(intent)].set(intent.symbolId, untilMs);
  }
}

const lineOf = ({ purpose, side }: OrderIntent): Line => (purpose === "entry" ? side : "exit");

export interface Actor {
  /** Stands in the client ids of its orders. */
  readonly name: string;
  readonly execution: ExecutionStyle;
  readonly pauses: Pauses;
}

/** An enabled strategy inside the engine. */
export interface Tenant extends Actor {
  /** Its place among the enabled ones, in registry order. */
  readonly index: number;
  readonly title: string;
  /** What it reads: while one of them is cold it enters nothing. */
  readonly features: readonly FeatureName[];
  readonly strategy: Strategy;
}

export function newTenant(
  spec: Pick<StrategySpec, "name" | "title" | "needs">,
  strategy: Strategy,
  index: number,
): Tenant {
  const { execution } = strategy;
  assert(execution.entriesPerSide >= 1, "a strategy works at least one entry a side");
  assert(execution.exitRetryMs > 0, "exits are retried with a pause");
  const { name, title, needs } = spec;
  const { features } = needs;
  return { name, title, features, index, strategy, execution, pauses: new Pauses() };
}

/** The operator's hand: the red button waits only for the rate limit. */
export const newOperator = (): Actor => closer("operator", FLATTEN_RETRY_MS);
/** What closes positions that nobody else does. */
export const newProtector = (): Actor => closer("protect", PROTECT_RETRY_MS);

/** One that enters nothing. */
function closer(name: string, exitRetryMs: number): Actor {
  return {
    name,
    execution: {
      requoteBps: 0,
      placePauseMs: 0,
      rejectPauseMs: 0,
      exitRetryMs,
      entriesPerSide: 1,
      stopDistanceBps: 0,
    },
    pauses: new Pauses(),
  };
}
