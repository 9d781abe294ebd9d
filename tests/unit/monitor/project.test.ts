import { describe, expect, test } from "bun:test";
import type {
  AuditEntry,
  AuditTick,
  Incident,
  Intervention,
  OrderAudit,
  SymbolAudit,
} from "../../../src/engine/audit.ts";
import { emptyView, project, withPast } from "../../../src/monitor/project.ts";
import { type MonitorView, RECENT_MAX } from "../../../src/monitor/view.ts";
import type { LedgerFill } from "../../../src/portfolio/fill.ts";
import { tickOf } from "../../support/audit-ticks.ts";
import { Tape } from "../engine/tape.ts";

function orderOf(clientId: string, state: OrderAudit["state"]): AuditEntry {
  return { kind: "order", order: { clientId, state, symbol: "A" } as OrderAudit };
}

const symbolOf = (symbol: string, score = 0) => ({ symbol, score }) as SymbolAudit;
const symbols = (...rows: SymbolAudit[]): AuditEntry => ({ kind: "symbols", symbols: rows });
function fillOf(execId: string): AuditEntry {
  return { kind: "fill", fill: { execId } as LedgerFill, isEarlier: false };
}

const fold = (ticks: readonly AuditTick[], from: MonitorView = emptyView(0)) =>
  ticks.reduce(project, from);

describe("projection", () => {
  test("refuses a skipped and a repeated tick", () => {
    const view = fold([tickOf(1)]);
    expect(() => project(view, tickOf(3))).toThrow("no audit tick is skipped");
    expect(() => project(view, tickOf(1))).toThrow("no audit tick is skipped");
  });

  test("what a tick leaves out stays as it was, the object itself included", () => {
    const before = fold([tickOf(1, symbols(symbolOf("A", 4)))]);
    const after = project(before, tickOf(2));
    expect(after).not.toBe(before);
    expect(after).toMatchObject({ seq: 2, atMs: 500, symbolsVersion: before.symbolsVersion });
    expect(after.symbols).toBe(before.symbols);
    expect(after.openOrders).toBe(before.openOrders);
    expect(after.account).toBe(before.account);
  });

  test("symbol rows replace their own and raise the version", () => {
    const view = fold([
      tickOf(1, symbols(symbolOf("A", 1), symbolOf("B", 2))),
      tickOf(2, symbols(symbolOf("A", 3))),
      tickOf(3, symbols()),
    ]);
    expect([...view.symbols.values()].map(({ symbol, score }) => `${symbol}${score}`)).toEqual([
      "A3",
      "B2",
    ]);
    expect(view.symbolsVersion).toBe(2);
  });

  test("two views folded from one start do not see each other", () => {
    const start = emptyView(0);
    const left = project(start, tickOf(1, symbols(symbolOf("A"))));
    const right = project(start, tickOf(1, symbols(symbolOf("B"))));
    expect([[...left.symbols.keys()], [...right.symbols.keys()]]).toEqual([["A"], ["B"]]);
    expect(start.symbols.size).toBe(0);
  });

  test("an order leaves the open ones when it ends and stands first among the recent", () => {
    const view = fold([
      tickOf(1, orderOf("a", "submitting"), orderOf("b", "open")),
      tickOf(2, orderOf("a", "closed")),
      tickOf(3, orderOf("b", "rejected")),
    ]);
    expect(view.openOrders.size).toBe(0);
    expect(view.recentOrders.map(({ clientId }) => clientId)).toEqual<string[]>(["b", "a"]);
  });

  test("late news of a finished order replaces its row", () => {
    const late = { clientId: "a", state: "closed", filledText: "0.4" } as OrderAudit;
    const view = fold([
      tickOf(1, orderOf("a", "closed")),
      tickOf(2, { kind: "order", order: late }),
    ]);
    expect(view.recentOrders).toEqual([late]);
  });

  test("recent rows are newest first and end at the limit", () => {
    const ticks = Array.from({ length: RECENT_MAX + 20 }, (_, index) =>
      tickOf(index + 1, fillOf(`e${index}`)),
    );
    const view = fold(ticks);
    expect(view.recentFills).toHaveLength(RECENT_MAX);
    expect(view.recentFills[0]?.execId).toBe<string | undefined>(`e${RECENT_MAX + 19}`);
    expect(view.recentFills.at(-1)?.execId).toBe<string | undefined>("e20");
  });

  test("several fills of one tick keep their order, newest first", () => {
    const view = fold([tickOf(1, fillOf("a"), fillOf("b"))]);
    expect(view.recentFills.map(({ execId }) => execId)).toEqual<string[]>(["b", "a"]);
  });

  test("an intervention and an incident told again replace their rows", () => {
    const intervention = (id: string, outcome: string): AuditEntry => ({
      kind: "intervention",
      intervention: { id, outcome } as Intervention,
    });
    const incident = (id: string, untilMs: number | null): AuditEntry => ({
      kind: "incident",
      incident: { id, untilMs } as Incident,
    });
    const past = { interventions: [{ id: "old-1" } as Intervention], incidents: [], equity: [] };
    const view = fold(
      [
        tickOf(1, intervention("a", "under way"), incident("x", null)),
        tickOf(2, intervention("b", "done"), incident("y", null)),
        tickOf(3, intervention("a", "flat"), incident("x", 7)),
      ],
      withPast(emptyView(0), past),
    );
    expect(view.interventions.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["b", "done"],
      ["a", "flat"],
      ["old-1", undefined],
    ] as never);
    expect(view.incidents.map(({ id, untilMs }) => [id, untilMs])).toEqual([
      ["y", null],
      ["x", 7],
    ]);
  });

  test("the equity curve keeps an hour", () => {
    const point = (atMs: number): AuditEntry => ({
      kind: "equity",
      point: { atMs, equityText: "1", unrealisedText: "0", feesText: "0", exposureUsdt: 0 },
    });
    const ticks = Array.from({ length: 500 }, (_, index) =>
      tickOf(index + 1, point(index * 10_000)),
    );
    const { equity } = fold(ticks);
    expect(equity).toHaveLength(360);
    expect(equity.at(-1)?.atMs).toBe(4_990_000);
    expect(equity[0]?.atMs).toBe(4_990_000 - 3_590_000);
  });

  test("an engine's own ticks fold into what it knows", () => {
    const tape = new Tape().ready();
    tape.play("report #1 new\nreport #2 new\nexec #1 40 1000\nposition A 40 992\nwallet 1000.5");
    tape.play("report #2 cancelled\nwait 1000");
    const view = fold(tape.ticks);
    expect(view.trading).toEqual({ state: "on", reason: "" });
    expect([...view.openOrders.keys()]).toEqual(["t-maker-1", "t-maker-3"]);
    expect(view.recentOrders.map(({ clientId }) => clientId)).toEqual<string[]>(["t-maker-2"]);
    expect(view.positions.get("A")).toMatchObject({
      side: "long",
      qtyText: "0.40",
      entryPriceText: "100.0",
      stopLossText: "99.2",
    });
    // The wallet of 10000 less the fee, and 0.02 at the mark.
    expect(view.account).toMatchObject({
      equityText: "10000.018",
      feesText: "0.002",
      fillCount: 1,
    });
    expect(view.symbols.get("A")).toMatchObject({
      category: "liquid",
      active: true,
      bidText: "100.0",
      askText: "100.1",
      micropriceText: "100.05",
    });
    expect(view.universe).toMatchObject({ active: ["A"], counts: { liquid: 1 } });
    expect(view.recentFills[0]).toMatchObject({ symbol: "A", priceText: "100.0", qtyText: "0.40" });
    expect(view.instruments.get("A")?.id as number).toBe(0);
    expect(view.feeds.market).toMatchObject({ up: true });
    expect(view.counters.booksLive).toBe(1);
  });
});
