import { describe, expect, test } from "bun:test";
import { canMove, isLive, ORDER_NEXT, type OrderState } from "../../../src/domain/order.ts";
import {
  asClientOrderId,
  asSteps,
  asVenueOrderId,
  type PriceTicks,
  type SymbolId,
} from "../../../src/domain/units.ts";
import {
  FINISHED_KEEP_MS,
  FINISHED_MAX,
  LIVE_MAX,
  NEVER_HEARD_FINAL_MS,
  type OrderRow,
  OrderTable,
} from "../../../src/orders/table.ts";
import { approvedOf, QTY, reportOf, tableIn } from "./support.ts";

const ID = 0 as SymbolId;
const EARLY_MS = 100;
const LATE_MS = NEVER_HEARD_FINAL_MS + 1;

const ELSEWHERE = { priceTicks: 1_005 as PriceTicks, stopLossTicks: null, reason: "" };

/** Everything that can happen to an order. */
const EVENTS: Record<string, (table: OrderTable, row: OrderRow) => unknown> = {
  accepted: (table, row) =>
    table.onSubmit(row, { result: "accepted", venueOrderId: asVenueOrderId("v1") }, 2),
  refused: (table, row) =>
    table.onSubmit(row, { result: "rejected", reason: "other", text: "" }, 2),
  not_sent: (table, row) => table.onSubmit(row, { result: "failed", text: "" }, 2),
  unclear: (table, row) => table.onSubmit(row, { result: "unknown", text: "" }, 2),
  cancel: (table, row) => table.cancelSent(row, 2),
  cancel_ok: (table, row) => table.onCancel(row, { result: "accepted" }, 2),
  cancel_gone: (table, row) => table.onCancel(row, { result: "gone", text: "" }, 2),
  cancel_failed: (table, row) => table.onCancel(row, { result: "failed", text: "" }, 2),
  cancel_unclear: (table, row) => table.onCancel(row, { result: "unknown", text: "" }, 2),
  amend: (table, row) => table.amendSent(row, { ...ELSEWHERE }, 2),
  amend_ok: (table, row) => table.onAmend(row, { result: "accepted" }, 2),
  amend_no: (table, row) => table.onAmend(row, { result: "rejected", text: "" }, 2),
  amend_gone: (table, row) => table.onAmend(row, { result: "gone", text: "" }, 2),
  amend_unsent: (table, row) => table.onAmend(row, { result: "failed", text: "" }, 2),
  amend_unclear: (table, row) => table.onAmend(row, { result: "unknown", text: "" }, 2),
  new: (table, row) => table.onReport(row, reportOf("new"), 2),
  part: (table, row) => table.onReport(row, reportOf("partially_filled", 40), 2),
  filled: (table, row) => table.onReport(row, reportOf("filled", QTY), 2),
  cancelled: (table, row) => table.onReport(row, reportOf("cancelled", 40), 2),
  deactivated: (table, row) => table.onReport(row, reportOf("deactivated"), 2),
  venue_no: (table, row) => table.onReport(row, reportOf("rejected"), 2),
  exec_part: (table, row) => table.onExecution(row, asSteps(40), 2),
  exec_all: (table, row) => table.onExecution(row, asSteps(QTY), 2),
  silence: (table, row) => table.onSilence(row, 2),
  says_new: (table, row) => table.onAnswer(row, reportOf("new"), 2),
  says_gone: (table, row) => table.onAnswer(row, reportOf("cancelled"), 2),
  says_never_early: (table, row) => table.onAnswer(row, null, EARLY_MS),
  says_never_late: (table, row) => table.onAnswer(row, null, LATE_MS),
};

/** State by state in the order of the head row; "." means it stays. */
const TABLE = `
                  submitting open       cancelling unknown    closed rejected failed  amending
accepted          .          .          .          .          .      .        .      .
refused           rejected   .          closed     rejected   .      .        .      .
not_sent          failed     .          closed     closed     .      .        .      .
unclear           unknown    .          unknown    .          .      .        .      .
cancel            cancelling cancelling .          cancelling .      .        .      cancelling
cancel_ok         .          .          .          .          .      .        .      .
cancel_gone       .          .          unknown    .          .      .        .      .
cancel_failed     .          .          open       .          .      .        .      .
cancel_unclear    .          .          unknown    .          .      .        .      .
amend             .          amending   .          .          .      .        .       .
amend_ok          .          .          .          .          .      .        .       .
amend_no          .          .          .          .          .      .        .       open
amend_gone        .          .          .          .          .      .        .       unknown
amend_unsent      .          .          .          .          .      .        .       open
amend_unclear     .          .          .          .          .      .        .       unknown
new               open       .          .          open       .      open     .      .
part              open       .          .          open       .      open     .      .
filled            closed     closed     closed     closed     .      closed   .      closed
cancelled         closed     closed     closed     closed     .      closed   .      closed
deactivated       closed     closed     closed     closed     .      closed   .      closed
venue_no          rejected   closed     closed     rejected   .      .        .      closed
exec_part         open       .          .          open       .      open     .      .
exec_all          closed     closed     closed     closed     .      closed   .      closed
silence           unknown    .          unknown    .          .      .        .      unknown
says_new          open       .          open       open       .      open     .      open
says_gone         closed     closed     closed     closed     .      closed   .      closed
says_never_early  .          .          .          .          .      .        .      .
says_never_late   rejected   closed     closed     rejected   .      .        .      closed
`;

const [head = "", ...body] = TABLE.trim().split("\n");
const STATES = head.trim().split(/\s+/) as OrderState[];
const ROWS = body.map((line) => line.trim().split(/\s+/));

describe("order state table", () => {
  test("the table names every state and every event", () => {
    expect([...STATES].sort()).toEqual((Object.keys(ORDER_NEXT) as OrderState[]).sort());
    expect(ROWS.map(([name]) => name)).toEqual(Object.keys(EVENTS));
  });

  for (const [name = "", ...outcomes] of ROWS) {
    test(`${name} in every state`, () => {
      const found = STATES.map((state) => {
        const { table, row } = tableIn(state);
        expect(row.state).toBe(state);
        EVENTS[name]?.(table, row);
        expect(table.liveCount).toBe(isLive(row.state) ? 1 : 0);
        expect(table.live(ID).includes(row)).toBe(isLive(row.state));
        return row.state === state ? "." : row.state;
      });
      expect(found).toEqual(outcomes as typeof found);
    });
  }

  test("whatever two things happen, no move leaves the domain's table", () => {
    const names = Object.values(EVENTS);
    for (const state of STATES) {
      for (const first of names) {
        for (const second of names) {
          const { table, row } = tableIn(state);
          first(table, row);
          const between = row.state;
          second(table, row);
          const ok = row.state === between || reaches(between, row.state);
          expect(ok, `${state}, ${between}, ${row.state}`).toBe(true);
        }
      }
    }
  });
});

/** One event may make two moves: an execution that revives an order and fills it. */
function reaches(from: OrderState, to: OrderState): boolean {
  return canMove(from, to) || ORDER_NEXT[from].some((middle) => canMove(middle, to));
}

describe("fills", () => {
  test("executions before the acknowledgement open and fill the order", () => {
    const { table, row } = tableIn("submitting");
    table.onExecution(row, asSteps(40), 1);
    expect(row).toMatchObject({ state: "open", filledSteps: 40 });
    table.onSubmit(row, { result: "accepted", venueOrderId: asVenueOrderId("v1") }, 2);
    table.onExecution(row, asSteps(60), 3);
    expect(row).toMatchObject({ state: "closed", filledSteps: 100, venueOrderId: "v1" });
  });

  test("reports and executions count the same fills once, whichever comes first", () => {
    const { table, row } = tableIn("open");
    table.onReport(row, reportOf("partially_filled", 40), 1);
    table.onExecution(row, asSteps(40), 2);
    expect(row.filledSteps).toBe(40 as typeof row.filledSteps);
    table.onReport(row, reportOf("partially_filled", 30), 3);
    expect(row.filledSteps).toBe(40 as typeof row.filledSteps);
  });

  test("a cancel that crosses the last fill: two filled reports close it once", () => {
    const { table, row } = tableIn("cancelling");
    table.onReport(row, reportOf("filled", QTY), 1);
    table.onReport(row, reportOf("filled", QTY), 2);
    table.onCancel(row, { result: "gone", text: "too late" }, 3);
    expect(row).toMatchObject({ state: "closed", filledSteps: QTY });
  });

  test("an execution after the cancel report still counts", () => {
    const { table, row } = tableIn("closed");
    table.onExecution(row, asSteps(40), 2);
    expect(row).toMatchObject({ state: "closed", filledSteps: 40 });
  });
});

describe("bookkeeping", () => {
  test("orders are found by client id, and by the venue's id when that is missing", () => {
    const { table, row } = tableIn("open");
    expect(table.find(asClientOrderId("t-maker-1"), asVenueOrderId(""))).toBe(row);
    expect(table.find(asClientOrderId(""), asVenueOrderId("v1"))).toBe(row);
    expect(table.find(asClientOrderId(""), asVenueOrderId("v2"))).toBeUndefined();
  });

  test("an early 'never heard of it' asks again, a late one is final", () => {
    const { table, row } = tableIn("unknown");
    expect(table.onAnswer(row, null, EARLY_MS)).toBe("ask");
    expect(table.onAnswer(row, null, LATE_MS)).toBe("none");
    expect(row.state).toBe("rejected");
  });

  test("finished orders are kept for late news, then forgotten with their ids", () => {
    const { table } = tableIn("closed");
    table.prune(FINISHED_KEEP_MS);
    expect(table.size).toBe(1);
    table.prune(FINISHED_KEEP_MS + 2);
    expect(table.size).toBe(0);
    expect(table.find(asClientOrderId("t-maker-1"), asVenueOrderId("v1"))).toBeUndefined();
  });

  test("beyond the limit the oldest finished orders go first; live ones stay", () => {
    const table = new OrderTable();
    const live = table.add(approvedOf("t-maker-live"), 0);
    for (let index = 0; index < FINISHED_MAX + 5; index++) {
      const row = table.add(approvedOf(`t-maker-${index}`), 0);
      table.onSubmit(row, { result: "failed", text: "" }, 0);
    }
    table.prune(1);
    expect(table.size).toBe(FINISHED_MAX + 1);
    expect(table.find(asClientOrderId("t-maker-4"), asVenueOrderId(""))).toBeUndefined();
    expect(table.find(asClientOrderId("t-maker-5"), asVenueOrderId(""))).toBeDefined();
    expect(table.live(ID)).toEqual([live]);
  });

  test("one that came back to life is not old with its first end", () => {
    const table = new OrderTable();
    const row = table.add(approvedOf("t-maker-1"), 0);
    table.onSubmit(row, { result: "rejected", reason: "other", text: "" }, 0);
    table.onReport(row, reportOf("new"), 1);
    table.prune(FINISHED_KEEP_MS + 2);
    expect(table.find(row.clientId, asVenueOrderId(""))).toBe(row);
    table.onReport(row, reportOf("cancelled"), FINISHED_KEEP_MS + 3);
    table.prune(FINISHED_KEEP_MS + 4);
    expect(table.find(row.clientId, asVenueOrderId(""))).toBe(row);
    table.prune(2 * FINISHED_KEEP_MS + 4);
    expect(table.size).toBe(0);
  });

  test("a cancel that never left says nothing of an order that may not have arrived", () => {
    const table = new OrderTable();
    const row = table.add(approvedOf("t-maker-1"), 0);
    table.cancelSent(row, 1);
    expect(table.onCancel(row, { result: "failed", text: "offline" }, 2)).toBe("ask");
    expect(row.state).toBe("unknown");
    const { table: other, row: heard } = tableIn("cancelling");
    expect(other.onCancel(heard, { result: "failed", text: "offline" }, 2)).toBe("none");
    expect(heard.state).toBe("open");
  });

  test("a client id used twice, or more live orders than the gate allows, is a bug", () => {
    const table = new OrderTable();
    table.add(approvedOf("t-maker-a"), 0);
    expect(() => table.add(approvedOf("t-maker-a"), 0)).toThrow("a client id is used once");
    for (let index = 1; index < LIVE_MAX; index++) table.add(approvedOf(`t-maker-${index}`), 0);
    expect(() => table.add(approvedOf("t-maker-b"), 0)).toThrow("below the table's");
  });
});
