/**
 * The losses of the day beyond its total: from the day's best moment, by symbol and by strategy,
 * and the pauses that losing brings. They are counted afresh each second and with each execution,
 * so that a decision only looks them up.
 */
import type { SymbolId, Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToNumber, fixedToText } from "../kernel/fixed.ts";
import { type LedgerFill, netOfFill } from "../portfolio/fill.ts";
import { halt } from "./control.ts";
import { asOf, PROGRAM, tellOwnHalt } from "./interventions.ts";
import { worseOf } from "./loss-marks.ts";
import type {
  ControlPart,
  EffectsPart,
  LossesPart,
  MarketPart,
  MoneyPart,
  PositionsPart,
  SettingsPart,
  TenancyPart,
  WatchPart,
} from "./state-parts.ts";

type Counted = SettingsPart & MarketPart & TenancyPart & PositionsPart & MoneyPart & LossesPart;

/** Counts the losses of the day again, once the daily loss is known. A new day starts from now. */
export function refreshLosses(state: Counted, atMs: number): void {
  const { losses, day, dayLossUsdt } = state;
  const bySymbol = netBySymbol(state, atMs);
  const byStrategy = netByStrategy(state, atMs);
  if (losses.day !== day) {
    losses.day = day;
    losses.peakUsdt = 0;
    losses.symbolStart = bySymbol;
    losses.strategyStart = byStrategy;
  }
  losses.peakUsdt = Math.max(losses.peakUsdt, 0 - dayLossUsdt);
  losses.drawdownUsdt = losses.peakUsdt + dayLossUsdt;
  assert(losses.drawdownUsdt >= 0, "the day's peak is its highest");
  losses.symbolLossUsdt = lossesOf(bySymbol, losses.symbolStart);
  losses.strategyLossUsdt = lossesOf(byStrategy, losses.strategyStart);
}

/** What was won today and lost again halts like a lost day: a bounce must not start it again. */
export function stopOnDrawdown(state: ControlPart & LossesPart, atMs: number): void {
  const { drawdownUsdtMax } = state.limits;
  const { drawdownUsdt, peakUsdt } = state.losses;
  if (!state.control.armed || drawdownUsdt < drawdownUsdtMax) return;
  const fallen = `${drawdownUsdt.toFixed(2)} USDT below the day's best of ${peakUsdt.toFixed(2)}`;
  const reason = `${fallen}, the limit is ${drawdownUsdtMax}`;
  state.outbox.log("error", `trading halted: ${reason}; exits stay, an operator must resume`);
  tellOwnHalt(state, "risk", { reason, atMs });
  halt(state, `${reason} (${asOf(atMs)})`, { by: PROGRAM, cause: "risk" });
}

function lossesOf<Key>(
  nets: ReadonlyMap<Key, Usdt>,
  starts: ReadonlyMap<Key, Usdt>,
): ReadonlyMap<Key, number> {
  const losses = new Map<Key, number>();
  for (const [key, net] of nets) losses.set(key, fixedToNumber((starts.get(key) ?? 0n) - net));
  return losses;
}

function netBySymbol(state: Counted, atMs: number): ReadonlyMap<SymbolId, Usdt> {
  const nets = new Map<SymbolId, Usdt>();
  for (const position of state.ledger.positions.values()) {
    const { symbolId, realised, fees, funding } = position;
    nets.set(symbolId, realised - fees - funding + worseOf(state, position, atMs));
  }
  return nets;
}

/** Lines of the ledger, and on each what is open on symbols that its strategy owns. */
function netByStrategy(state: Counted, atMs: number): ReadonlyMap<string, Usdt> {
  const { ledger, tenancy } = state;
  const nets = new Map<string, Usdt>();
  for (const name of ledger.lines.names) {
    const { realised, fees, funding } = ledger.lines.line(name);
    nets.set(name, realised - fees - funding);
  }
  for (const position of ledger.positions.values()) {
    const owner = position.steps === 0 ? undefined : tenancy.ownerOf(position.symbolId)?.name;
    if (owner === undefined) continue;
    nets.set(owner, (nets.get(owner) ?? 0n) + worseOf(state, position, atMs));
  }
  return nets;
}

/** A booked execution may end a round trip or be a stop-out: then entries pause. */
export function noteOutcome(
  state: SettingsPart & LossesPart & WatchPart & EffectsPart,
  fill: LedgerFill,
): void {
  const { losses, limits, outbox } = state;
  const isForced = fill.execKind === "liquidation" || fill.execKind === "adl";
  const isForeign = fill.clientId === "" && fill.execKind === "trade";
  const begun = losses.watch.onExecution(
    {
      symbolId: fill.symbolId,
      net: netOfFill(fill),
      positionSteps: fill.positionSteps,
      isStopOut: (isForced || isForeign) && fill.realisedPnl < 0n,
      atMs: fill.atMs,
    },
    limits,
  );
  for (const { cause, untilMs } of begun) {
    const data = { symbol: fill.symbol, realised: fixedToText(fill.realisedPnl), untilMs };
    outbox.log("warn", `entries pause: ${cause}`, data);
  }
}
