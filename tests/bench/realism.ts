/**
 * How alike the simulated market is to recorded ones: the same figures of both, side by side, each
 * with a band that the recordings' own spread gives (realism/bands.ts has bands and sources).
 *
 * History is 31 days of minutes. The live part is watched for a quarter of an hour on each of three
 * seeds, and the middle value is told; trades are looked at in pieces of two minutes, as long as
 * the recording. Arguments: minutes, seeds.
 */
import {
  COINS,
  type Coin,
  MARKET_MEASURES,
  MEASURES,
  type Measure,
  RANKS,
} from "./realism/bands.ts";
import type { Figures } from "./realism/market-figures.ts";
import {
  HAS_RECORDINGS,
  recordedBars,
  recordedBinance,
  recordedMarket,
  recordedSession,
  recordedTickers,
} from "./realism/recordings.ts";
import { simulate } from "./realism/simulated.ts";
import { quantile } from "./realism/statistics.ts";

const minutes = Number(process.argv[2] ?? 15);
const seeds = process.argv.length > 3 ? process.argv.slice(3) : ["scalper", "two", "three"];

const runs = seeds.map((seed) =>
  simulate(
    seed,
    COINS.map((coin) => RANKS[coin]),
    minutes,
  ),
);
const real = HAS_RECORDINGS ? recorded() : null;
if (real === null) console.log("skipped: no recorded payloads; simulated values only");

let outside = 0;
COINS.forEach((coin, at) => {
  const all = runs.map(({ coins }) => [...coins.values()][at] ?? {});
  const symbol = [...(runs[0]?.coins.keys() ?? [])][at] ?? "";
  heading(`${coin} (${symbol})`);
  for (const measure of MEASURES) row(measure, coin, all, real?.get(coin) ?? {});
});
heading("the whole market");
const market = runs.map((run) => run.market);
for (const measure of MARKET_MEASURES) row(measure, "all", market, real?.get("market") ?? {});
console.log(`\n${outside === 0 ? "all inside their bands" : `${outside} outside their bands`}`);

function heading(title: string): void {
  const columns = ["recorded", "simulated", "seeds", "band"]
    .map((name) => name.padStart(14))
    .join("");
  console.log(`\n${title.padEnd(34)}${columns}`);
}

function row(measure: Measure, coin: Coin | "all", all: readonly Figures[], known: Figures): void {
  const band = measure.band[coin] ?? measure.band.all;
  if (band === undefined) return;
  const values = all.map((figures) => figures[measure.name] ?? Number.NaN).filter(Number.isFinite);
  const middle = quantile(values, 0.5);
  const [least, most] = band;
  const isInside = middle >= least && middle <= most;
  if (!isInside) outside++;
  const spread = `${short(Math.min(...values))}..${short(Math.max(...values))}`;
  const columns = [show(known[measure.name]), show(middle), spread, `${least}..${most}`];
  const note = isInside ? "" : `  OUTSIDE: ${measure.unless ?? measure.source}`;
  console.log(
    `  ${measure.name.padEnd(32)}${columns.map((text) => text.padStart(14)).join("")}${note}`,
  );
}

function recorded(): ReadonlyMap<Coin | "market", Figures> {
  const bars = recordedBars();
  return new Map<Coin | "market", Figures>([
    ["BTC", { ...bars.get("BTC"), ...recordedBinance(), ...recordedTickers("BTCUSDT") }],
    ["ETH", { ...bars.get("ETH") }],
    ["mid", { ...bars.get("mid"), ...recordedSession("SOLUSDT"), ...recordedTickers("SOLUSDT") }],
    [
      "thin",
      { ...bars.get("thin"), ...recordedSession("DOGEUSDT"), ...recordedTickers("DOGEUSDT") },
    ],
    ["market", recordedMarket()],
  ]);
}

function show(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "-" : short(value);
}

function short(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
