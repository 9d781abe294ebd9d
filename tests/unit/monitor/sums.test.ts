/** The desk's sums: what is exposed, what stops would cost, what is done how often. */
import { describe, expect, test } from "bun:test";
import { exposedOf, flattenCostOf, stopsHitOf } from "../../../src/monitor/danger.ts";
import { doingNow } from "../../../src/monitor/doing-now.ts";
import { given } from "../../support/given.ts";
import { webFixture } from "../../support/web-deps.ts";

const { view } = webFixture({ symbols: 12 });

describe("what can hurt", () => {
  test("long, short, the difference and the largest", () => {
    const rows = [...view.positions.values()].slice(0, 2);
    const [long, short] = rows.map((row, at) => ({
      ...row,
      notionalText: at === 0 ? "300" : "120",
    }));
    const positions = new Map([
      ["L", { ...given(long), side: "long" as const, symbol: "L" }],
      ["S", { ...given(short), side: "short" as const, symbol: "S" }],
    ]);
    expect(exposedOf({ ...view, positions })).toEqual({
      longUsdt: 300,
      shortUsdt: 120,
      netUsdt: 180,
      largest: { symbol: "L", usdt: 300 },
    });
    expect(exposedOf({ ...view, positions: new Map() }).largest).toBeNull();
  });
  test("what a flatten comes to: the touch against the marks, and a taker's fees", () => {
    const [row] = view.symbols.values();
    const [held] = view.positions.values();
    const symbols = new Map([["A", { ...given(row), symbol: "A", bidText: "99", askText: "102" }]]);
    const one = { ...given(held), symbol: "A", qtyText: "2", markText: "100", notionalText: "200" };
    const cost = (side: "long" | "short") =>
      flattenCostOf({ ...view, symbols, positions: new Map([["A", { ...one, side }]]) });
    expect(cost("long")).toMatchObject({ positions: 1, valueUsdt: 200, touchUsdt: -2 });
    expect(cost("short").touchUsdt).toBe(-4);
    // 5.5 bps of what is closed.
    expect(cost("long").feesUsdt).toBeCloseTo(0.11, 12);
  });
  test("nothing is said of stops while a mark is not known", () => {
    const [row] = view.positions.values();
    const blind = { ...given(row), side: "long" as const, markText: "", stopLossText: "9" };
    expect(stopsHitOf({ ...view, positions: new Map([["A", blind]]) })).toBeNull();
  });
});

test("a symbol that has left is not counted as doing anything", () => {
  const all = doingNow(view);
  expect(all.quoting + all.holding + all.waiting).toBe(view.slots.length - 1);
  expect(doingNow({ slots: [] }).causes).toEqual([]);
});
