/**
 * One-minute returns of the symbols that may be entered, wait for it or are held, and what is
 * exposed on the same side with a symbol. Prices are sampled by housekeeping at each new minute of
 * our clock.
 */
import type { Side, SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { RETURNS_KEPT, togetherness } from "../risk/correlation.ts";
import { exposedSymbols, heldUsdtOf, notionalOfOrder, priceNow } from "./account-exposure.ts";
import type {
  AccountPart,
  MarketPart,
  ReturnsPart,
  SettingsPart,
  UniversePart,
} from "./state-parts.ts";

const MINUTE_MS = 60_000;

/** Takes a price of each symbol when a new minute has begun. */
export function sampleReturns(
  state: ReturnsPart & MarketPart & AccountPart & UniversePart,
  atMs: number,
): void {
  const { returns } = state;
  const minute = Math.floor(atMs / MINUTE_MS);
  if (minute === returns.minute) return;
  const isNext = minute === returns.minute + 1;
  returns.minute = minute;
  const wanted = new Set([
    ...state.universe.active(),
    ...state.universe.next(),
    ...exposedSymbols(state),
  ]);
  for (const id of [...returns.series.keys()]) if (!wanted.has(id)) returns.series.delete(id);
  for (const id of wanted) {
    const ticks = priceNow(state, id);
    const known = returns.series.get(id);
    if (!(ticks > 0)) continue;
    // A gap breaks the series: returns of different lengths do not compare.
    if (known === undefined || !isNext) returns.series.set(id, { lastTicks: ticks, returns: [] });
    else {
      known.returns.push(Math.log(ticks / known.lastTicks));
      if (known.returns.length > RETURNS_KEPT) known.returns.shift();
      known.lastTicks = ticks;
    }
  }
}

interface Correlated {
  readonly usdt: number;
  readonly symbols: number;
}

/** Long and short exposure that moves with a symbol, its own included. */
export function correlatedWith(
  state: ReturnsPart & SettingsPart & MarketPart & AccountPart,
  id: SymbolId,
): Readonly<Record<Side, Correlated>> {
  const { series } = state.returns;
  const own = series.get(id)?.returns ?? [];
  const { correlationPctMin } = state.limits;
  const sums = { buy: 0, sell: 0 };
  let symbols = 0;
  for (const other of exposedSymbols(state)) {
    const theirs = series.get(other)?.returns ?? [];
    const move = other === id ? "with" : togetherness(own, theirs, correlationPctMin);
    if (move === "apart") continue;
    symbols++;
    const { buy, sell } = sidesOf(state, other);
    sums.buy += move === "with" ? buy : sell;
    sums.sell += move === "with" ? sell : buy;
  }
  assert(sums.buy >= 0 && sums.sell >= 0, "exposure is not negative");
  return { buy: { usdt: sums.buy, symbols }, sell: { usdt: sums.sell, symbols } };
}

/** What would gain and what would lose when a symbol rises: held, and worked by entries. */
function sidesOf(state: MarketPart & AccountPart, id: SymbolId): Record<Side, number> {
  const sides = { buy: 0, sell: 0 };
  const venueSteps = state.mismatches.get(id)?.venueSteps;
  const steps = state.ledger.stepsOf(id) || (venueSteps ?? 0);
  sides[steps >= 0 ? "buy" : "sell"] += heldUsdtOf(state, id);
  for (const row of state.orders.live(id)) {
    if (row.intent.purpose === "entry") sides[row.intent.side] += notionalOfOrder(state, row);
  }
  return sides;
}
