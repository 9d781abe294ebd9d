/** The venue takes orders back when it loses an account that has it so; others are told once. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { virtualClock } from "../../src/runtime/clocks.ts";
import type { LogPort } from "../../src/runtime/ports/log.ts";
import { connectInProcess } from "../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { PRODUCT_MS_MAX } from "../support/patience.ts";

setDefaultTimeout(PRODUCT_MS_MAX);

const KEYS = { apiKey: "dcp-key", apiSecret: "dcp-secret" };
/** What the venue waits by itself, and a little more. */
const WINDOW_MS = 12_000;

/** Orders open before and after the adapter is gone without a word; and what it logged. */
async function leave(disconnectCancel: boolean) {
  const clock = virtualClock(Date.UTC(2026, 0, 5, 12));
  const accounts = [{ ...KEYS, walletUsdt: "10000", disconnectCancel }];
  const simulator = connectInProcess({ seed: "dcp", symbols: 3, accounts, clock });
  const lines: string[] = [];
  const note = (text: string) => void lines.push(text);
  const log: LogPort = { info: note, warn: note, error: note };
  const venue = createBybitVenue({
    clock,
    log,
    restUrl: "http://venue",
    wsUrl: "ws://venue",
    ...KEYS,
    tradeSocket: true,
    seed: "dcp",
    fetch: simulator.fetch,
    openSocket: simulator.openSocket,
  });
  void venue.start(() => {});
  await simulator.pass(3_000);
  const { core } = simulator.venue;
  const [account = ""] = simulator.venue.accountIds();
  core.place(account, {
    symbolIndex: 0,
    side: "Buy",
    type: "Limit",
    qtySteps: 100,
    priceTicks: Math.round(core.prices(0).markTicks * 0.95),
    timeInForce: "PostOnly",
    reduceOnly: false,
    closeOnTrigger: false,
  });
  const before = core.openOrders(account).length;
  await venue.stop();
  await simulator.pass(WINDOW_MS);
  const after = core.openOrders(account).length;
  simulator.stop();
  return { before, after, told: lines.filter((line) => line.includes("disconnect-cancel-all")) };
}

test("an account that has it loses its orders with its sockets", async () => {
  expect(await leave(true)).toEqual({ before: 1, after: 0, told: [] });
});

test("one that has not keeps them, and is told once", async () => {
  const { before, after, told } = await leave(false);
  expect([before, after, told.length]).toEqual([1, 1, 1]);
});
