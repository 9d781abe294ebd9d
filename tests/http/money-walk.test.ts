/**
 * Every money figure of every page and route against the rows of `trades`, recomputed here without
 * any of the product's sums. Two runs of the real engine, the first of them killed, a past of forty
 * days before them, a place whose midnight is no whole hour of UTC, sums kept and not kept yet; and
 * a planted error in a kept sum, which the walk must report.
 */
import { expect, test } from "bun:test";
import { BLOTTER_WORKER_URL } from "../../src/embedded.ts";
import { emptyView, project } from "../../src/monitor/project.ts";
import { BlotterThread } from "../../src/record/blotter-client.ts";
import { loadBook } from "../../src/record/book-rows.ts";
import { createHistoryReader } from "../../src/record/history.ts";
import { createMoneyReader } from "../../src/record/money-reader.ts";
import { MoneyRollup } from "../../src/record/money-rollup.ts";
import { openRecord } from "../../src/record/open-record.ts";
import { createTradeReader } from "../../src/record/readers.ts";
import { tradeRowOf } from "../../src/record/record-rows.ts";
import { systemClock, virtualClock } from "../../src/runtime/clocks.ts";
import type { JournalDatabase } from "../../src/store/database.ts";
import { trades } from "../../src/store/schema.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import type { WebDeps } from "../../src/web/deps.ts";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../support/known-account.ts";
import {
  clockIn,
  decimal,
  type LocalTime,
  netOf,
  sum,
  type TradeLine,
  tradeLines,
  units,
} from "../support/money-books.ts";
import { moneyRows } from "../support/money-rows.ts";
import { ADDRESSES } from "../support/pages.ts";
import { type WebFixture, webFixture } from "../support/web-deps.ts";
import { START_MS, Tape } from "../unit/engine/tape.ts";
import { memoryLog, openTemp } from "../unit/record/support.ts";
import { STATIC_DIR } from "./scenario.ts";

const ZONE = "Asia/Kolkata";
/** 18:30 UTC of the day before the tape's. */
const DAY_STARTS_MS = Date.UTC(2026, 0, 4, 18, 30);
const DAY_MS = 86_400_000;
const local = clockIn(ZONE);
const RANGES = ["today", "7d", "30d", "90d", "12m", "all"] as const;
const DAYS = { today: 1, "7d": 7, "30d": 30, "90d": 90, "12m": 365, all: 10_000 };

interface Books {
  readonly rows: readonly TradeLine[];
  readonly nowMs: number;
}

/** A past of the account, before its first run; nothing of it is open in the books. */
function plantPast(database: JournalDatabase): void {
  const time = { fromMs: DAY_STARTS_MS - 40 * DAY_MS, toMs: DAY_STARTS_MS - 1 };
  for (const { fill } of moneyRows({ seed: "past", count: 400, ...time })) {
    const symbol = fill.symbol.replace("USDT", "OLDUSDT");
    const row = tradeRowOf({ ...fill, symbol }, { runId: "past", accountKey: ACCOUNT_KEY }, true);
    database.orm.insert(trades).values(row).run();
  }
  // Where its first day began: as much below as the past made, since the engine knows none of it.
  const net = decimal(-sum(tradeLines(database.sqlite)));
  const first = [ACCOUNT_KEY, DAY_STARTS_MS - 41 * DAY_MS, net] as const;
  database.sqlite.run("INSERT INTO days VALUES (?, ?, ?, 1)", [...first]);
}

const TRADES = `
  book A 1000x9000 1001x9000
  exec - 100 1000 buy A
  exec - 40 1003 sell A
  forced funding - 60 1000 buy A
  exec - 160 1002 sell A
  exec - 100 999 buy A
  exec - 50 1000 buy A
  forced liquidation - 50 990 sell A`;

/** A run that ends with a kill: what it told is in the record, and it never said goodbye. */
function lived(database: JournalDatabase, tape: Tape, runId: string): void {
  tape.ready();
  tape.play("operator halt");
  tape.play(TRADES);
  tape.play(
    "wait 1000\nbook A 1000x9000 1001x9000\nwait 5000\nbook A 1000x9000 1002x9000\nwait 500",
  );
  const clock = virtualClock(tape.atMs);
  const record = openRecord({ database, clock, runId, tradeLog: memoryLog(), dayTimeZone: ZONE });
  record.openAccount(ACCOUNT_KEYS);
  for (const tick of tape.ticks) {
    for (const reader of [record.journal, record.equity]) reader.onTick(tick);
  }
  expect(record.flush()).toBe(true);
  expect(record.stats().lost).toBe(0);
}

/** Counts everything, as a running product does a minute later. */
function keepSums(database: JournalDatabase): void {
  const clock = virtualClock(START_MS + DAY_MS);
  const rollup = new MoneyRollup({ database, clock, timeZone: ZONE });
  rollup.openAccount(ACCOUNT_KEY);
  rollup.catchUp();
  clock.advanceTo(clock.nowMs() + 10_000);
  rollup.close();
}

interface Figure {
  readonly place: string;
  /** Of the value, or of the row that it stands in. */
  readonly id: string;
  readonly exact: string;
}

/** Every amount that a page says exactly. */
function figuresOf(place: string, html: string): Figure[] {
  const found: Figure[] = [];
  let row = "";
  for (const [tag] of html.matchAll(/<[a-z]+ [^>]*>/g)) {
    if (tag.startsWith("<tr")) row = / id="([^"]*)"/.exec(tag)?.[1] ?? row;
    const exact = / title="(-?\d+(?:\.\d+)?)(?: USDT"| = realised)/.exec(tag)?.[1];
    if (exact === undefined) continue;
    found.push({ place, id: / data-v="([^"]*)"/.exec(tag)?.[1] ?? row, exact });
  }
  return found;
}

/** The sums of one set of executions, by the names that pages and routes give them. */
function linesOf(rows: readonly TradeLine[]) {
  const traded = rows.filter(({ kind }) => kind === "trade");
  const paid = (isMaker: number) =>
    -sum(
      traded.filter((row) => row.isMaker === isMaker),
      ({ fee }) => fee,
    );
  return {
    net: sum(rows),
    profit: sum(traded, ({ realised }) => realised),
    makerFees: paid(1),
    takerFees: paid(0),
    funding: -sum(
      rows.filter(({ kind }) => kind === "trade" || kind === "funding"),
      ({ funding }) => funding,
    ),
    other: sum(rows.filter(({ kind }) => kind !== "trade" && kind !== "funding")),
  };
}

/** What the figure must be; null when nobody has said: then the walk fails. */
function wantedOf({ place, id }: Figure, { rows, nowMs }: Books): bigint | null {
  const range = RANGES.find((name) => place.endsWith(`range=${name}`)) ?? "30d";
  const within = id.startsWith("bridge.")
    ? rowsOf({ rows, nowMs }, "today")
    : rowsOf({ rows, nowMs }, range);
  const lines = linesOf(within);
  const [, bridge = ""] = /^(?:pnl\.)?bridge\.(.*)$/.exec(id) ?? [];
  const ofBridge: Readonly<Record<string, bigint>> = {
    net: lines.net,
    "maker-fees": lines.makerFees,
    "taker-fees": lines.takerFees,
    funding: lines.funding,
    other: lines.other,
  };
  if (bridge !== "") return ofBridge[bridge] ?? null;
  const [, day = "", ofDay = ""] = /^pnl\.day\.([\d-]+)\.(.*)$/.exec(id) ?? [];
  if (day !== "") {
    return partOf(linesOf(within.filter(({ atMs }) => local(atMs).date === day)), ofDay);
  }
  const [, symbol = "", ofSymbol = ""] = /^pnl\.symbol\.(\w+)\.(\w+)$/.exec(id) ?? [];
  if (symbol !== "")
    return partOf(linesOf(within.filter((row) => row.symbol === symbol)), ofSymbol);
  if (id === "pnl.booked") return lines.net;
  if (id === "pnl.fees") return lines.makerFees + lines.takerFees;
  if (id === "pnl.funding") return lines.funding;
  const [, weekday, hour] = /^pnl\.hour\.(\d)-(\d+)$/.exec(id) ?? [];
  if (hour !== undefined) {
    return sum(
      within.filter((row) =>
        isAt(local(row.atMs), { weekday: Number(weekday), hour: Number(hour) }),
      ),
    );
  }
  return null;
}

function partOf(lines: ReturnType<typeof linesOf>, part: string): bigint | null {
  if (part === "fees") return lines.makerFees + lines.takerFees;
  if (part === "net") return lines.net;
  return part === "funding" ? lines.funding : null;
}

const isAt = (at: LocalTime, cell: Pick<LocalTime, "weekday" | "hour">): boolean =>
  at.weekday === cell.weekday && at.hour === cell.hour;

function rowsOf({ rows, nowMs }: Books, range: (typeof RANGES)[number]): TradeLine[] {
  const dates = new Set(
    Array.from(
      { length: Math.min(400, DAYS[range]) },
      (_, ago) => local(nowMs - ago * DAY_MS).date,
    ),
  );
  return rows.filter(({ atMs }) => dates.has(local(atMs).date));
}

/** What a row of one execution may say of it. */
function amountsOf(rows: readonly TradeLine[], id: string): string[] {
  const own = rows.filter((row) => id === `fill-${row.id}` || id === `fill-${row.execId}`);
  return own.flatMap((row) =>
    [row.value, netOf(row), row.fee, row.funding, row.fee + row.funding, row.realised].map(decimal),
  );
}

/** All amounts that whole sets of rows add up to: a run, all of it, a symbol or strategy of it. */
function knownAmounts(rows: readonly TradeLine[]): Set<string> {
  const runs = [undefined, ...new Set(rows.map(({ runId }) => runId))];
  const sets = runs.flatMap((runId) => {
    const run = rows.filter((row) => runId === undefined || row.runId === runId);
    const names = (of: (row: TradeLine) => string) =>
      [...new Set(run.map(of))].map((name) => run.filter((row) => of(row) === name));
    const traded = run.filter(({ kind }) => kind !== "funding");
    return [run, traded, ...names(({ symbol }) => symbol), ...names(({ strategy }) => strategy)];
  });
  const amounts = sets.flatMap((set) => [
    sum(set),
    sum(set, ({ value }) => value),
    sum(set, ({ realised }) => realised),
    sum(set, ({ fee }) => fee),
    sum(set, ({ funding }) => funding),
  ]);
  return new Set(amounts.flatMap((amount) => [decimal(amount), decimal(-amount)]));
}

interface World extends Books {
  readonly fixture: WebFixture;
  readonly deps: WebDeps;
}

/** All pages and routes; what is not as recomputed, in words. */
async function walk(world: World): Promise<{ figures: number; wrong: readonly string[] }> {
  const { fixture, deps, rows } = world;
  const web = dashboardApp(deps, { staticDir: STATIC_DIR });
  const headers = { cookie: fixture.cookieOf("admin") };
  const figures: Figure[] = [];
  // The orders of this world are nobody's: none has a life to show.
  const pages = ADDRESSES.filter((address) => !address.startsWith("/orders/"));
  const addresses = pages.map((address) => address.replace("BTCUSDT", "A"));
  for (const address of [...addresses, ...RANGES.map((range) => `/pnl?range=${range}`)]) {
    const answer = await web.request(address, { headers });
    expect([address, answer.status]).toEqual([address, 200]);
    figures.push(...figuresOf(address, await answer.text()));
  }
  const { account } = deps.view();
  const known = knownAmounts(rows);
  for (const text of ["0", account.equityText, account.availableText]) known.add(text);
  const trips = await tripsOf(deps);
  for (const text of trips.totals) known.add(text);
  const wrong = figures.flatMap((figure) => {
    const { place, id, exact } = figure;
    // These are checked together: profit is divided into lines, all of A's money into trips.
    if (/bridge\.(spread|moved|not-known|open)$/.test(id)) return [];
    if (/^trip[.-]\d+$/.test(id)) {
      return trips.nets.get(id.slice(5)) === exact ? [] : [`${place}: ${id} is not of that trip`];
    }
    const wanted = wantedOf(figure, world);
    if (wanted === null) {
      const isKnown = known.has(exact) || amountsOf(rows, id).includes(exact);
      return isKnown ? [] : [`${place}: ${id} says ${exact}, which no rows add up to`];
    }
    const text = decimal(wanted);
    return text === exact ? [] : [`${place}: ${id} says ${exact}, the rows say ${text}`];
  });
  const shown = figures.filter(({ place, id }) => place === "/symbols/A" && id.startsWith("trip."));
  const made = decimal(shown.reduce((all, { exact }) => all + units(exact), 0n));
  const wanted = decimal(sum(rows.filter(({ symbol }) => symbol === "A")));
  if (made !== wanted) wrong.push(`the trips of A add up to ${made}, its rows to ${wanted}`);
  wrong.push(...notClosed(figures), ...(await wrongRoutes(world)));
  return { figures: figures.length, wrong };
}

/** Round trips as the route tells them, whose own sums the walk checks; and their totals. */
async function tripsOf(deps: WebDeps) {
  const answer = await monitorApp(deps).request("/api/pnl/round-trips?limit=1000");
  const list: any[] = await answer.json();
  const columns = ["netUsdt", "grossUsdt", "feeUsdt", "fundingUsdt", "enteredUsdt"];
  const sums = columns.map((name) =>
    list.reduce<bigint>((all, trip) => all + units(trip[name]), 0n),
  );
  return {
    nets: new Map(list.map(({ id, netUsdt }) => [String(id), netUsdt])),
    totals: sums.flatMap((amount) => [decimal(amount), decimal(-amount)]),
  };
}

/** A bridge that does not add up to its net. */
function notClosed(figures: readonly Figure[]): string[] {
  const nets = figures.filter(({ id }) => id.endsWith("bridge.net"));
  return nets.flatMap(({ place, id, exact }) => {
    const start = id.slice(0, -"net".length);
    const lines = figures.filter(
      (one) =>
        one.place === place && one.id.startsWith(start) && !/(\.net|after-\w+)$/.test(one.id),
    );
    const total = decimal(lines.reduce((all, one) => all + units(one.exact), 0n));
    return total === exact ? [] : [`${place}: the lines of ${id} add up to ${total}, not ${exact}`];
  });
}

async function wrongRoutes(world: World): Promise<string[]> {
  const { deps, rows } = world;
  const api = monitorApp(deps);
  const get = async (url: string): Promise<any> => {
    const answer = await api.request(url);
    return answer.json();
  };
  const wrong: string[] = [];
  const same = (what: string, found: string, wanted: bigint) => {
    if (found !== decimal(wanted)) wrong.push(`${what}: ${found}, the rows say ${decimal(wanted)}`);
  };
  const account = await get("/api/monitor/account");
  same("today", account.todayUsdt, sum(rowsOf(world, "today")));
  for (const range of RANGES) {
    const within = rowsOf(world, range);
    const lines = linesOf(within);
    const bridge = await get(`/api/pnl/bridge?range=${range}`);
    same(`bridge ${range}, booked`, bridge.bookedUsdt, lines.net);
    same(`bridge ${range}, maker`, bridge.makerFeesUsdt, lines.makerFees);
    same(`bridge ${range}, taker`, bridge.takerFeesUsdt, lines.takerFees);
    same(`bridge ${range}, funding`, bridge.fundingUsdt, lines.funding);
    same(`bridge ${range}, other`, bridge.otherUsdt, lines.other);
    const divided = [bridge.spreadUsdt, bridge.movedUsdt, bridge.notKnownUsdt].map(units);
    same(`bridge ${range}, profit`, decimal(divided.reduce((a, b) => a + b, 0n)), lines.profit);
    for (const day of await get(`/api/pnl/days?range=${range}`)) {
      const own = within.filter(({ atMs }) => local(atMs).date === day.date);
      same(`bridge of day ${day.date}, ${range}`, day.netUsdt, sum(own));
    }
    for (const row of await get(`/api/pnl/symbols?range=${range}`)) {
      const own = within.filter(({ symbol }) => symbol === row.symbol);
      same(`bridge of ${row.symbol}, ${range}`, row.netUsdt, sum(own));
    }
  }
  for (const trip of await get("/api/pnl/round-trips?limit=1000")) {
    const net = units(trip.grossUsdt) - units(trip.feeUsdt) - units(trip.fundingUsdt);
    same(`trip ${trip.id}`, trip.netUsdt, net);
  }
  for (const row of await get("/api/monitor/trades?limit=1000")) {
    const own = rows.filter(({ execId }) => execId === row.execId);
    same(`execution ${row.execId}`, row.netUsdt, sum(own));
  }
  return wrong;
}

function worldOf(database: JournalDatabase, tape: Tape): World {
  const nowMs = tape.atMs;
  const view = tape.ticks.reduce(project, emptyView(START_MS));
  const accountKey = () => ACCOUNT_KEY;
  const money = createMoneyReader({ database, accountKey, timeZone: ZONE, nowMs: () => nowMs });
  const blotter = new BlotterThread({
    ...{ database, accountKey, money, clock: systemClock, workerUrl: BLOTTER_WORKER_URL },
    timeZone: ZONE,
  });
  const fixture = webFixture({ symbols: 20 });
  const deps: WebDeps = {
    ...fixture.deps,
    view: () => view,
    trades: createTradeReader(database, accountKey),
    history: createHistoryReader(database, { runId: "two", accountKey }),
    money,
    blotter,
    nowMs: () => nowMs,
  };
  return { fixture, deps, nowMs, rows: tradeLines(database.sqlite) };
}

test("every money figure is what the rows of trades add up to, over a kill; an error is found", async () => {
  const database = openTemp();
  plantPast(database);
  const first = new Tape({ runId: "one", dayTimeZone: ZONE });
  lived(database, first, "one");
  const book = loadBook(database, ACCOUNT_KEY, DAY_STARTS_MS);
  const second = new Tape({ runId: "two", dayTimeZone: ZONE, book });
  second.execCount = 100;
  lived(database, second, "two");

  const young = worldOf(database, second);
  expect(new Set(young.rows.map(({ runId }) => runId))).toEqual(new Set(["past", "one", "two"]));
  const found = await walk(young);
  expect(found.wrong).toEqual([]);
  expect(found.figures).toBeGreaterThan(300);

  keepSums(database);
  expect((await walk(worldOf(database, second))).wrong).toEqual([]);

  // A bridge that does not add up: a thousandth of a USDT too much of fees in each kept day.
  database.sqlite.run("UPDATE money_days SET taker_fees_nano = taker_fees_nano - 1000000");
  const { wrong } = await walk(worldOf(database, second));
  expect(wrong.filter((text) => text.includes("bridge")).length).toBeGreaterThan(10);
  expect(wrong.filter((text) => text.includes("pnl.day")).length).toBeGreaterThan(10);
}, 120_000);
