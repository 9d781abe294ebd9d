/**
 * How long somebody who starts the program for the first time waits for a fill: the whole program
 * with its defaults on a virtual clock, so that a loaded machine does not show. The real start
 * (bench start) comes on top, about a second.
 *
 * One start each at five hours of a day, since the market's pace has a rhythm. Argument: a seed.
 */
import { modeOf } from "../../src/app/mode.ts";
import { buildEngine } from "../../src/app/trading.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { virtualClock } from "../../src/runtime/clocks.ts";
import { connectInProcess } from "../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { newAccount } from "../support/known-account.ts";

const HOURS = [0, 5, 10, 15, 20];
const DAY = Date.UTC(2026, 10, 21);
const PATIENCE_S = 40;
const KEYS = { apiKey: "bench-key", apiSecret: "bench-secret" };
const log = { info() {}, warn() {}, error() {} };

const parsed = parseConfig({ env: {}, flags: {}, file: null, credentials: {} });
if (!parsed.ok) throw new Error(`no configuration: ${JSON.stringify(parsed.problem)}`);
const { config } = parsed.value;
const seed = process.argv[2] ?? config.simSeed;

const waits: number[] = [];
for (const hour of HOURS) {
  const { orderS, fillS } = await firstOf(DAY + hour * 3_600_000 + 17_000);
  waits.push(fillS);
  const told = `first order ${orderS.toFixed(1)} s, first fill ${fillS.toFixed(1)} s`;
  console.log(`  ${String(hour).padStart(2)} h  ${told}`);
}
waits.sort((left, right) => left - right);
console.log(`  seed ${seed}: median ${waits[2]?.toFixed(1)} s, most ${waits.at(-1)?.toFixed(1)} s`);

/** Seconds from the venue's start to the first order and the first fill. */
async function firstOf(startAtMs: number): Promise<{ orderS: number; fillS: number }> {
  const clock = virtualClock(startAtMs);
  const accounts = [{ ...KEYS, walletUsdt: String(config.paperWalletUsdt) }];
  const simulator = connectInProcess({ seed, symbols: config.simSymbols, accounts, clock });
  const first = { orderS: Number.NaN, fillS: Number.NaN };
  const { fetch, openSocket } = simulator;
  const venue = createBybitVenue({
    clock,
    log,
    restUrl: "http://venue",
    wsUrl: "ws://venue",
    ...KEYS,
    tradeSocket: true,
    seed: "bench",
    fetch,
    openSocket,
  });
  const engine = buildEngine({
    config,
    mode: modeOf(config),
    runId: "bench",
    installation: "a0b1c2d3",
    earlierRuns: new Set(),
    clock,
    log,
    readers: [],
    keepTrading: () => {},
    openAccount: newAccount,
    venue: () => venue,
    onFatal: (error, doing) => console.log(`the engine died ${doing}: ${String(error)}`),
  });
  simulator.venue.listen({
    onTrades() {},
    onPrivate(events) {
      const nowS = (clock.nowMs() - startAtMs) / 1_000;
      for (const { kind } of events) {
        if (kind === "order" && Number.isNaN(first.orderS)) first.orderS = nowS;
        if (kind === "execution" && Number.isNaN(first.fillS)) first.fillS = nowS;
      }
    },
  });
  void venue.start(engine.accept);
  for (let second = 0; second < PATIENCE_S && Number.isNaN(first.fillS); second++) {
    await simulator.pass(1_000);
  }
  await venue.stop();
  engine.stop();
  simulator.stop();
  return first;
}
