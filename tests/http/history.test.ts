/** The monitor API over the past, and pages that show it without any memory of their own. */
import { describe, expect, test } from "bun:test";
import { EQUITY_EVERY_MS } from "../../src/engine/schedule.ts";
import { emptyView, project, withPast } from "../../src/monitor/project.ts";
import { EQUITY_POINTS_MAX, EQUITY_SPAN_MS, type MonitorView } from "../../src/monitor/view.ts";
import { createHistoryReader } from "../../src/record/history.ts";
import { openRecord } from "../../src/record/open-record.ts";
import { virtualClock } from "../../src/runtime/clocks.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { ACCOUNT_KEY, ACCOUNT_KEYS } from "../support/known-account.ts";
import { FIXTURE_NOW_MS, webFixture } from "../support/web-deps.ts";
import { Tape } from "../unit/engine/tape.ts";
import { memoryLog, openTemp } from "../unit/record/support.ts";
import { STATIC_DIR } from "./scenario.ts";

const { deps } = webFixture({ symbols: 20 });
const app = monitorApp(deps);

async function json(url: string, status = 200): Promise<any> {
  const answer = await app.request(url);
  expect(answer.status).toBe(status);
  return answer.json();
}

describe("the past as JSON", () => {
  test("interventions: who did what, why, and what came of it; by pages", async () => {
    const rows = await json("/api/monitor/interventions?limit=2");
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      id: 4,
      interventionId: "k-4",
      action: "flatten",
      by: "ann",
      cause: "operator",
      isAutomatic: false,
      outcome: "proved flat after 667 ms",
      atMs: FIXTURE_NOW_MS - 3_600_000,
    });
    expect(rows[0].at).toBe(new Date(rows[0].atMs).toISOString());
    const older = await json("/api/monitor/interventions?before=3");
    expect(older.map((row: any) => [row.by, row.cause, row.isAutomatic])).toEqual([
      ["scalper", "daily_loss", true],
      ["ann", "operator", false],
    ]);
  });

  test("incidents: what was ill, how badly, why and for how long", async () => {
    const rows = await json("/api/monitor/incidents");
    expect(rows[0]).toMatchObject({ untilAt: null, untilAtMs: null, lastedMs: null });
    expect(rows[1]).toMatchObject({
      service: "market-feed",
      severity: "down",
      cause: "connection refused",
      lastedMs: 2_500,
      isCut: false,
    });
    expect(rows[2].isCut).toBe(true);
  });

  test("equity: a day unless asked otherwise, exact text, at most the points asked for", async () => {
    const day = await json("/api/monitor/equity");
    expect(day.length).toBeWithin(143, 146);
    expect(day.at(-1)).toMatchObject({
      equityUsdt: "10199.000000000000000001",
      unrealisedUsdt: "-0.25",
      exposureUsdt: 12.5,
    });
    const from = FIXTURE_NOW_MS - 3_600_000;
    const hour = await json(`/api/monitor/equity?from=${from}&to=${FIXTURE_NOW_MS}&points=3`);
    expect(hour).toHaveLength(3);
    expect(hour.every((row: any) => row.atMs >= from)).toBe(true);
  });

  test.each([
    ["interventions?limit=0", "limit"],
    ["interventions?limit=1001", "limit"],
    ["interventions?limit=5&limit=6", "limit"],
    ["interventions?by=ann", "by"],
    ["incidents?before=-1", "before"],
    ["incidents?service=rest", "service"],
    ["equity?points=0", "points"],
    ["equity?points=5001", "points"],
    ["equity?from=yesterday", "from"],
    ["equity?from=2&to=1", "from"],
    ["equity?since=1", "since"],
  ])("%s is refused and names %s", async (query, parameter) => {
    const { error } = await json(`/api/monitor/${query}`, 400);
    expect(error).toMatchObject({ code: "BAD_PARAMETER", parameter });
    expect(error.message).toContain(`"${parameter}"`);
  });
});

describe("a restart", () => {
  test("shows yesterday's interventions and the curve, with nothing kept in the web edge", async () => {
    const database = openTemp();
    const tape = new Tape({ runId: "one" });
    tape.account.walletUsdt = "";
    tape.ready();
    const clock = virtualClock(tape.atMs);
    const record = openRecord({ database, clock, runId: "one", tradeLog: memoryLog() });
    record.openAccount(ACCOUNT_KEYS);
    tape.play("wallet 1000\noperator halt");
    tape.play(`wait ${3 * EQUITY_EVERY_MS}\nwallet 990.5\nwait ${EQUITY_EVERY_MS}`);
    for (const tick of tape.ticks) {
      for (const reader of [record.journal, record.equity]) reader.onTick(tick);
    }
    record.close();

    const nowMs = tape.atMs;
    const accountKey = () => ACCOUNT_KEY;
    const history = createHistoryReader(database, { runId: "two", accountKey });
    const hour = { fromMs: nowMs - EQUITY_SPAN_MS, toMs: nowMs, points: EQUITY_POINTS_MAX };
    const past = {
      interventions: history.interventions({ limit: 9 }).map((row) => row.intervention),
      incidents: [],
      equity: history.equity(hour).map(({ point }) => point),
    };
    const page = await overview(withPast(emptyView(nowMs), past), nowMs);
    expect(page).toContain("<strong>ann</strong>: halt");
    expect(page).toContain("test · entries stopped");
    expect(page).toContain("1,000.00 to 990.50 USDT");
    expect(page).not.toContain("history builds up here");

    const next = new Tape({ runId: "two" });
    next.play("operator resume");
    const view = next.ticks.reduce(project, withPast(emptyView(nowMs), past));
    const [, both = ""] = (await overview(view, nowMs)).split('id="slot-operator"');
    expect(both.indexOf(": resume")).toBeLessThan(both.indexOf(": halt"));
    expect(both).toContain(": halt");
  });

  async function overview(view: MonitorView, nowMs: number): Promise<string> {
    const fixture = webFixture({ symbols: 5 });
    fixture.view = view;
    const web = dashboardApp(
      { ...fixture.deps, nowMs: () => Math.min(nowMs, fixture.nowMs) },
      { staticDir: STATIC_DIR },
    );
    const answer = await web.request("/", { headers: { cookie: fixture.cookieOf("viewer") } });
    expect(answer.status).toBe(200);
    return answer.text();
  }
});
