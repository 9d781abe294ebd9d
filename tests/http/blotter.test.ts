/**
 * The blotter over a real record: whatever is filtered, page, totals, API and both files tell the
 * same rows and sums as a plain walk over the table, done here with nothing of the product's own.
 */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Side } from "../../src/domain/units.ts";
import { asClientOrderId, asVenueOrderId, type QtySteps } from "../../src/domain/units.ts";
import { BLOTTER_WORKER_URL } from "../../src/embedded.ts";
import { prngOf } from "../../src/kernel/prng.ts";
import { BlotterThread } from "../../src/record/blotter-client.ts";
import { FillHours } from "../../src/record/fill-hours.ts";
import { openRecord } from "../../src/record/open-record.ts";
import { systemClock, virtualClock } from "../../src/runtime/clocks.ts";
import type { JournalDatabase } from "../../src/store/database.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { given } from "../support/given.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../support/known-account.ts";
import { FIXTURE_NOW_MS, webFixture } from "../support/web-deps.ts";
import {
  memoryLog,
  money,
  openTemp,
  sampleDenial,
  sampleFill,
  sampleOrder,
  tell,
} from "../unit/record/support.ts";
import { STATIC_DIR } from "./scenario.ts";

const FILLS = 600;
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "ENAUSDT", "1000ENAUSDT", "XENAUSDT"];
const REASONS = ["imbalance 0.4, edge 9.8 bps", "age 21300 ms", "stop: loss 41 bps", "=cmd()"];
const fixture = webFixture({ symbols: 20 });
const NOW_MS = FIXTURE_NOW_MS;
const HOUR_MS = 3_600_000;

let database: JournalDatabase;
let blotter: BlotterThread;
let web: ReturnType<typeof dashboardApp>;
let api: ReturnType<typeof monitorApp>;

/** What the test knows of each row by itself. */
interface Told {
  readonly symbol: string;
  readonly side: Side;
  readonly isMaker: boolean;
  readonly reason: string;
  readonly purpose: string;
  readonly atMs: number;
  readonly value: bigint;
  readonly gross: bigint;
  readonly fee: bigint;
  readonly funding: bigint;
}
const told: Told[] = [];

beforeAll(() => {
  database = openTemp();
  fill(database);
  blotter = new BlotterThread({
    database,
    accountKey: () => ACCOUNT_KEY,
    timeZone: "UTC",
    money: fixture.deps.money,
    clock: systemClock,
    workerUrl: BLOTTER_WORKER_URL,
  });
  const deps = { ...fixture.deps, blotter };
  web = dashboardApp(deps, { staticDir: STATIC_DIR });
  api = monitorApp(deps);
});
afterAll(() => database.close());

const NANO = 1_000_000_000n;

function fill(into: JournalDatabase): void {
  const prng = prngOf("blotter");
  const pick = <Value>(values: readonly Value[]): Value => given(values[prng.int(values.length)]);
  const clock = virtualClock(NOW_MS - 20 * HOUR_MS);
  const record = openRecord({ database: into, clock, runId: "run1", tradeLog: memoryLog() });
  record.openAccount(ACCOUNT_KEYS);
  for (let at = 0; at < FILLS; at++) {
    const atMs = NOW_MS - 20 * HOUR_MS + Math.floor((at * 20 * HOUR_MS) / FILLS);
    const isFunding = prng.int(20) === 0;
    const amount = (most: number) => BigInt(prng.int(most)) * NANO * 1_000n + BigInt(prng.int(9));
    const row: Told = {
      symbol: pick(SYMBOLS),
      side: pick(["buy", "sell"] as const),
      isMaker: prng.int(3) > 0,
      reason: pick(REASONS),
      purpose: pick(["entry", "exit"]),
      atMs,
      value: amount(200_000_000),
      gross: isFunding ? 0n : amount(900_000) - 450_000_000_000_000_000n,
      fee: isFunding ? 0n : amount(60_000),
      funding: isFunding ? amount(5_000) - 2_000_000_000_000_000n : 0n,
    };
    told.push(row);
    const clientId = asClientOrderId(`run1-maker-${at.toString(36)}`);
    const venueOrderId = asVenueOrderId(`venue-${at}`);
    const { symbol, side, isMaker, reason, value, fee, funding } = row;
    const order = sampleOrder(clientId, {
      ...{ symbol, side, reason, venueOrderId, createdAtMs: atMs - 900, updatedAtMs: atMs },
      purpose: row.purpose === "exit" ? "exit" : "entry",
      state: "closed",
      filledSteps: (at % 3 === 0 ? 7 : at % 3 === 1 ? 3 : 0) as QtySteps,
      filledText: at % 3 === 0 ? "0.007" : at % 3 === 1 ? "0.003" : "0.000",
    });
    tell(record, { kind: "order", order });
    const execKind = isFunding ? "funding" : "trade";
    const fill = sampleFill(`e${at}`, {
      ...{ symbol, side, isMaker, value, fee, funding, clientId, venueOrderId, execKind },
      ...{ realisedPnl: row.gross, venueAtMs: atMs, atMs },
    });
    tell(record, { kind: "fill", fill, isEarlier: false });
    if (at % 5 === 0) {
      const denial = sampleDenial({ atMs, symbol, side, ...(at % 10 === 0 && { times: 4 }) });
      tell(record, { kind: "denial", denial });
    }
  }
  // Strangers' executions and another account's are nobody's business here.
  const foreign = sampleFill("foreign", { atMs: NOW_MS, venueAtMs: NOW_MS });
  tell(record, { kind: "fill", fill: foreign, isEarlier: true });
  record.close();
  const columns =
    "run_id, is_ours, exec_kind, symbol_id, symbol, venue_order_id, client_id, strategy, side, " +
    "price_ticks, qty_steps, price_text, qty_text, value, fee, funding, realised_pnl, " +
    "position_steps, is_maker, venue_at_ms, at_ms";
  into.sqlite.run(
    `INSERT INTO trades (exec_id, account_key, ${columns}) ` +
      `SELECT exec_id, 'other', ${columns} FROM trades LIMIT 50`,
  );
}

const netOf = ({ gross, fee, funding }: Told): bigint => gross - fee - funding;

/** Each filter beside what it means, said once more in plain code. */
const FILTERS: readonly (readonly [string, (row: Told) => boolean])[] = [
  ["", () => true],
  ["sym:ENAUSDT", ({ symbol }) => symbol === "ENAUSDT"],
  ["sym:ENA", ({ symbol }) => symbol.includes("ENA")],
  ["-sym:ENA,BTC", ({ symbol }) => symbol === "ETHUSDT"],
  ["sym:ETHUSDT,BTCUSDT side:buy", (row) => /^(ETH|BTC)/.test(row.symbol) && row.side === "buy"],
  ["maker:yes", ({ isMaker }) => isMaker],
  ["-maker:yes side:sell", ({ isMaker, side }) => !isMaker && side === "sell"],
  ["kind:funding", ({ funding }) => funding !== 0n],
  ["net:<0", (row) => netOf(row) < 0n],
  ["-net:<0 sym:BTC", (row) => netOf(row) >= 0n && row.symbol === "BTCUSDT"],
  ["fee:>0.03", ({ fee, funding }) => fee + funding > money("0.03")],
  ["value:>=100 value:<150", ({ value }) => value >= money("100") && value < money("150")],
  ["bps:<-5", (row) => row.value > 0n && netOf(row) * 10_000n < -5n * row.value],
  ["reason:stop", ({ reason }) => reason.includes("stop")],
  ['reason:"edge 9.8" -side:buy', ({ reason, side }) => /edge 9.8/.test(reason) && side === "sell"],
  ["purpose:exit", ({ purpose }) => purpose === "exit"],
  ["from:-1h", ({ atMs }) => atMs >= NOW_MS - HOUR_MS],
  ["from:-7h to:-90m", ({ atMs }) => atMs >= NOW_MS - 7 * HOUR_MS && atMs < NOW_MS - 1.5 * HOUR_MS],
  [
    "from:-5h to:-4h sym:ENA maker:no",
    ({ atMs, symbol, isMaker }) =>
      atMs >= NOW_MS - 5 * HOUR_MS && atMs < NOW_MS - 4 * HOUR_MS && /ENA/.test(symbol) && !isMaker,
  ],
  ["order:maker-1f", (row) => told.indexOf(row).toString(36).startsWith("1f")],
  ["cmd", ({ reason }) => reason.includes("cmd")],
  ["nothing-like-this", () => false],
];

const textOf = (amount: bigint): string => {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(19, "0");
  const fraction = digits.slice(-18).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -18)}${fraction === "" ? "" : `.${fraction}`}`;
};

const sum = (rows: readonly Told[], of: (row: Told) => bigint): string =>
  textOf(rows.reduce((total, row) => total + of(row), 0n));

async function json(path: string, status = 200): Promise<Record<string, unknown>> {
  const answer = await api.request(path);
  expect(answer.status).toBe(status);
  return JSON.parse(await answer.text());
}

const q = (text: string): string => `q=${encodeURIComponent(text)}`;
const idsOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ id }) => id);

/** Expected executions, newest first, by the number in their ids. */
const wantedOf = (fits: (row: Told) => boolean) => told.filter(fits).toReversed();

async function asUser(path: string): Promise<Response> {
  return web.request(path, { headers: { cookie: fixture.cookieOf("viewer") } });
}

async function fileOf(tab: string, text: string, format: string): Promise<string> {
  const answer = await asUser(`/blotter/export?tab=${tab}&format=${format}&${q(text)}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toContain(`.${format}"`);
  return answer.text();
}

for (const isAddedUp of [false, true]) {
  describe(isAddedUp ? "with most of it added up by the hour" : "from the rows alone", () => {
    test("they are there", () => {
      if (isAddedUp) new FillHours(database).advance(FILLS - 90);
      const rows = database.sqlite.query("SELECT count(*) AS n FROM fill_hours").get();
      expect(rows).toEqual({ n: isAddedUp ? expect.any(Number) : 0 });
    });

    test.each(FILTERS)("%s: page, totals, CSV and NDJSON tell the same", async (text, fits) => {
      const wanted = wantedOf(fits);
      const execIds = wanted.map((row) => `e${told.indexOf(row)}`);
      const totals = await json(`/api/blotter/fills/totals?${q(text)}`);
      const traded = wanted.filter(({ funding }) => funding === 0n);
      expect(totals).toMatchObject({
        count: wanted.length,
        tradedCount: traded.length,
        volumeUsdt: sum(traded, ({ value }) => value),
        makerVolumeUsdt: sum(
          traded.filter(({ isMaker }) => isMaker),
          ({ value }) => value,
        ),
        realisedUsdt: sum(wanted, ({ gross }) => gross),
        feeUsdt: sum(wanted, ({ fee }) => fee),
        fundingUsdt: sum(wanted, ({ funding }) => funding),
        netUsdt: sum(wanted, netOf),
      });
      const { rows, hasOlder } = await json(`/api/blotter/fills?limit=1000&${q(text)}`);
      expect((rows as { execId: string }[]).map(({ execId }) => execId)).toEqual(
        execIds.slice(0, 1_000),
      );
      expect(hasOlder).toBe(wanted.length > 1_000);
      const lines = (await fileOf("fills", text, "ndjson")).split("\n").filter(Boolean);
      const found = lines.map((line): Record<string, unknown> => JSON.parse(line));
      expect(found.map(({ execId }) => execId)).toEqual(execIds);
      expect(found.map(({ netUsdt }) => netUsdt)).toEqual(wanted.map((row) => textOf(netOf(row))));
      const [head = "", ...csv] = (await fileOf("fills", text, "csv")).split("\r\n");
      const column = head.split(",").indexOf("execId");
      expect(csv.at(-1)).toBe("");
      expect(csv.slice(0, -1).map((line) => cellsOf(line)[column])).toEqual(execIds);
    });
  });
}

/** A line of a CSV without line breaks in its cells. */
function cellsOf(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return cells.map((cell) => cell.replace(/,$/, "").replace(/^"|"$/g, "").replaceAll('""', '"'));
}

describe("pages", () => {
  test("by row number lead through every row once, back and forth, while rows come", async () => {
    const seen: unknown[] = [];
    let before = "";
    for (;;) {
      const { rows, hasOlder } = await json(
        `/api/blotter/fills?limit=150&${q("side:buy")}${before}`,
      );
      const ids = idsOf(rows as Record<string, unknown>[]);
      seen.push(...ids);
      if (hasOlder !== true) break;
      before = `&before=${ids.at(-1)}`;
    }
    expect(seen).toHaveLength(told.filter(({ side }) => side === "buy").length);
    expect(seen).toEqual(seen.toSorted((left, right) => Number(right) - Number(left)));
    const back: unknown[] = [];
    let after = `&after=${seen.at(-1)}`;
    for (;;) {
      const { rows, hasNewer } = await json(
        `/api/blotter/fills?limit=150&${q("side:buy")}${after}`,
      );
      const ids = idsOf(rows as Record<string, unknown>[]);
      back.unshift(...ids);
      if (hasNewer !== true) break;
      after = `&after=${ids[0]}`;
    }
    expect(back).toEqual(seen.slice(0, -1));
  });

  test("show what they found, its sums and the ways to files, pages and orders", async () => {
    const html = await (await asUser(`/blotter?tab=fills&${q("sym:ENAUSDT maker:yes")}`)).text();
    const wanted = wantedOf(({ symbol, isMaker }) => symbol === "ENAUSDT" && isMaker);
    expect(html).toContain(`${sum(wanted, netOf)} USDT`);
    expect(html).toContain(
      "/blotter/export?tab=fills&amp;q=sym%3AENAUSDT+maker%3Ayes&amp;format=csv",
    );
    const [newest] = wanted;
    expect(html).toContain(`/orders/run1-maker-${told.indexOf(given(newest)).toString(36)}`);
    expect(html.match(/id="fill-\d/g)).toHaveLength(Math.min(50, wanted.length));
    expect(html).toContain('data-key="["');
  });

  test("name what they do not understand, keep it, and say what is taken", async () => {
    const answer = await asUser(`/blotter?tab=fills&${q("sym:ENA nett:<0")}`);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain("Not understood: <code>nett:&lt;0</code>");
    expect(html).toContain('value="sym:ENA nett:&lt;0"');
    expect(html).toContain("There are sym, side, maker");
    expect(html).toContain("/blotter?tab=fills&amp;q=sym%3AENA");
    const { error } = await json(`/api/blotter/fills?${q("sym:ENA nett:<0")}`, 400);
    expect(error).toMatchObject({ code: "BAD_PARAMETER", parameter: "q" });
    const file = await asUser(`/blotter/export?tab=fills&format=csv&${q("nett:<0")}`);
    expect(file.status).toBe(400);
  });

  test("take older bookmarks with a symbol", async () => {
    const html = await (await asUser("/blotter?tab=fills&symbol=ethusdt")).text();
    expect(html).toContain('value="sym:ETHUSDT"');
    expect(html).not.toContain("/symbols/BTCUSDT");
  });

  test.each([
    ["'; DROP TABLE trades; --"],
    ["reason:\"x' OR '1'='1\""],
    ["%"],
    ["order:%_"],
    ["strategy:maker')--"],
  ])("%s is text to look for and nothing else", async (text) => {
    const { count } = await json(`/api/blotter/fills/totals?${q(text)}`);
    expect(count).toBe(0);
    expect(database.sqlite.query("SELECT count(*) AS n FROM trades").get()).toEqual({
      n: FILLS + 51,
    });
  });
});

describe("other lists", () => {
  test("orders: states in words, sums of what became of them", async () => {
    const totals = await json("/api/blotter/orders/totals");
    expect(totals).toMatchObject({
      count: FILLS,
      filledCount: FILLS / 3,
      unfilledCount: FILLS / 3,
    });
    const partly = await json(`/api/blotter/orders/totals?${q("state:partly sym:BTC")}`);
    expect(partly.count).toBe(
      told.filter(({ symbol }, at) => at % 3 === 1 && symbol === "BTCUSDT").length,
    );
    const html = await (await asUser(`/blotter?tab=orders&${q("state:cancelled")}`)).text();
    expect(html).toContain("cancelled");
    expect(html).not.toContain("partly filled</span>");
  });

  test("refusals: by gate, counted by what each row stands for", async () => {
    const totals = await json(`/api/blotter/refusals/totals?${q("gate:book_missing")}`);
    const inSeconds = told.filter((_, at) => at % 5 === 0).length;
    expect(totals.count).toBe(inSeconds);
    expect(totals.timesCount).toBe(inSeconds + 3 * told.filter((_, at) => at % 10 === 0).length);
    expect((await json(`/api/blotter/refusals/totals?${q("gate:halted")}`)).count).toBe(0);
    expect(await (await asUser("/blotter?tab=refusals")).text()).toContain("book missing");
  });

  test("one order: its life, its executions, and the way back to them", async () => {
    const answer = await asUser("/orders/run1-maker-1");
    const html = await answer.text();
    expect(html).toContain("Passed all gates, sent");
    expect(html).toContain("0.003 of 0.007");
    expect(html).toContain("/blotter?tab=fills&amp;q=order%3Arun1-maker-1");
    const story = await json("/api/orders/run1-maker-1");
    expect(story).toMatchObject({ clientId: "run1-maker-1", orderId: "venue-1" });
    expect((story.fills as { execId: string }[]).map(({ execId }) => execId)).toEqual(["e1"]);
    expect(await json("/api/orders/venue-1")).toEqual(story);
    expect((await asUser("/orders/run1-maker-zzz")).status).toBe(404);
    expect((await json("/api/orders/nope", 404)).error).toMatchObject({ code: "UNKNOWN_ORDER" });
  });
});

describe("files", () => {
  test("hold no formula, keep numbers numbers and money exact", async () => {
    const [head = "", ...lines] = (await fileOf("fills", "cmd net:<0", "csv")).split("\r\n");
    const names = head.split(",");
    const line = cellsOf(given(lines[0]));
    expect(line[names.indexOf("reason")]).toBe("'=cmd()");
    expect(given(line[names.indexOf("netUsdt")])).toMatch(/^-\d+(\.\d+)?$/);
    expect(given(line[names.indexOf("venueAt")])).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const [row = ""] = (await fileOf("fills", "cmd net:<0", "ndjson")).split("\n");
    expect(JSON.parse(row)).toMatchObject({
      reason: "=cmd()",
      isMaker: expect.any(Boolean),
      netUsdt: expect.stringMatching(/^-/),
      venueAtMs: expect.any(Number),
    });
  });

  test("leave a row in the audit trail: who took what", async () => {
    await fileOf("orders", "sym:BTC", "csv");
    expect(fixture.trail.deeds.at(-1)).toMatchObject({
      by: "viewer",
      what: "export orders as csv",
      detail: "sym:BTC",
      outcome: "done",
    });
  });

  test("end when their reader leaves", async () => {
    const answer = await asUser("/blotter/export?tab=fills&format=ndjson");
    const reader = given(answer.body).getReader();
    await reader.read();
    await reader.cancel();
    // All places are free again: as many as there are can be asked for.
    const many = Array.from({ length: 16 }, () => json("/api/blotter/fills/totals"));
    expect(await Promise.all(many)).toHaveLength(16);
  });
});

test("the record is read by a connection that cannot write", () => {
  const readonly = new Database(database.path, { readonly: true });
  expect(() => readonly.run("DELETE FROM trades")).toThrow();
  readonly.close();
});
