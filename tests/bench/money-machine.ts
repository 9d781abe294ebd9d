/**
 * No money machine: simple strategies on the simulated market, thirty simulated minutes on each of
 * five seeds, fees as a non-VIP account pays them. None of them has an edge, so none may earn
 * anything significant, and a planted edge has to be found at its own size and no more.
 *
 * Bots act on what a client sees (touch, sizes, mark, trades) and send orders to the exchange's
 * core, a network's way late. Each closed position is one trade of its result in bps of its value,
 * fees included; the interval is two errors of the mean over trades, errors taken over blocks of
 * bot, seed and contract so that what moves together counts once. Arguments: minutes, seeds.
 */
import { availableParallelism } from "node:os";
import { PLANTED, type Row, runSeed } from "./money-machine/run-seed.ts";
import { mean } from "./realism/statistics.ts";

/** Seeds run in processes of their own, one a core; a child prints its rows. */
const CHILD = "--seed";

if (process.argv[2] === CHILD) {
  const [seed = "one", minutes = "30"] = process.argv.slice(3);
  console.log(JSON.stringify(runSeed(seed, Number(minutes))));
} else {
  const minutes = Number(process.argv[2] ?? 30);
  const named = process.argv.slice(3);
  await tell(minutes, named.length > 0 ? named : ["one", "two", "three", "four", "five"]);
}

async function tell(minutes: number, seeds: readonly string[]): Promise<void> {
  const rows: Row[] = [];
  const waiting = [...seeds];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      rows.push(...(await rowsOf(seed, minutes)));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  console.log(`${minutes} minutes on seeds ${seeds.join(", ")}; bps of value after fees, 95 %\n`);
  line(["bot", "trades", "mean", "interval"]);
  let machines = 0;
  const kinds = [...new Set(rows.map(kindOf))].sort();
  for (const kind of kinds) {
    const own = rows.filter((row) => kindOf(row) === kind);
    const { middle, low, high } = estimate(own.map(({ block, bps }) => ({ block, bps })));
    const earns = low > 0 && own[0]?.isPlanted === false;
    if (earns) machines++;
    const interval = `${low.toFixed(2)}..${high.toFixed(2)}`;
    line([kind, String(own.length), middle.toFixed(2), interval], earns ? "  EARNS" : "");
  }
  const found = rows.filter(({ bot, isPlanted }) => bot === "signal" && isPlanted);
  const edge = estimate(found.map(({ block, move }) => ({ block, bps: move })));
  const interval = `${edge.low.toFixed(1)}..${edge.high.toFixed(1)}`;
  console.log(`\n  planted ${PLANTED.bps} bps, found ${edge.middle.toFixed(1)} (${interval})`);
  console.log(machines === 0 ? "\nno money machine" : `\n${machines} bots earn without an edge`);
}

async function rowsOf(seed: string, minutes: number): Promise<Row[]> {
  const command = [process.execPath, import.meta.path, CHILD, seed, String(minutes)];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  return JSON.parse(await new Response(child.stdout).text()) as Row[];
}

function kindOf({ bot, isPlanted }: Row): string {
  return isPlanted ? `${bot}, planted` : bot;
}

function line([name = "", ...columns]: readonly string[], note = ""): void {
  console.log(`  ${name.padEnd(24)}${columns.map((text) => text.padStart(16)).join("")}${note}`);
}

/** Mean over trades, its error from the sums of blocks. */
function estimate(all: readonly { readonly block: string; readonly bps: number }[]) {
  const middle = mean(all.map(({ bps }) => bps));
  const sums = new Map<string, number>();
  for (const { block, bps } of all) sums.set(block, (sums.get(block) ?? 0) + bps - middle);
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  const error = Math.sqrt(squares) / all.length;
  return { middle, low: middle - 1.96 * error, high: middle + 1.96 * error };
}
