/**
 * No money machine: simple strategies on the simulated market, thirty simulated minutes on each of
 * five seeds, fees as a non-VIP account pays them. None of them has an edge, so none may earn
 * anything significant, and a planted edge has to be found at its own size and no more.
 *
 * Bots act on what a client sees (touch, sizes, mark, trades) and send orders to the exchange's
 * core, a network's way late. Each closed position is one trade of its result in bps of its value,
 * fees included (money-machine/interval.ts says what the intervals are). A bot that builds a
 * position by sweeping shows that it moves the price, for good. Arguments: `--minutes 30
 * --processes 1`, then seeds.
 */
import { parseArgs } from "node:util";
import { type Estimate, estimate } from "./money-machine/interval.ts";
import { PLANTED, type Row, runSeed, STUDY } from "./money-machine/run-seed.ts";
import { sweep } from "./money-machine/sweeping.ts";

/** Seeds run in processes of their own, so many at once; a child prints its rows. */
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "30" },
    processes: { type: "string", default: "1" },
    child: { type: "string" },
  },
});
const SEEDS = ["one", "two", "three", "four", "five"];
/** Ranks and parts of a day's turnover that are built by sweeping. */
const SWEPT_RANKS = [0, 25, 110];
const SWEPT_SHARES = [1e-4, 1e-3, 1e-2];

if (options.child !== undefined) {
  console.log(JSON.stringify(runSeed(options.child, Number(options.minutes))));
} else await tell(positionals.length > 0 ? positionals : SEEDS);

async function tell(seeds: readonly string[]): Promise<void> {
  const rows: Row[] = [];
  const waiting = [...seeds];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      rows.push(...(await rowsOf(seed)));
      console.error(`seed ${seed} is done`);
    }
  };
  await Promise.all(Array.from({ length: Number(options.processes) }, work));
  const minutes = `${options.minutes} minutes on each of the seeds ${seeds.join(", ")}`;
  console.log(`${minutes}; bps of value after fees, 95 %\n`);
  line(["bot", "trades", "mean", "over blocks", "over seeds"]);
  let machines = 0;
  const traded = rows.filter(({ bot }) => bot !== STUDY);
  for (const kind of [...new Set(traded.map(kindOf))].sort()) {
    const own = traded.filter((row) => kindOf(row) === kind);
    const found = estimate(own);
    const earns = found.byBlock[0] > 0 && own[0]?.isPlanted === false;
    if (earns) machines++;
    tellEstimate(kind, found, earns ? "  EARNS" : "");
  }
  tellStudy(rows);
  tellSweeps(seeds[0] ?? "one");
  console.log(machines === 0 ? "\nno money machine" : `\n${machines} bots earn without an edge`);
}

function tellStudy(rows: readonly Row[]): void {
  const studied = rows.filter(({ bot }) => bot === STUDY);
  const found = estimate(studied.filter(({ isPlanted }) => isPlanted));
  const chance = studied.filter(({ isPlanted }) => !isPlanted).length;
  console.log(`\n  the planted edge: ${PLANTED.bps} bps within ${PLANTED.horizonS} s`);
  tellEstimate("move after a signal", found);
  const [low, high] = found.byBlock;
  const isFound = low <= PLANTED.bps && PLANTED.bps <= high;
  console.log(
    `  ${isFound ? "recovered" : "NOT recovered"}; ${chance} signals by chance without it`,
  );
}

function tellSweeps(seed: string): void {
  console.log(`\n  built by sweeping for a minute, sold after another; bps, seed ${seed}`);
  line(["rank, USDT", "spread/2 + fee", "entry", "stays", "round trip"]);
  for (const rank of SWEPT_RANKS) {
    for (const share of SWEPT_SHARES) {
      const one = sweep(seed, rank, share);
      const name = `${rank}, ${Math.round(one.sizeUsdt / 1_000).toLocaleString("en")} k`;
      const all = [one.plainBps, one.entryBps, one.stayedBps, one.roundTripBps];
      const note = one.entryBps > one.plainBps ? "" : "  NO IMPACT";
      line([name, ...all.map((value) => value.toFixed(2))], note);
    }
  }
}

async function rowsOf(seed: string): Promise<Row[]> {
  const own = ["--child", seed, "--minutes", options.minutes];
  const command = [process.execPath, import.meta.path, ...own];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  return JSON.parse(await new Response(child.stdout).text()) as Row[];
}

function kindOf({ bot, isPlanted }: Row): string {
  return isPlanted ? `${bot}, planted` : bot;
}

function tellEstimate(name: string, { count, middle, byBlock, bySeed }: Estimate, note = ""): void {
  const told = [byBlock, bySeed].map((pair) => pair.map((one) => one.toFixed(2)).join(".."));
  line([name, String(count), middle.toFixed(2), ...told], note);
}

function line([name = "", ...columns]: readonly string[], note = ""): void {
  console.log(`  ${name.padEnd(24)}${columns.map((text) => text.padStart(16)).join("")}${note}`);
}
