/**
 * Cash comes and goes at a simulated venue while engine and adapter trade there on one virtual
 * clock: a transfer explains itself by the venue's log, and what nothing explains is found.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { modeOf } from "../../src/app/mode.ts";
import { buildEngine, type RunningEngine } from "../../src/app/trading.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { fixedOf } from "../../src/kernel/fixed.ts";
import { type VirtualClock, virtualClock } from "../../src/runtime/clocks.ts";
import type { Venue } from "../../src/runtime/ports/venue.ts";
import { connectInProcess, type InProcessSimulator } from "../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { newAccount } from "../support/known-account.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const KEYS = { apiKey: "wallet-key", apiSecret: "wallet-secret" };
const NOTHING = { info: () => {}, warn: () => {}, error: () => {} };

let clock: VirtualClock;
let simulator: InProcessSimulator;
let engine: RunningEngine;
let venue: Venue | null = null;

beforeAll(() => {
  clock = virtualClock(Date.UTC(2026, 0, 5, 12));
  const accounts = [{ ...KEYS, walletUsdt: "10000" }];
  simulator = connectInProcess({ seed: "wallet", symbols: 30, accounts, clock });
  const parsed = parseConfig({ env: {}, flags: {}, file: null, credentials: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  engine = buildEngine({
    config: parsed.value.config,
    mode: modeOf(parsed.value.config),
    runId: "wallet",
    installation: "a0b1c2d3",
    earlierRuns: new Set(),
    clock,
    readers: [],
    log: NOTHING,
    openAccount: newAccount,
    keepTrading: () => {},
    venue: () => venue,
    onFatal: (error, doing) => {
      throw new Error(`the engine died ${doing}`, { cause: error });
    },
  });
  venue = createBybitVenue({
    clock,
    log: NOTHING,
    restUrl: "http://venue",
    wsUrl: "ws://venue",
    ...KEYS,
    tradeSocket: true,
    seed: "wallet",
    fetch: simulator.fetch,
    openSocket: simulator.openSocket,
  });
  void venue.start(engine.accept);
});

afterAll(async () => {
  engine.stop();
  await venue?.stop();
  simulator.stop();
});

const fault = () => engine.view().trading.walletFault ?? "";

function pay(usdt: bigint, isLogged: boolean): void {
  const accountId = simulator.venue.accountIds()[0] ?? "";
  const cash = { amount: fixedOf(usdt, 0), isLogged };
  expect(simulator.venue.core.transfer(accountId, cash).code).toBe(0);
}

/** Whether it was ever red within so long. */
async function isRedWithin(sec: number): Promise<boolean> {
  for (let passedMs = 0; passedMs < sec * 1_000; passedMs += 200) {
    await simulator.pass(200);
    if (fault() !== "") return true;
  }
  return false;
}

test("a transfer while trading is no difference and no profit", async () => {
  for (let sec = 0; sec < 120 && engine.view().account.fillCount < 4; sec++) {
    await simulator.pass(1_000);
  }
  expect(engine.view().account.fillCount).toBeGreaterThanOrEqual(4);
  const today = Number(engine.view().account.todayText);
  pay(500n, true);
  expect(await isRedWithin(30)).toBe(false);
  pay(-300n, true);
  expect(await isRedWithin(30)).toBe(false);
  expect(Math.abs(Number(engine.view().account.todayText) - today)).toBeLessThan(50);
});

test("cash that is gone without a word is red, and until it is back", async () => {
  pay(-500n, false);
  expect(await isRedWithin(30)).toBe(true);
  expect(fault()).toContain("leaves -500");
  pay(500n, false);
  for (let sec = 0; sec < 30 && fault() !== ""; sec++) await simulator.pass(1_000);
  expect(fault()).toBe("");
});
