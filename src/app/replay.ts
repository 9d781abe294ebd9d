/**
 * Replay through the very engine that trades: same step, virtual clock, and a venue that nothing
 * reaches. Its orders cannot exist, since the account is never reconciled.
 */
import { createEngine } from "../engine/state.ts";
import { step, tell } from "../engine/step.ts";
import { DEFAULT_LIMITS } from "../risk/limits.ts";
import { DEFAULT_PROTECTION } from "../risk/protection.ts";
import { virtualClock } from "../runtime/clocks.ts";
import { EngineLoop } from "../runtime/loop.ts";
import { STRATEGIES } from "../strategy/registry.ts";
import { selectStrategies } from "../strategy/selection.ts";
import { DEFAULT_UNIVERSE } from "../universe/universe-parameters.ts";
import {
  runReplay as play,
  type ReplayOptions,
  type ReplayOutput,
} from "../venue/replay/run-replay.ts";

/** Plays a recording through decoder and engine and prints the final state. */
export function runReplay(options: Omit<ReplayOptions, "consume">): Promise<ReplayOutput> {
  const clock = virtualClock(0);
  const engine = createEngine({
    runId: "replay",
    autoTrade: false,
    limits: DEFAULT_LIMITS,
    protection: DEFAULT_PROTECTION,
    strategies: selectStrategies(STRATEGIES, { names: "", parameters: "" }, "real").setups,
    universe: DEFAULT_UNIVERSE,
  });
  const loop: EngineLoop = new EngineLoop({
    clock,
    step: (event, stamp) => step(engine, event, stamp),
    tell: (stamp) => tell(engine, stamp),
    perform(effect) {
      if (effect.kind === "set_timer") loop.setTimer(effect.name, effect.dueAtMs);
    },
    onFatal(error) {
      throw error;
    },
  });
  return play({ ...options, consume: { clock, accept: loop.accept, market: engine.market } });
}
