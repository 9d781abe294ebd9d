/**
 * Moving a resting order: whatever comes in whatever order, the venue's price is ours in the end.
 */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { AmendOutcome } from "../../../src/domain/amendment.ts";
import { isLive } from "../../../src/domain/order.ts";
import type { PriceTicks, QtySteps } from "../../../src/domain/units.ts";
import { planOf } from "../../../src/orders/plan.ts";
import type { OrderRow, OrderTable } from "../../../src/orders/table.ts";
import { exposureUsdtOf } from "../../../src/risk/exposure.ts";
import { instrumentOf } from "../engine/tape.ts";
import { intentOf, QTY, reportOf, tableIn } from "./support.ts";

const OLD = 1_000 as PriceTicks;
const NEW = 1_003 as PriceTicks;
const STOP = 993 as PriceTicks;

const report = (status: "new" | "filled" | "cancelled", priceTicks: PriceTicks, filled = 0) => ({
  ...reportOf(status, filled),
  priceTicks,
});

function amending(): { table: OrderTable; row: OrderRow } {
  const made = tableIn("open");
  const amendment = { priceTicks: NEW, stopLossTicks: STOP, reason: "moved" };
  expect(made.table.amendSent(made.row, amendment, 2)).toBe(true);
  return made;
}

describe("an amendment", () => {
  test("holds once a report says its price, with stop and reason", () => {
    const { table, row } = amending();
    table.onAmend(row, { result: "accepted" }, 3);
    expect(row.state).toBe("amending");
    table.onReport(row, report("new", NEW), 4);
    expect(row.state).toBe("open");
    expect(row.intent).toMatchObject({ priceTicks: NEW, stopLossTicks: STOP, reason: "moved" });
  });

  test("is not disproved by older news of the old price", () => {
    const { table, row } = amending();
    table.onReport(row, report("new", OLD), 3);
    expect([row.state, row.intent.priceTicks]).toEqual(["amending", OLD]);
  });

  test("that is refused leaves the order as it was, and is not tried again", () => {
    const { table, row } = amending();
    table.onAmend(row, { result: "rejected", text: "no" }, 3);
    expect([row.state, row.intent.priceTicks, row.isRigid]).toEqual(["open", OLD, true]);
    const again = { priceTicks: NEW, stopLossTicks: null, reason: "" };
    expect(table.amendSent(row, again, 4)).toBe(false);
  });

  test("of unknown outcome is asked about, never sent again, and may still come late", () => {
    const { table, row } = amending();
    expect(table.onAmend(row, { result: "unknown", text: "timed out" }, 3)).toBe("ask");
    table.onAnswer(row, report("new", OLD), 4);
    expect(row.state).toBe("open");
    const again = { priceTicks: NEW, stopLossTicks: null, reason: "" };
    expect(table.amendSent(row, again, 5)).toBe(false);
    table.onReport(row, report("new", NEW), 6);
    expect(row.intent.priceTicks).toBe(NEW);
    const next = { priceTicks: OLD, stopLossTicks: null, reason: "" };
    expect(table.amendSent(row, next, 7)).toBe(true);
  });

  test("may be cancelled on the way", () => {
    const { table, row } = amending();
    expect(table.cancelSent(row, 3)).toBe(true);
    table.onReport(row, report("cancelled", OLD), 4);
    expect(row.state).toBe("closed");
  });

  test("counts at the dearer of its two prices while either may hold", () => {
    const { row } = amending();
    const exposure = () => {
      const held = { instrument: instrumentOf(0), steps: 0, venueSteps: 0, awaitedSteps: 0 };
      return exposureUsdtOf({ ...held, orders: [row], priceTicks: OLD });
    };
    expect(exposure()).toBeCloseTo(100.3, 9);
  });
});

describe("the plan", () => {
  const rules = { atMs: 10_000, requoteBps: 2, restMs: 0, entriesPerSide: 1, keepsExits: false };
  const moved = intentOf({ priceTicks: NEW });

  test("moves an entry where its style says so, and takes back and places elsewhere", () => {
    const { table, row } = tableIn("open");
    const live = table.live(row.intent.symbolId);
    expect(planOf([moved], live, rules)).toEqual({ place: [], cancel: [row], amend: [] });
    const plan = planOf([moved], live, { ...rules, amends: true });
    expect(plan).toEqual({ place: [], cancel: [], amend: [{ row, target: moved }] });
  });

  test("takes back what another strategy or another kind of order is to replace", () => {
    const { table, row } = tableIn("open");
    const live = table.live(row.intent.symbolId);
    for (const target of [
      intentOf({ priceTicks: NEW, strategy: "momentum" }),
      intentOf({ priceTicks: NEW, timeInForce: "ioc" }),
    ]) {
      const plan = planOf([target], live, { ...rules, amends: true });
      expect([plan.cancel, plan.amend]).toEqual([[row], []]);
    }
  });
});

/** The venue: one order, an amendment that it carries out or not, and news that may overtake. */
type News = "answer" | "old report" | "new report" | "silence" | "query" | "cancel" | "part";

describe("any interleaving", () => {
  const outcomes: AmendOutcome[] = [
    { result: "accepted" },
    { result: "unknown", text: "" },
    { result: "failed", text: "" },
    { result: "rejected", text: "" },
  ];
  const news = fc.array(
    fc.constantFrom<News>(
      "answer",
      "old report",
      "new report",
      "silence",
      "query",
      "cancel",
      "part",
    ),
    { maxLength: 14 },
  );

  test("ends at the venue's price, never counts less than it, and moves along the table", () => {
    fc.assert(
      fc.property(news, fc.constantFrom(...outcomes), fc.boolean(), (script, outcome, unclear) => {
        // What is refused or never left is not carried out; what is unknown may be either.
        const isDone = outcome.result === "accepted" || (outcome.result === "unknown" && unclear);
        const truth = isDone ? NEW : OLD;
        const { table, row } = amending();
        let atMs = 3;
        let isTold = false;
        for (const item of script) {
          atMs += 10;
          const before = exposureOf(row);
          if (item === "answer" && !isTold) table.onAmend(row, outcome, atMs);
          if (item === "answer") isTold = true;
          if (item === "old report") table.onReport(row, report("new", OLD), atMs);
          if (item === "new report" && isDone) table.onReport(row, report("new", NEW), atMs);
          if (item === "silence") table.onSilence(row, atMs);
          if (item === "query") table.onAnswer(row, report("new", truth), atMs);
          if (item === "cancel") table.cancelSent(row, atMs);
          if (item === "part") table.onExecution(row, 1 as QtySteps, atMs);
          expect(before).toBeGreaterThan(0);
          const isOpenTruth = !isTold || isDone || outcome.result === "unknown";
          // Until it is known that the old price holds, the new one counts if it is dearer.
          if (isOpenTruth && isLive(row.state)) expect(dearestOf(row)).toBe(NEW);
        }
        table.onAmend(row, outcome, atMs + 10);
        table.onAnswer(row, report("new", truth), atMs + 20);
        expect(row.intent.priceTicks).toBe(truth);
        expect(["open", "unknown", "cancelling"]).toContain(row.state);
        table.onReport(row, report("cancelled", truth, row.filledSteps), atMs + 30);
        expect([row.state, table.liveCount]).toEqual(["closed", 0]);
      }),
      { numRuns: 2_000 },
    );
  });

  const dearestOf = ({ intent, amendment }: OrderRow): number =>
    Math.max(intent.priceTicks ?? 0, amendment?.priceTicks ?? 0);
  const exposureOf = (row: OrderRow): number => dearestOf(row) * QTY;
});
