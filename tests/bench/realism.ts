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
  recordedBlocks,
  recordedMarket,
  recordedSession,
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
if (real !== null) judgeBands();
console.log(`\n${outside === 0 ? "all inside their bands" : `${outside} outside their bands`}`);

function heading(title: string): void {
  const columns = ["recorded", "simulated", "seeds", "band", "rule"]
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
  const columns = [
    show(known[measure.name]),
    show(middle),
    spread,
    `${least}..${most}`,
    measure.rule,
  ];
  const note = isInside ? "" : `  OUTSIDE: ${measure.unless ?? measure.source}`;
  console.log(
    `  ${measure.name.padEnd(32)}${columns.map((text) => text.padStart(14)).join("")}${note}`,
  );
}

/** Says where a band that its rule calls the recordings' own is not what they give. */
function judgeBands(): void {
  const blocks = recordedBlocks();
  for (const { name, rule, band } of MEASURES) {
    if (rule !== "blocks") continue;
    for (const [coin, range] of Object.entries(band)) {
      const own = blocks[coin === "BTC" ? "BTC" : "all"].map((figures) => figures[name]);
      const values = own.filter((value) => value !== undefined && Number.isFinite(value));
      const [least, most] = [Math.min(...(values as number[])), Math.max(...(values as number[]))];
      if (isRounded(range[0], least, -1) && isRounded(range[1], most, 1)) continue;
      console.log(`  the band of ${name}, ${coin}, is not the recordings': ${least} to ${most}`);
    }
  }
}

/** Two digits, away from the middle. */
function isRounded(told: number, value: number, outward: 1 | -1): boolean {
  const digit = 10 ** (Math.floor(Math.log10(Math.max(0.1, Math.abs(value)))) - 1);
  const beyond = (outward * (told - value)) / digit;
  return beyond >= -1e-9 && beyond <= 1;
}

function recorded(): ReadonlyMap<Coin | "market", Figures> {
  const bars = recordedBars();
  return new Map<Coin | "market", Figures>([
    ["BTC", { ...bars.get("BTC"), ...recordedSession("BTCUSDT"), ...recordedBinance() }],
    ["ETH", { ...bars.get("ETH") }],
    ["mid", { ...bars.get("mid"), ...recordedSession("SOLUSDT") }],
    ["thin", { ...bars.get("thin"), ...recordedSession("DOGEUSDT") }],
    ["market", recordedMarket()],
  ]);
}

function show(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "-" : short(value);
}

function short(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
