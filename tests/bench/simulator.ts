/**
 * What the simulator itself costs, without sockets: one house order, one client order and its
 * cancel, a second of the whole market, and turning that second into the frames of every contract's
 * book, ticker and trades.
 */
import { prngOf } from "../../src/kernel/prng.ts";
import { PublicHub } from "../../src/simulator/shell/stream/hub.ts";
import { SimVenue } from "../../src/simulator/world/world.ts";
import { framePeer } from "./frame-peer.ts";

const SYMBOLS = 611;
const STEP_MS = 10;
const STEPS_A_SECOND = 1_000 / STEP_MS;
const WARM_S = 20;
const MEASURED_S = 30;
const OPERATIONS = 200_000;
const ACCOUNT = { apiKey: "bench", apiSecret: "bench", walletUsdt: "1000000" };

const startAtMs = Date.UTC(2026, 10, 21);
const startedAt = performance.now();
const venue = new SimVenue({ seed: "bench", symbols: SYMBOLS, accounts: [ACCOUNT], startAtMs });
row("construction", performance.now() - startedAt, "ms");

const { core } = venue;
const [accountId = ""] = venue.accountIds();
const prng = prngOf("bench");
let atMs = startAtMs;
run(WARM_S, () => {});

const house = timed(() => {
  for (let count = 0; count < OPERATIONS; count++) houseOrder();
});
row("house order and its cancel", (house * 1_000) / (2 * OPERATIONS), "µs an operation");
const client = timed(() => {
  for (let count = 0; count < OPERATIONS / 20; count++) clientOrder();
});
row("client order and its cancel", (client * 1_000) / (OPERATIONS / 10), "µs an operation");

const before = venue.market.events;
const quiet = timed(() => run(MEASURED_S, () => {}));
const events = (venue.market.events - before) / MEASURED_S;
row("one second of the market", quiet / MEASURED_S, `ms, ${events.toFixed(0)} events`);

const hub = new PublicHub(venue);
const sent = { frames: 0, bytes: 0 };
const peer = framePeer(atMs, (text) => {
  sent.frames++;
  sent.bytes += text.length;
});
for (const { symbol } of core.instruments) {
  for (const topic of ["orderbook.50", "tickers", "publicTrade"]) {
    hub.subscribe(peer, `${topic}.${symbol}`, atMs);
  }
}
peer.flush();
run(WARM_S, () => {
  hub.tick(atMs);
  peer.flush();
});
sent.frames = 0;
sent.bytes = 0;
const streaming = timed(() => {
  run(MEASURED_S, () => {
    hub.tick(atMs);
    peer.flush();
  });
});
const perFrame = ((streaming - quiet) * 1_000) / sent.frames;
row("one second with every stream", streaming / MEASURED_S, "ms");
row("encoding", perFrame, "µs a frame");
row("frames a second", sent.frames / MEASURED_S, "");
row("bytes a frame", sent.bytes / sent.frames, "");

function run(seconds: number, each: () => void): void {
  for (let step = 0; step < seconds * STEPS_A_SECOND; step++) {
    atMs += STEP_MS;
    venue.advance(atMs);
    each();
  }
}

/** Near the touch of any contract, on either side, as makers do. */
function houseOrder(): void {
  const index = prng.int(SYMBOLS);
  const side = prng.int(2) === 0 ? "Buy" : "Sell";
  const away = prng.int(20) * (side === "Buy" ? -1 : 1);
  const price = Math.max(1, core.bestTicks(index, side) + away);
  core.houseCancel(
    index,
    core.housePlace(index, { side, priceTicks: price, qtySteps: 10, timeInForce: "PostOnly" }),
  );
}

function clientOrder(): void {
  const symbolIndex = prng.int(25);
  const reply = core.place(accountId, {
    symbolIndex,
    side: "Buy",
    type: "Limit",
    qtySteps: 1_000,
    priceTicks: core.bestTicks(symbolIndex, "Buy"),
    timeInForce: "PostOnly",
  });
  core.cancel(accountId, symbolIndex, { orderId: reply.orderId });
  core.drain();
}

function timed(work: () => void): number {
  const fromMs = performance.now();
  work();
  return performance.now() - fromMs;
}

function row(name: string, value: number, unit: string): void {
  console.log(`  ${name.padEnd(30)} ${value.toFixed(2).padStart(10)} ${unit}`);
}
