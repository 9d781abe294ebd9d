/**
 * The venue changes ticks and steps of contracts that are held and worked: engine, adapter and
 * simulated venue on one virtual clock. No amount moves, and at the end the record is the wallet.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { modeOf } from "../../src/app/mode.ts";
import { buildEngine, type RunningEngine } from "../../src/app/trading.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { toText, trimZeros } from "../../src/kernel/decimal.ts";
import { parseFixed } from "../../src/kernel/fixed.ts";
import { type VirtualClock, virtualClock } from "../../src/runtime/clocks.ts";
import type { LogPort } from "../../src/runtime/ports/log.ts";
import type { Venue } from "../../src/runtime/ports/venue.ts";
import { connectInProcess, type InProcessSimulator } from "../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { newAccount } from "../support/known-account.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const KEYS = { apiKey: "grid-key", apiSecret: "grid-secret" };
const WALLET = "10000";
/** The list is read anew every five minutes. */
const REFRESH_SEC = 5 * 60;

let clock: VirtualClock;
let simulator: InProcessSimulator;
let engine: RunningEngine;
let venue: Venue | null = null;
const lines: string[] = [];
const note = (text: string) => void lines.push(text);
const LOG: LogPort = { info: note, warn: note, error: note };

beforeAll(async () => {
  clock = virtualClock(Date.UTC(2026, 0, 5, 12));
  const accounts = [{ ...KEYS, walletUsdt: WALLET }];
  simulator = connectInProcess({ seed: "grid", symbols: 30, accounts, clock });
  // Listed on a coarser grid than it is counted on there: it can become finer later.
  for (let index = 0; index < 30; index += 2) lots(index, 10);
  const parsed = parseConfig({ env: {}, flags: {}, file: null, credentials: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  engine = buildEngine({
    config: parsed.value.config,
    mode: modeOf(parsed.value.config),
    runId: "grid",
    installation: "a0b1c2d3",
    earlierRuns: new Set(),
    clock,
    readers: [],
    log: LOG,
    openAccount: newAccount,
    keepTrading: () => {},
    venue: () => venue,
    onFatal: (error, doing) => {
      throw new Error(`the engine died ${doing}`, { cause: error });
    },
  });
  venue = createBybitVenue({
    clock,
    log: LOG,
    restUrl: "http://venue",
    wsUrl: "ws://venue",
    ...KEYS,
    tradeSocket: true,
    seed: "grid",
    fetch: simulator.fetch,
    openSocket: simulator.openSocket,
  });
  void venue.start(engine.accept);
}, PRODUCT_MS_MAX);

afterAll(async () => {
  engine.stop();
  await venue?.stop();
  simulator.stop();
});

function lots(index: number, lot: number): void {
  simulator.venue.core.setLots(index, { tickLot: lot, stepLot: lot });
}

const accountId = () => simulator.venue.accountIds()[0] ?? "";
const held = () => [...engine.view().positions.values()].filter(({ side }) => side !== "flat");
const counted = (text: string) => lines.filter((line) => line.includes(text)).length;

async function passUntil(what: string, secMax: number, holds: () => boolean): Promise<void> {
  for (let passedMs = 0; passedMs < secMax * 1_000 && !holds(); passedMs += 200) {
    await simulator.pass(200);
  }
  expect(holds(), what).toBe(true);
}

/** The venue's own sizes, by symbol, as decimals. */
function sizesAtVenue(): Record<string, string> {
  const sizes: Record<string, string> = {};
  for (const { symbolIndex, sizeSteps } of simulator.venue.core.positions(accountId())) {
    const { symbol, qty } = simulator.venue.instrumentAt(symbolIndex);
    if (sizeSteps !== 0) sizes[symbol] = trimZeros(toText(qty, Math.abs(sizeSteps)));
  }
  return sizes;
}

const sizesHere = () =>
  Object.fromEntries(held().map(({ symbol, qtyText }) => [symbol, trimZeros(qtyText)]));

/** What the record says that the wallet has changed by. */
function booked(): bigint {
  const { realisedText, feesText, fundingText } = engine.view().account;
  const of = (text: string) => parseFixed(text) ?? 0n;
  return of(realisedText) - of(feesText) - of(fundingText);
}

const walletChange = () =>
  simulator.venue.core.wallet(accountId()).walletBalance - (parseFixed(WALLET) ?? 0n);

test("finer grids are noticed within seconds, by what cannot be read", async () => {
  await passUntil("it trades", 120, () => engine.view().account.fillCount > 5);
  const before = counted("the venue changed the grid");
  for (let index = 0; index < 30; index += 2) lots(index, 1);
  await passUntil(
    "the list was read again",
    20,
    () => counted("the venue changed the grid") > before,
  );
});

test("coarser ones by the list's own turn, under positions and orders", async () => {
  await passUntil("something is held", 120, () => held().length > 0);
  for (let index = 0; index < 30; index++) lots(index, 10);
  const before = counted("orders go, entries wait");
  await passUntil("the engine took them over", REFRESH_SEC + 20, () => {
    return counted("orders go, entries wait") > before;
  });
  await passUntil("and entered again", 120, () => counted("may be entered again") > before);
});

test("it trades on, on the new grid, and record, sizes and wallet agree to the last decimal", async () => {
  const fills = engine.view().account.fillCount;
  await passUntil(
    "it fills on the new grids",
    300,
    () => engine.view().account.fillCount > fills + 5,
  );
  for (const { symbolIndex, priceTicks } of simulator.venue.core.openOrders(accountId())) {
    expect(priceTicks % simulator.venue.instrumentAt(symbolIndex).tickLot).toBe(0);
  }
  // Between a fill and its report the two differ: they meet at some moment of every second.
  const agree = () => Bun.deepEquals(sizesHere(), sizesAtVenue()) && booked() === walletChange();
  await passUntil("record, sizes and wallet are one", 60, agree);
});
