/** What the record keeps for the blotter: lives of orders, counts of refusals, sums by the hour. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { asVenueOrderId, type QtySteps } from "../../../src/domain/units.ts";
import type { OrderAudit } from "../../../src/engine/audit.ts";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import { FillHours } from "../../../src/record/fill-hours.ts";
import { openRecord } from "../../../src/record/open-record.ts";
import type { JournalDatabase } from "../../../src/store/database.ts";
import { given } from "../../support/given.ts";
import { ACCOUNT_KEYS } from "../../support/known-account.ts";
import {
  handClock,
  memoryLog,
  money,
  openTemp,
  START_MS,
  sampleDenial,
  sampleFill,
  sampleOrder,
  tell,
} from "./support.ts";

const HOUR_MS = 3_600_000;

function setup(database: JournalDatabase = openTemp()) {
  const clock = handClock();
  const record = openRecord({ database, clock, runId: "run1", tradeLog: memoryLog() });
  record.openAccount(ACCOUNT_KEYS);
  return { database, clock, record };
}

describe("an order's life", () => {
  const lifeOf = ({ sqlite }: JournalDatabase, clientId: string): [number, string, string][] =>
    JSON.parse(
      given(
        sqlite
          .query<{ life: string }, [string]>("SELECT life FROM orders WHERE client_id = ?")
          .get(clientId),
      ).life,
    );

  test("is in its row, step by step with its times, also of what one commit takes together", () => {
    const { database, record } = setup();
    const at = (afterMs: number, change: Partial<OrderAudit>) =>
      tell(record, {
        kind: "order",
        order: sampleOrder("run-maker-1", { updatedAtMs: START_MS + afterMs, ...change }),
      });
    const named = { venueOrderId: asVenueOrderId("v-7") };
    at(0, {});
    at(3, { ...named });
    at(5, { ...named, state: "open" });
    const moved = { priceText: "100002.00", reason: "imbalance 0.3" };
    at(40, { ...named, state: "amending", detail: "amendment sent" });
    at(44, { ...named, ...moved, state: "open", detail: "amended" });
    record.flush();
    const part = { ...named, ...moved, filledSteps: 3 as QtySteps, filledText: "0.003" };
    at(900, { ...part, state: "open" });
    at(950, { ...part, state: "cancelling", detail: "cancel sent: not wanted any more" });
    at(955, { ...part, state: "closed", detail: "cancelled" });
    record.flush();
    expect(
      lifeOf(database, "run-maker-1").map(([ms, ...rest]) => [ms - START_MS, ...rest]),
    ).toEqual([
      [0, "wanted", "imbalance 0.4"],
      [0, "sent", "sell 0.007 at 100001.00, post_only, stop 101000.00"],
      [3, "acknowledged", "v-7"],
      [5, "open", ""],
      [40, "move_asked", "amendment sent"],
      [44, "moved", "to 100002.00: imbalance 0.3"],
      [44, "open", "amended"],
      [900, "filled", "0.003 of 0.007"],
      [950, "cancel_asked", "cancel sent: not wanted any more"],
      [955, "ended", "cancelled"],
    ]);
    const row = database.sqlite.query("SELECT price_text, reason FROM orders").get();
    expect(row).toEqual({ price_text: "100002.00", reason: "imbalance 0.3" });
  });

  test("of an order that is moved for ever keeps its beginning and its end", () => {
    const { database, record } = setup();
    for (let at = 0; at < 500; at++) {
      const order = sampleOrder("run-maker-1", {
        updatedAtMs: START_MS + at,
        state: "open",
        priceText: `${at}`,
      });
      tell(record, { kind: "order", order });
    }
    record.flush();
    const steps = lifeOf(database, "run-maker-1");
    expect(steps).toHaveLength(80);
    expect(given(steps[0])[1]).toBe("wanted");
    expect(given(steps.at(-1))[2]).toContain("to 499:");
  });
});

describe("refusals", () => {
  test("a row says how many of its kind it stands for, and whose account it is", () => {
    const { database, record } = setup();
    const denied = (afterMs: number, times?: number) =>
      tell(record, {
        kind: "denial",
        denial: sampleDenial({ atMs: START_MS + afterMs, ...(times !== undefined && { times }) }),
      });
    denied(0);
    for (let at = 1; at <= 9; at++) denied(at);
    denied(1_000, 5);
    denied(2_000);
    record.flush();
    expect(database.sqlite.query("SELECT times, account_key AS key FROM denials").all()).toEqual([
      { times: 1, key: ACCOUNT_KEYS.accountKey },
      { times: 14, key: ACCOUNT_KEYS.accountKey },
      { times: 1, key: ACCOUNT_KEYS.accountKey },
    ]);
  });
});

describe("sums by the hour", () => {
  const sumsOf = ({ sqlite }: JournalDatabase) =>
    sqlite
      .query<Record<string, string | number>, []>(
        "SELECT account_key, is_ours, hour_at_ms, symbol, strategy, side, is_maker, exec_kind, " +
          "count, value, fee, funding, realised_pnl, first_id, last_id FROM fill_hours " +
          "ORDER BY is_ours, hour_at_ms",
      )
      .all();

  const part = fc.record({
    symbol: fc.constantFrom("BTCUSDT", "ETHUSDT"),
    side: fc.constantFrom("buy" as const, "sell" as const),
    isMaker: fc.boolean(),
    hour: fc.integer({ min: 0, max: 3 }),
    fee: fc.constantFrom("0.000000000000000001", "-12.5", "999999.999999999999999999"),
    realised: fc.constantFrom("0", "-0.000000000000000003", "3.14"),
  });

  test("are the plain sums of the trades, whatever was added at once", () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (parts, atOnce) => {
          const { database, record } = setup();
          for (const [at, { hour, fee, realised, ...rest }] of parts.entries()) {
            const fill = sampleFill(`e${at}`, {
              ...rest,
              venueAtMs: START_MS + hour * HOUR_MS,
              fee: money(fee),
              realisedPnl: money(realised),
            });
            tell(record, { kind: "fill", fill, isEarlier: false });
          }
          record.flush();
          // A restart in the middle goes on where the last one was.
          while (new FillHours(database).advance(atOnce) > 0);
          const wanted = new Map<string, { count: number; fee: bigint; realised: bigint }>();
          for (const { hour, symbol, side, isMaker, fee, realised } of parts) {
            const startMs = START_MS + hour * HOUR_MS;
            const key = [startMs - (startMs % HOUR_MS), symbol, side, Number(isMaker)].join(" ");
            const sum = wanted.get(key) ?? { count: 0, fee: 0n, realised: 0n };
            wanted.set(key, {
              count: sum.count + 1,
              fee: sum.fee + money(fee),
              realised: sum.realised + money(realised),
            });
          }
          const found = sumsOf(database);
          expect(found).toHaveLength(wanted.size);
          for (const row of found) {
            const key = [row.hour_at_ms, row.symbol, row.side, row.is_maker].join(" ");
            const { count, fee, realised } = given(wanted.get(key));
            expect(row).toMatchObject({
              count,
              fee: fixedToText(fee),
              realised_pnl: fixedToText(realised),
            });
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test("are added up behind the trades, once a minute, once the account is known", () => {
    const { database, clock, record } = setup();
    tell(record, { kind: "fill", fill: sampleFill("e1"), isEarlier: false });
    clock.advance(1_000);
    expect(sumsOf(database)).toEqual([]);
    clock.advance(60_000);
    tell(record, { kind: "fill", fill: sampleFill("e2"), isEarlier: true });
    clock.advance(1_000);
    expect(sumsOf(database).map(({ is_ours, count }) => [is_ours, count])).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });
});
