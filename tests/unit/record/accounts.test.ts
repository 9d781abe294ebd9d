/** Rows of several accounts in one record: whose is whose, and who counts what. */
import { describe, expect, test } from "bun:test";
import { NO_SUMS } from "../../../src/portfolio/stored-book.ts";
import { loadBook } from "../../../src/record/book-rows.ts";
import { createHistoryReader } from "../../../src/record/history.ts";
import { openRecord } from "../../../src/record/open-record.ts";
import { createTradeReader, haltBefore, loadProfiles } from "../../../src/record/readers.ts";
import { beginRun } from "../../../src/record/runs.ts";
import type { JournalDatabase } from "../../../src/store/database.ts";
import { emptyProfile, type SymbolProfile } from "../../../src/universe/profile.ts";
import {
  handClock,
  memoryLog,
  money,
  openTemp,
  START_MS,
  sampleFill,
  sampleIntervention,
  sampleOrder,
  tell,
} from "./support.ts";

/** Net result of what an account booked since then, as its next run finds it. */
const netSince = (database: JournalDatabase, accountKey: string, sinceMs: number) =>
  loadBook(database, accountKey, sinceMs)?.bookedToday.net ?? 0n;
const WHOLE = { kind: "book", wholeUntilVenueAtMs: 1, sums: NO_SUMS } as const;

const keysOf = (accountKey: string) => ({ accountKey, profileKey: `profiles of ${accountKey}` });

/** One run on one account: a fill of `net`, an order, a halt, a profile, a point of the curve. */
function live(database: JournalDatabase, accountKey: string, net: string): string {
  const clock = handClock();
  const start = { venue: "sim", version: "1", seed: "s" };
  const runId = beginRun(database, START_MS, start);
  const record = openRecord({ database, clock, runId, tradeLog: memoryLog() });
  const id = `${runId}-1`;
  const told = sampleIntervention({ id, by: `user of ${accountKey}` });
  tell(record, { kind: "intervention", intervention: told });
  record.openAccount(keysOf(accountKey));
  const profile: SymbolProfile = { ...emptyProfile("BTCUSDT"), samples: 1, score: Number(net) };
  const fill = sampleFill("same-id", { realisedPnl: money(net), fee: 0n, funding: 0n });
  const point = {
    atMs: Number.parseInt(runId, 36),
    unrealisedText: "0",
    feesText: "0",
    exposureUsdt: 0,
  };
  tell(
    record,
    { kind: "fill", fill, isEarlier: false },
    WHOLE,
    { kind: "order", order: sampleOrder(`${runId}-maker-1`) },
    { kind: "agreement", agreement: { wallet: 1n, cash: 2n, venueAtMs: 3 } },
    { kind: "agreement", agreement: { wallet: money("1000"), cash: money(net), venueAtMs: 4 } },
    { kind: "profiles", profiles: [profile], isSampled: true },
    { kind: "equity", point: { ...point, equityText: net } },
  );
  record.close();
  expect(record.stats().lost).toBe(0);
  return runId;
}

describe("two accounts in one record", () => {
  const database = openTemp();
  const simulated = live(database, "sim:7", "1500");
  const real = live(database, "mainnet:8", "-3");

  test("each has its own trades, though the venues gave equal ids", () => {
    for (const [key, net] of [
      ["sim:7", "1500"],
      ["mainnet:8", "-3"],
      ["mainnet:9", "0"],
    ] as const) {
      const trades = createTradeReader(database, () => key).trades({ limit: 9 });
      expect(trades.map(({ realisedPnl }) => realisedPnl)).toEqual(net === "0" ? [] : [money(net)]);
      expect(netSince(database, key, 0)).toBe(money(net));
    }
  });

  test("each goes on from where its wallet last agreed with it", () => {
    const agreed = (key: string) => loadBook(database, key, 0)?.agreed;
    expect(agreed("sim:7")).toEqual({ wallet: money("1000"), cash: money("1500"), venueAtMs: 4 });
    const { value } = sampleFill("same-id");
    const since = (key: string) => loadBook(database, key, 0)?.bookedSinceAgreed;
    expect(since("sim:7")).toEqual({ bookings: 1, traded: value });
    database.sqlite.run(
      "UPDATE accounts SET agreed_venue_at_ms = 9e15 WHERE account_key = 'sim:7'",
    );
    expect(since("sim:7")).toEqual({ bookings: 0, traded: 0n });
    expect(agreed("mainnet:8")?.cash).toBe(money("-3"));
    database.sqlite.run("UPDATE accounts SET agreed_wallet = NULL WHERE account_key = 'sim:7'");
    expect(agreed("sim:7")).toBeNull();
    expect(since("sim:7")).toEqual({ bookings: 0, traded: 0n });
  });

  test("each has its own halts, profiles, orders and curve", () => {
    expect(haltBefore(database, "sim:7")).toContain("user of sim:7");
    expect(haltBefore(database, "mainnet:8")).toContain("user of mainnet:8");
    expect(haltBefore(database, "mainnet:9")).toBeNull();
    expect(loadProfiles(database, keysOf("mainnet:8").profileKey)[0]?.score).toBe(-3);
    expect(loadProfiles(database, keysOf("mainnet:9").profileKey)).toEqual([]);
    const rows = database.sqlite.query("SELECT run_id AS run, account_key AS key FROM orders");
    expect(rows.all()).toEqual([
      { run: simulated, key: "sim:7" },
      { run: real, key: "mainnet:8" },
    ]);
    const history = createHistoryReader(database, { runId: real, accountKey: () => "mainnet:8" });
    const all = { fromMs: 0, toMs: START_MS * 2, points: 100 };
    expect(history.equity(all).map(({ point }) => point.equityText)).toEqual(["-3"]);
    expect(history.interventions({ limit: 9 }).map(({ runId }) => runId)).toEqual([real]);
  });

  test("a run's own words count for the account even when they came before it was known", () => {
    const rows = database.sqlite.query("SELECT account_key AS key FROM interventions ORDER BY id");
    expect(rows.all()).toEqual([{ key: "sim:7" }, { key: "mainnet:8" }]);
    const runs = database.sqlite.query("SELECT account_key AS key FROM runs ORDER BY id");
    expect(runs.all()).toEqual([{ key: "sim:7" }, { key: "mainnet:8" }]);
  });

  test("before the account is known nobody's trades are shown as ours", () => {
    expect(createTradeReader(database, () => "").trades({ limit: 9 })).toEqual([]);
  });
});
