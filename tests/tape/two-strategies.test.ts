/**
 * The whole program with two strategies side by side, through a crash: engine, adapter and
 * simulated venue on one virtual clock. The first life ends without a word while orders of both
 * rest; the second must leave none of them, and whatever each life made is on some strategy's line.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { modeOf } from "../../src/app/mode.ts";
import { buildEngine, type RunningEngine } from "../../src/app/trading.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { StrategyAudit } from "../../src/engine/audit.ts";
import { fixedToText, parseFixed } from "../../src/kernel/fixed.ts";
import { type VirtualClock, virtualClock } from "../../src/runtime/clocks.ts";
import type { LogPort } from "../../src/runtime/ports/log.ts";
import type { Venue } from "../../src/runtime/ports/venue.ts";
import { connectInProcess, type InProcessSimulator } from "../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { newAccount } from "../support/known-account.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";

const KEYS = { apiKey: "two-key", apiSecret: "two-secret" };
const SYMBOLS = 60;
/** Both strategies trade within it; the market is a function of the seed. */
const LIFE_SEC_MAX = 180;
const BOTH = ["maker", "momentum"] as const;
const SILENT: LogPort = { info: () => {}, warn: () => {}, error: () => {} };

interface Life {
  readonly engine: RunningEngine;
  readonly venue: Venue;
}

setDefaultTimeout(PRODUCT_MS_MAX);

let clock: VirtualClock;
let simulator: InProcessSimulator;
let first: Life;
let second: Life;
/** Client ids that rested at the venue when the first life ended. */
let left: readonly string[] = [];

function begin(runId: string): Life {
  const parsed = parseConfig({ env: {}, flags: {}, file: null, credentials: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  let venue: Venue | null = null;
  const engine = buildEngine({
    config: parsed.value.config,
    mode: modeOf(parsed.value.config),
    runId,
    installation: "a0b1c2d3",
    earlierRuns: new Set(["first"]),
    clock,
    readers: [],
    log: SILENT,
    keepTrading: () => {},
    openAccount: newAccount,
    venue: () => venue,
    onFatal: (error, doing) => {
      throw new Error(`the engine died ${doing}`, { cause: error });
    },
  });
  venue = createBybitVenue({
    clock,
    log: SILENT,
    restUrl: "http://venue",
    wsUrl: "ws://venue",
    ...KEYS,
    tradeSocket: true,
    seed: runId,
    fetch: simulator.fetch,
    openSocket: simulator.openSocket,
  });
  void venue.start(engine.accept);
  return { engine, venue };
}

/** Client ids of the orders that rest at the venue, as the venue says. */
function resting(): string[] {
  const { core } = simulator.venue;
  const [account = ""] = simulator.venue.accountIds();
  return core.openOrders(account).flatMap(({ orderLinkId }) => (orderLinkId ? [orderLinkId] : []));
}

const ofStrategy = (ids: readonly string[], name: string) =>
  ids.filter((id) => id.includes(`-${name}-`));
const rowOf = ({ engine }: Life, name: string) =>
  engine.view().strategies.find((row) => row.name === name);

/** Lets time pass until something holds, at most a life's length. */
async function passUntil(holds: () => boolean): Promise<boolean> {
  for (let passedMs = 0; passedMs < LIFE_SEC_MAX * 1_000; passedMs += 100) {
    if (holds()) return true;
    await simulator.pass(100);
  }
  return holds();
}

function sumsOf({ engine }: Life): Record<string, string> {
  const sum = (column: keyof StrategyAudit) =>
    engine
      .view()
      .strategies.reduce((total, row) => total + (parseFixed(String(row[column])) ?? 0n), 0n);
  return {
    realisedText: fixedToText(sum("realisedText")),
    feesText: fixedToText(sum("feesText")),
    fundingText: fixedToText(sum("fundingText")),
    unrealisedText: fixedToText(sum("unrealisedText")),
    fillCount: fixedToText(sum("fillCount")),
  };
}

function accountOf({ engine }: Life): Record<string, string> {
  const { realisedText, feesText, fundingText, unrealisedText, fillCount } = engine.view().account;
  return { realisedText, feesText, fundingText, unrealisedText, fillCount: String(fillCount) };
}

beforeAll(async () => {
  clock = virtualClock(Date.UTC(2026, 0, 5, 12));
  const accounts = [{ ...KEYS, walletUsdt: "10000" }];
  simulator = connectInProcess({ seed: "two", symbols: SYMBOLS, accounts, clock });
  first = begin("first");
  await passUntil(() => BOTH.every((name) => (rowOf(first, name)?.fillCount ?? 0) > 0));
  await passUntil(() => BOTH.every((name) => ofStrategy(resting(), name).length > 0));
  left = resting();
  // No word to the venue: what rests there stays.
  first.engine.stop();
  await first.venue.stop();
  second = begin("second");
  await simulator.pass(5_000);
}, PRODUCT_MS_MAX);

afterAll(async () => {
  second.engine.stop();
  await second.venue.stop();
  simulator.stop();
});

describe("the first life", () => {
  test("both strategies fill, each on symbols of its own", () => {
    for (const name of BOTH) expect(rowOf(first, name)?.fillCount, name).toBeGreaterThan(0);
    const owned = BOTH.flatMap((name) => rowOf(first, name)?.symbols ?? []);
    expect(new Set(owned).size).toBe(owned.length);
    for (const name of BOTH) expect(rowOf(first, name)?.symbols.length, name).toBeGreaterThan(0);
  });

  test("what they made adds up to the account's, to the last decimal", () => {
    expect(sumsOf(first)).toEqual(accountOf(first));
  });

  test("ends while orders of both rest", () => {
    for (const name of BOTH) expect(ofStrategy(left, name).length, name).toBeGreaterThan(0);
  });
});

describe("the second life", () => {
  test("leaves none of the first one's orders, whosever they were", () => {
    const now = new Set(resting());
    expect(left.filter((id) => now.has(id))).toEqual([]);
  });

  test("gives every position a stop, and an owner or protection", () => {
    const open = [...second.engine.view().positions.values()].filter(({ side }) => side !== "flat");
    for (const { symbol, stopLossText } of open) expect(stopLossText, symbol).not.toBe("");
    const held = second.engine.view().strategies.reduce((sum, row) => sum + row.openPositions, 0);
    expect(held).toBe(open.length);
  });

  test("trades on with both, and its results add up too", async () => {
    const done = await passUntil(() =>
      BOTH.every((name) => (rowOf(second, name)?.fillCount ?? 0) > 0),
    );
    expect(done).toBe(true);
    expect(sumsOf(second)).toEqual(accountOf(second));
  });
});
