/**
 * How long the way out takes on a wire of 50 ms each way, on the virtual clock, so that a busy
 * machine does not count: from the button to flat at the venue and to its proof, under ten kinds
 * of faults and none; and from `kill -9` with positions that lack their stops to the last stop, a
 * restart at once. The start of a real process comes on top (`bun run bench start`).
 *
 * `bun run bench way-out [--runs 10] [--one-way 50] [--only TEXT]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prngOf } from "../../src/kernel/prng.ts";
import { LifeProcess } from "../soak/life/life-process.ts";
import { World } from "../soak/life/world.ts";
import { quantile } from "./clients/measure.ts";

const { values } = parseArgs({
  strict: false,
  options: {
    runs: { type: "string", default: "10" },
    "one-way": { type: "string", default: "50" },
    only: { type: "string", default: "" },
  },
});
const runs = Number(values.runs);
const oneWayMs = Number(values["one-way"]);
const START_AT_MS = Date.UTC(2026, 0, 5, 10);
const MARKET_STEP_MS = 20;
/** Something has been bought by then. */
const TRADES_SEC = 45;
const POSITIONS_MIN = 2;
const LOOK_MS = 5;
const WAIT_MS_MAX = 120_000;

type Fault = Readonly<Record<string, string | number>>;

/** What is planted right before the button is pressed. */
const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  nothing: [],
  "executions lost": [{ kind: "drop", topic: "execution", count: 3 }],
  "order reports lost": [{ kind: "drop", topic: "order", count: 5 }],
  "private stream late by 2 s": [
    { kind: "delay", topic: "execution", count: 5, delayMs: 2_000 },
    { kind: "delay", topic: "position", count: 5, delayMs: 2_000 },
  ],
  "private socket cut": [{ kind: "disconnect", path: "/v5/private", count: 1 }],
  "trade socket cut": [{ kind: "disconnect", path: "/v5/trade", count: 1 }],
  "trade socket half open": [{ kind: "half_open", path: "/v5/trade", count: 1 }],
  "five answers of 502": [{ kind: "http_error", path: "/v5/", status: 502, count: 5 }],
  "orders taken, answers lost": [
    { kind: "timeout_after_accept", path: "/v5/trade/order.create", count: 3 },
  ],
  "orders refused as too many": [
    { kind: "ret_code", path: "/v5/trade/order.create", code: 10_006, count: 3 },
  ],
  "cancels refused": [{ kind: "ret_code", path: "/v5/trade/order.cancel", code: 10_016, count: 3 }],
};

interface Timed {
  readonly flatMs: number;
  readonly provedMs: number;
}

const header = ["flat p50", "p99", "proved p50", "p99"].map((text) => text.padStart(11)).join("");
console.log(`${"button, ms".padEnd(30)}${header}   (${runs} runs each, ${oneWayMs} ms each way)`);
const all: Timed[] = [];
for (const [name, faults] of Object.entries(FAULTS)) {
  if (!name.includes(String(values.only))) continue;
  const times: Timed[] = [];
  for (let run = 0; run < runs; run++) times.push(await button(`${name} ${run}`, faults));
  if (name !== "nothing") all.push(...times);
  told(name, times);
}
if (all.length > 0) told(`all ${all.length} under faults`, all);

const protectedMs: number[] = [];
const killRuns = "kill".includes(String(values.only)) ? 10 * runs : 0;
for (let run = 0; run < killRuns; run++) protectedMs.push(await killed(`kill ${run}`));
if (killRuns > 0) {
  const cells = [0.5, 0.99, 1].map((share) => quantile(protectedMs, share).toFixed(0));
  console.log(`\nkill -9 to protected, ms: p50 ${cells[0]}, p99 ${cells[1]}, worst ${cells[2]}`);
  console.log(`(${killRuns} runs, restarted at once, without the start of a process)`);
}

function told(name: string, times: readonly Timed[]): void {
  const flat = times.map(({ flatMs }) => flatMs);
  const proved = times.map(({ provedMs }) => provedMs);
  const cells = [flat, proved].flatMap((list) => [quantile(list, 0.5), quantile(list, 0.99)]);
  console.log(name.padEnd(30) + cells.map((ms) => ms.toFixed(0).padStart(11)).join(""));
}

/** One account with positions and resting orders, made flat. */
async function button(seed: string, faults: readonly Fault[]): Promise<Timed> {
  return inWorld(seed, async (world, dir) => {
    const process = startIn(world, dir);
    await trade(world, seed);
    for (const fault of faults) world.simulator.faults.add(fault);
    world.simulator.strikeNow();
    const pressedAtMs = world.clock.nowMs();
    process.command("flatten", "measured");
    let flatMs = Number.NaN;
    for (;;) {
      await world.pass(LOOK_MS);
      const passedMs = world.clock.nowMs() - pressedAtMs;
      if (Number.isNaN(flatMs) && world.held().size === 0) flatMs = passedMs;
      const isProved = process.view.trading.reason.startsWith("flat, by");
      if (isProved || passedMs > WAIT_MS_MAX) return { flatMs, provedMs: passedMs };
    }
  });
}

/** Positions lose their stops while nobody runs; the next process puts them. */
async function killed(seed: string): Promise<number> {
  return inWorld(seed, async (world, dir) => {
    const first = startIn(world, dir);
    await trade(world, seed);
    first.kill("measured");
    const { core, accountId } = world;
    for (const { symbolIndex, sizeSteps } of core.positions(accountId)) {
      if (sizeSteps === 0) continue;
      core.setTradingStop(accountId, {
        symbolIndex,
        positionIdx: 0,
        tpslMode: "Full",
        stopLossTicks: 0,
      });
    }
    world.simulator.venue.flush();
    const killedAtMs = world.clock.nowMs();
    startIn(world, dir);
    for (;;) {
      await world.pass(LOOK_MS);
      const passedMs = world.clock.nowMs() - killedAtMs;
      const isProtected = [...world.held().values()].every(({ hasStop }) => hasStop);
      if (isProtected || passedMs > WAIT_MS_MAX) return passedMs;
    }
  });
}

async function inWorld<Value>(
  seed: string,
  measure: (world: World, dir: string) => Promise<Value>,
): Promise<Value> {
  const dir = mkdtempSync(join(tmpdir(), "scalper-way-out-"));
  const world = new World({ seed, startAtMs: START_AT_MS, stepMs: MARKET_STEP_MS, oneWayMs });
  try {
    return await measure(world, dir);
  } finally {
    world.simulator.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function startIn(world: World, dir: string): LifeProcess {
  const process = new LifeProcess({
    world,
    name: "process",
    dataDir: dir,
    mode: "auto",
    onCross: () => {},
    offsetMs: 0,
  });
  process.start();
  return process;
}

/** Until some positions are held beside resting orders. */
async function trade(world: World, seed: string): Promise<void> {
  await world.pass(TRADES_SEC * 1_000);
  for (let waited = 0; waited < TRADES_SEC && world.held().size < POSITIONS_MIN; waited++) {
    await world.pass(1_000);
  }
  // The button and the kill fall anywhere between two ticks of the engine's own timers.
  await world.pass(prngOf(seed).int(1_000));
}
