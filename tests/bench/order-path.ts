/**
 * From the market frame to the order that it causes, in one process and back to back: the whole
 * program on a virtual clock, its adapter given sockets without a network, so that nothing but our
 * own code lies between the frame's handler and the socket's send. Orders that timers and fills
 * cause are counted apart. `--minutes 10 --warm 2 --symbols 611`: minutes of the market's time.
 */
import { modeOf } from "../../src/app/mode.ts";
import { buildEngine } from "../../src/app/trading.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { virtualClock } from "../../src/runtime/clocks.ts";
import type { LogPort } from "../../src/runtime/ports/log.ts";
import type { Venue } from "../../src/runtime/ports/venue.ts";
import { type ClientSocket, connectInProcess } from "../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { newAccount } from "../support/known-account.ts";
import { KEYS, MANY_ORDERS } from "./clients/exchange.ts";
import { optionOf, quantile } from "./clients/measure.ts";

const MINUTES = optionOf("minutes", 10);
const WARM_MINUTES = optionOf("warm", 2);
const SYMBOLS = optionOf("symbols", 611);
const START_AT_MS = Date.UTC(2026, 0, 5, 9);
const MINUTE_MS = 60_000;
const QUIET: LogPort = { info() {}, warn() {}, error() {} };

const clock = virtualClock(START_AT_MS);
const simulator = connectInProcess({
  seed: "bench",
  symbols: SYMBOLS,
  accounts: [{ ...KEYS, walletUsdt: "1000000" }],
  clock,
});
const parsed = parseConfig({
  env: { SCALPER_VENUE: "sim", ...MANY_ORDERS },
  flags: {},
  file: null,
  credentials: {},
});
if (!parsed.ok) throw new Error(`no configuration: ${JSON.stringify(parsed.problem)}`);
const { config } = parsed.value;

let frameAtMs = -1;
let frames = 0;
let others = 0;
/** Microseconds from a frame to each order, in the order of sending. */
let answers: number[] = [];

const engine = buildEngine({
  config,
  mode: modeOf(config),
  runId: "bench",
  installation: "a0b1c2d3",
  earlierRuns: new Set(),
  clock,
  readers: [],
  log: QUIET,
  keepTrading: () => {},
  openAccount: newAccount,
  venue: () => venue,
  onFatal: (error, doing) => {
    throw new Error(`the engine died ${doing}`, { cause: error });
  },
});
const venue: Venue = createBybitVenue({
  clock,
  log: QUIET,
  restUrl: "http://venue",
  wsUrl: "ws://venue",
  ...KEYS,
  tradeSocket: true,
  seed: "bench",
  fetch: simulator.fetch,
  openSocket: (url) => tapped(simulator.openSocket(url), url.includes("/v5/public")),
});
void venue.start(engine.accept);

await simulator.pass(WARM_MINUTES * MINUTE_MS);
[frames, others, answers] = [0, 0, []];
await simulator.pass(MINUTES * MINUTE_MS);

console.log(
  `${SYMBOLS} symbols, ${MINUTES} minutes of the market: ${frames} public frames, ` +
    `${answers.length} orders caused by a frame, ${others} by timers and fills`,
);
const at = (share: number) => quantile(answers, share).toFixed(0);
console.log(`  frame to order: p50 ${at(0.5)} µs, p90 ${at(0.9)} µs, p99 ${at(0.99)} µs`);
process.exit(0);

/** The socket itself, with a stop watch on its frames and orders. */
function tapped(socket: ClientSocket, isPublic: boolean): ClientSocket {
  const send = socket.send.bind(socket);
  socket.send = (text) => {
    send(text);
    if (!text.includes('"order.create"')) return;
    if (frameAtMs < 0) others++;
    else answers.push((performance.now() - frameAtMs) * 1_000);
  };
  if (!isPublic) return socket;
  return new Proxy(socket, {
    set(target, name, value) {
      if (name !== "onmessage" || value === null) return Reflect.set(target, name, value);
      target.onmessage = (event) => {
        frames++;
        frameAtMs = performance.now();
        value(event);
        frameAtMs = -1;
      };
      return true;
    },
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
