/** Round trips of the blotter: filtered, added up, by pages, as files, and down to their fills. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { asClientOrderId } from "../../src/domain/units.ts";
import { BLOTTER_WORKER_URL } from "../../src/embedded.ts";
import { fixedToText } from "../../src/kernel/fixed.ts";
import { BlotterThread } from "../../src/record/blotter-client.ts";
import { createMoneyReader } from "../../src/record/money-reader.ts";
import { openRecord } from "../../src/record/open-record.ts";
import { systemClock, virtualClock } from "../../src/runtime/clocks.ts";
import type { JournalDatabase } from "../../src/store/database.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { given } from "../support/given.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../support/known-account.ts";
import { FIXTURE_NOW_MS as NOW_MS, webFixture } from "../support/web-deps.ts";
import {
  memoryLog,
  money,
  openTemp,
  sampleFill,
  sampleOrder,
  tell,
} from "../unit/record/support.ts";
import { STATIC_DIR } from "./scenario.ts";

const TRIPS = 260;
const fixture = webFixture({ symbols: 20 });
let database: JournalDatabase;
let web: ReturnType<typeof dashboardApp>;
let api: ReturnType<typeof monitorApp>;

/** What the n-th trip realises and pays, by plain arithmetic. */
const grossOf = (at: number): bigint => BigInt((at % 7) - 3) * money("0.1") + BigInt(at % 5);
const FEE = money("0.030000000000000001");
const netOf = (at: number): bigint => grossOf(at) - 2n * FEE;
const symbolOf = (at: number): string => (at % 3 === 0 ? "ENAUSDT" : "BTCUSDT");

beforeAll(() => {
  database = openTemp();
  const clock = virtualClock(NOW_MS - TRIPS * 60_000);
  const record = openRecord({
    ...{ database, clock, runId: "run1", tradeLog: memoryLog(), dayTimeZone: "UTC" },
  });
  record.openAccount(ACCOUNT_KEYS);
  for (let at = 0; at < TRIPS; at++) {
    for (const isExit of [false, true]) {
      const atMs = NOW_MS - (TRIPS - at) * 60_000 + (isExit ? 20_000 : 0);
      const clientId = asClientOrderId(`run1-maker-${at}${isExit ? "x" : "e"}`);
      const symbol = symbolOf(at);
      const reason = isExit ? "age 20000 ms" : `edge ${at} bps`;
      const times = { createdAtMs: atMs, updatedAtMs: atMs };
      tell(record, { kind: "order", order: sampleOrder(clientId, { symbol, reason, ...times }) });
      const fill = sampleFill(`t${at}${isExit ? "x" : "e"}`, {
        ...{ symbol, clientId, atMs, venueAtMs: atMs, fee: FEE },
        side: isExit ? "sell" : "buy",
        realisedPnl: isExit ? grossOf(at) : 0n,
        positionSteps: isExit ? 0 : 7,
      });
      tell(record, { kind: "fill", fill, isEarlier: false });
    }
  }
  record.close();
  const of = { database, accountKey: () => ACCOUNT_KEY, timeZone: "UTC" };
  const reader = createMoneyReader({ ...of, nowMs: () => NOW_MS });
  const blotter = new BlotterThread({
    ...{ ...of, money: reader, clock: systemClock, workerUrl: BLOTTER_WORKER_URL },
  });
  const deps = { ...fixture.deps, blotter, money: reader };
  web = dashboardApp(deps, { staticDir: STATIC_DIR });
  api = monitorApp(deps);
});
afterAll(() => database.close());

const all = Array.from({ length: TRIPS }, (_, at) => at).reverse();
const q = (text: string): string => `q=${encodeURIComponent(text)}`;

async function json(path: string): Promise<Record<string, unknown>> {
  const answer = await api.request(path);
  expect(answer.status).toBe(200);
  return JSON.parse(await answer.text());
}

async function asUser(path: string): Promise<string> {
  const answer = await web.request(path, { headers: { cookie: fixture.cookieOf("viewer") } });
  expect(answer.status).toBe(200);
  return answer.text();
}

const FILTERS: readonly (readonly [string, (at: number) => boolean])[] = [
  ["", () => true],
  ["sym:ENAUSDT", (at) => symbolOf(at) === "ENAUSDT"],
  ["net:<0", (at) => netOf(at) < 0n],
  ["-net:<0 sym:BTC", (at) => netOf(at) >= 0n && symbolOf(at) === "BTCUSDT"],
  ["from:-1h", (at) => (TRIPS - at) * 60_000 - 20_000 <= 3_600_000],
  ['reason:"edge 17 bps"', (at) => at === 17],
  ["order:maker-21x", (at) => at === 21],
  ["side:sell", () => false],
];

test.each(FILTERS)("%s: page, totals and both files tell the same", async (text, fits) => {
  const wanted = all.filter(fits);
  const totals = await json(`/api/blotter/trips/totals?${q(text)}`);
  expect(totals).toMatchObject({
    count: wanted.length,
    wonCount: wanted.filter((at) => netOf(at) > 0n).length,
    netUsdt: fixedToText(wanted.reduce((sum, at) => sum + netOf(at), 0n)),
    feeUsdt: fixedToText(2n * FEE * BigInt(wanted.length)),
  });
  const { rows } = await json(`/api/blotter/trips?limit=1000&${q(text)}`);
  const ids = wanted.map((at) => `run1-maker-${at}e`);
  const entries = (found: unknown) =>
    (found as { entryClientId: string }[]).map(({ entryClientId }) => entryClientId);
  expect(entries(rows)).toEqual(ids);
  const ndjson = await asUser(`/blotter/export?tab=trips&format=ndjson&${q(text)}`);
  const lines = ndjson.split("\n").filter(Boolean);
  expect(entries(lines.map((line) => JSON.parse(line)))).toEqual(ids);
  const csv = await asUser(`/blotter/export?tab=trips&format=csv&${q(text)}`);
  expect(csv.split("\r\n")).toHaveLength(wanted.length + 2);
});

test("pages lead through all of them and back", async () => {
  const seen: number[] = [];
  let place = "";
  for (;;) {
    const page = await json(`/api/blotter/trips?limit=70${place}`);
    const ids = (page.rows as { id: number }[]).map(({ id }) => id);
    seen.push(...ids);
    if (page.hasOlder !== true) break;
    place = `&before=${ids.at(-1)}`;
  }
  expect(seen).toHaveLength(TRIPS);
  const page = await json(`/api/blotter/trips?limit=70&after=${given(seen.at(140))}`);
  expect((page.rows as { id: number }[]).map(({ id }) => id)).toEqual(seen.slice(70, 140));
  expect(page.hasNewer).toBe(true);
  const newest = await json(`/api/blotter/trips?limit=70&after=${given(seen.at(70))}`);
  expect(newest.hasNewer).toBe(false);
});

test("are what the page begins with, with reasons and the way to fills and orders", async () => {
  const html = await asUser("/blotter");
  expect(html).toContain('aria-current="page">Round trips');
  expect(html).toContain(`edge ${TRIPS - 1} bps`);
  expect(html).toContain(`/orders/run1-maker-${TRIPS - 1}x`);
  const link = given(/href="(\/blotter\?tab=fills[^"]*sym%3A[^"]*)"/.exec(html)?.[1]);
  const fills = await asUser(link.replaceAll("&amp;", "&"));
  expect(fills.match(/id="fill-\d/g)).toHaveLength(2);
  const order = await asUser(`/orders/run1-maker-${TRIPS - 1}x`);
  expect(order).toContain(`/blotter?tab=trips&amp;q=order%3Arun1-maker-${TRIPS - 1}x`);
});
