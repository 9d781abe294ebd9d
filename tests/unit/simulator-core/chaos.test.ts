/**
 * Everything at once: triggers, brackets, reduce-only, hedge, funding, liquidation, listing. There
 * is no second model of all that; what must hold whatever happens is checked after every operation.
 */
import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { FIXED_ONE } from "../../../src/kernel/fixed.ts";
import type { ExchangeCore, SimEvent, SimOrder } from "../../../src/simulator/core/api.ts";
import { createExchange } from "../../../src/simulator/core/exchange.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { options, play, START_MS } from "./tape.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const who = fc.constantFrom("a", "b", "poor");
const side = fc.constantFrom("buy", "sell");
const price = fc.integer({ min: 90, max: 110 });
const qty = fc.integer({ min: 1, max: 12 });
const idx = fc.constantFrom(0, 0, 0, 1, 2);
/** An order by how many lines ago it was placed. */
const earlier = fc.nat(30).map((lines) => `~${lines}`);
const by = fc.constantFrom("LastPrice", "MarkPrice", "IndexPrice");
const smp = fc.constantFrom("None", "CancelMaker", "CancelTaker", "CancelBoth");
const tif = fc.constantFrom("gtc", "gtc", "ioc", "fok", "post", "market");
const reduce = fc.constantFrom("", "", "reduce");
const protection = fc.constantFrom("", "tp=112 sl=88", "tp=88 sl=112", "sl=95 tpsl=Partial");

function line(...parts: fc.Arbitrary<unknown>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((words) => words.filter((word) => word !== "").join(" "));
}
const word = (text: string) => fc.constant(text);
const keyed = (key: string, value: fc.Arbitrary<unknown>) => value.map((it) => `${key}=${it}`);

const commands = fc.oneof(
  {
    weight: 8,
    arbitrary: line(
      who,
      side,
      qty,
      word("@"),
      price,
      tif,
      keyed("idx", idx),
      word("link=new"),
      keyed("smp", smp),
      fc.oneof(reduce, protection),
    ),
  },
  { weight: 6, arbitrary: line(word("house"), side, qty, word("@"), price, tif) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(who, side, qty, price, price, fc.constantFrom("up", "down"), by, reduce)
      .map(([w, s, q, p, t, d, b, r]) =>
        `${w} ${s} ${q} @ ${p} trigger=${t}:${d}:${b} ${r}`.trim(),
      ),
  },
  {
    weight: 3,
    arbitrary: line(who, word("amend"), earlier, keyed("qty", qty), keyed("price", price)),
  },
  { weight: 2, arbitrary: line(who, word("cancel"), earlier) },
  {
    weight: 1,
    arbitrary: line(who, word("cancel-all"), fc.constantFrom("", "Order", "StopOrder")),
  },
  { weight: 2, arbitrary: line(who, word("stop"), keyed("tp", price), keyed("sl", price)) },
  { weight: 2, arbitrary: line(who, word("stop"), keyed("trail", fc.nat(4)), keyed("idx", idx)) },
  {
    weight: 1,
    arbitrary: line(who, word("stop"), word("tpsl=Partial sl=91"), keyed("slsize", qty)),
  },
  { weight: 3, arbitrary: line(word("mark"), price) },
  { weight: 2, arbitrary: line(word("price"), fc.integer({ min: 60, max: 160 })) },
  { weight: 1, arbitrary: line(who, word("leverage"), fc.constantFrom(5, 25, 50)) },
  { weight: 1, arbitrary: line(who, word("mode"), fc.constantFrom("hedge", "oneway")) },
  { weight: 1, arbitrary: line(who, word("margin"), fc.constantFrom("isolated", "cross")) },
  { weight: 1, arbitrary: line(word("rate"), fc.constantFrom(0.001, -0.002)) },
  {
    weight: 1,
    arbitrary: line(word("status"), fc.constantFrom("Delivering", "Trading", "Trading")),
  },
);

/** Gives a new order its line number as link id, and finds earlier ones by it. */
function numbered(command: string, at: number): string {
  return command
    .replace("link=new", `link=${at}`)
    .replace(/~(\d+)/, (_, lines) => String(Math.max(0, at - 1 - Number(lines))));
}

const ACCOUNTS = ["a", "b", "poor"];
const OVER = ["Filled", "Cancelled", "Deactivated", "Rejected"];

function expectSoundBook(exchange: ExchangeCore): void {
  const bids = exchange.levels(0, "Buy", 1000);
  const asks = exchange.levels(0, "Sell", 1000);
  for (const [levels, sign] of [
    [bids, -1],
    [asks, 1],
  ] as const) {
    for (let at = 0; at < levels.length; at += 2) {
      expect(levels[at + 1]).toBeGreaterThan(0);
      if (at > 0) expect(((levels[at] ?? 0) - (levels[at - 2] ?? 0)) * sign).toBeGreaterThan(0);
    }
  }
  if (bids[0] !== undefined && asks[0] !== undefined) expect(bids[0]).toBeLessThan(asks[0]);
}

function expectSoundOrders(exchange: ExchangeCore, accountId: string): void {
  const sizes = new Map(
    exchange.positions(accountId).map(({ positionIdx, sizeSteps }) => [positionIdx, sizeSteps]),
  );
  for (const order of exchange.openOrders(accountId)) {
    expect(OVER).not.toContain(order.status);
    expect(order.cumSteps).toBeLessThan(order.qtySteps);
    if (order.status === "Untriggered") continue;
    const levels = exchange.levels(0, order.side, 1000);
    const at = levels.findIndex((ticks, index) => index % 2 === 0 && ticks === order.priceTicks);
    expect(levels[at + 1]).toBeGreaterThanOrEqual(order.qtySteps - order.cumSteps);
    if (order.reduceOnly) expectFits(order, sizes.get(order.positionIdx) ?? 0);
  }
}

function expectFits(order: SimOrder, sizeSteps: number): void {
  const closable = order.side === "Sell" ? sizeSteps : -sizeSteps;
  expect(order.qtySteps - order.cumSteps).toBeLessThanOrEqual(closable);
}

/** Wallet from the log, and equity from nothing but the executions. */
function expectSoundMoney(exchange: ExchangeCore, accountId: string, initialUsdt: bigint): void {
  const wallet = exchange.wallet(accountId);
  const log = exchange.transactions(accountId);
  const changes = log.reduce((sum, { change }) => sum + change, 0n);
  expect(wallet.walletBalance).toBe(initialUsdt * FIXED_ONE + changes);
  expect(wallet.cumRealised).toBe(changes);
  for (const entry of log) expect(entry.change).toBe(entry.cashFlow + entry.funding - entry.fee);
  let equity = initialUsdt * FIXED_ONE;
  for (const execution of exchange.executions(accountId)) {
    equity -= execution.fee;
    if (execution.execType === "Funding") continue;
    equity += execution.side === "Buy" ? -execution.value : execution.value;
  }
  for (const { sizeSteps } of exchange.positions(accountId)) {
    equity += BigInt(sizeSteps * exchange.prices(0).markTicks) * FIXED_ONE;
  }
  expect(wallet.walletBalance + wallet.unrealised).toBe(equity);
}

/** The last told state of every order, position and wallet is the one that can be asked for. */
function expectToldTruth(exchange: ExchangeCore, events: readonly SimEvent[]): void {
  const orders = new Map<string, SimOrder>();
  const execIds = new Set<string>();
  let executions = 0;
  for (const event of events) {
    if (event.kind === "order") orders.set(event.order.orderId, event.order);
    if (event.kind !== "execution") continue;
    executions++;
    execIds.add(`${event.execution.accountId}/${event.execution.execId}`);
  }
  expect(execIds.size).toBe(executions);
  const open = ACCOUNTS.flatMap((id) => exchange.openOrders(id)).map(({ orderId }) => orderId);
  const toldOpen = [...orders.values()].filter(({ status }) => !OVER.includes(status));
  expect(toldOpen.map(({ orderId }) => orderId).sort()).toEqual(open.sort());
  for (const [orderId, told] of orders) {
    const found = exchange.findOrder(told.accountId, { orderId });
    if (told.stopOrderType === "TrailingStop") continue; // its trigger moves without a message
    expect(found).toEqual(told);
  }
}

test("books, orders, money and what was told stay sound under random use of everything", () => {
  fc.assert(
    fc.property(fc.array(commands, { minLength: 20, maxLength: 120, size: "max" }), (lines) => {
      const exchange = createExchange(options());
      exchange.setPrices(0, { markTicks: 100, indexTicks: 100 });
      const events: SimEvent[] = [];
      const drain = exchange.drain;
      exchange.drain = () => {
        const drained = drain();
        events.push(...drained);
        return drained;
      };
      for (const [at, command] of lines.entries()) {
        play(exchange, numbered(command, at), []);
        if (at % 25 === 24) play(exchange, `time ${(at + 1) * 1_200_000}`, []);
        expectSoundBook(exchange);
        for (const account of ACCOUNTS) expectSoundOrders(exchange, account);
      }
      for (const account of ACCOUNTS) {
        expectSoundMoney(exchange, account, account === "poor" ? 100n : 100_000n);
      }
      expectToldTruth(exchange, events);
      play(exchange, "status Closed", []);
      for (const account of ACCOUNTS) {
        expect(exchange.openOrders(account)).toEqual([]);
        expect(exchange.positions(account)).toEqual([]);
        expect(exchange.wallet(account)).toMatchObject({ orderIm: 0n, positionIm: 0n });
      }
      expect(exchange.openInterestSteps(0)).toBe(0);
      expect(exchange.nowMs).toBeGreaterThanOrEqual(START_MS);
    }),
    { numRuns: 150, seed: 20_250_102 },
  );
});
