/**
 * Scenarios from JSON: a file at the start, or a request while it runs.
 *
 * `{"regimes":[{"kind":"crash","symbols":["BTCUSDT"],"inS":30,"forS":120,"strength":1}],
 *   "edge":{"bps":8,"horizonS":10,"everyS":30}}`; a bare list is a list of regimes. Without
 * symbols every contract is meant.
 */
import { z } from "zod";
import { REGIME_KINDS } from "../../market/regime.ts";
import type { SimVenue } from "../../world/world.ts";

/** Longer than any run; a regime has to end so that its moves have a size. */
const SPAN_S_MAX = 7 * 86_400;
/** More at once is a broken script. */
const REGIMES_MAX = 100;

const symbols = z.array(z.string()).default([]);

const RegimeSchema = z.strictObject({
  kind: z.enum(REGIME_KINDS),
  symbols,
  /** Seconds from now until it begins, and how long it lasts. */
  inS: z.number().min(0).max(SPAN_S_MAX).default(0),
  forS: z.number().min(1).max(SPAN_S_MAX).default(300),
  /** 1 is the usual size; a trend may be negative and falls then. */
  strength: z.number().min(-5).max(5).default(1),
});

const EdgeSchema = z.strictObject({
  /** How far the price goes after a signal; 0 is a signal that means nothing. */
  bps: z.number().min(0).max(200),
  horizonS: z.number().min(1).max(3_600).default(10),
  everyS: z.number().min(1).max(3_600).default(30),
  symbols,
});

const ScenarioSchema = z.strictObject({
  regimes: z.array(RegimeSchema).max(REGIMES_MAX).default([]),
  edge: EdgeSchema.optional(),
});

/** Lays a scenario over the market. Throws ZodError for bad input, RangeError for a symbol. */
export function callScenario(venue: SimVenue, input: unknown): void {
  const wanted = ScenarioSchema.parse(Array.isArray(input) ? { regimes: input } : input);
  const indexes = (names: readonly string[]): number[] => names.map((name) => indexOf(venue, name));
  const { scenario } = venue.market;
  const regimes = wanted.regimes.map(({ kind, symbols: names, inS, forS, strength }) => {
    const fromMs = venue.nowMs + inS * 1_000;
    const untilMs = fromMs + forS * 1_000;
    return { kind, symbolIndexes: indexes(names), fromMs, untilMs, strength };
  });
  const { edge } = wanted;
  const planted = edge === undefined ? null : { ...edge, symbolIndexes: indexes(edge.symbols) };
  for (const regime of regimes) scenario.call(regime);
  if (planted !== null) scenario.edge = planted;
}

/** What holds now, as the admin route shows it. */
export function describeScenario(venue: SimVenue): unknown {
  const { scenario } = venue.market;
  const nameOf = (index: number): string => venue.instrumentAt(index).symbol;
  return {
    regimes: scenario.all().map(({ symbolIndexes, ...regime }) => ({
      ...regime,
      symbols: symbolIndexes.map(nameOf),
    })),
    edge: scenario.edge,
  };
}

function indexOf(venue: SimVenue, name: string): number {
  const instrument = venue.instrument(name);
  if (instrument !== undefined) return instrument.index;
  throw new RangeError(`cannot call a scenario for ${name}: no such contract is listed`);
}
