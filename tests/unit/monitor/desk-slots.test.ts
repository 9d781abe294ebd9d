/** The rows of the desk: who has one, for how long, in which order, and what they remember. */
import { describe, expect, test } from "bun:test";
import type { DoingAudit, PositionAudit, SymbolAudit } from "../../../src/engine/audit.ts";
import {
  type DeskSlot,
  LEFT_SHOWN_MS,
  netOfMinute,
  slotsAfter,
} from "../../../src/monitor/desk-slots.ts";
import { given } from "../../support/given.ts";
import { webFixture } from "../../support/web-deps.ts";

const { view } = webFixture({ symbols: 5 });
const [anySymbol] = view.symbols.values();
const [anyPosition] = view.positions.values();

const doing = (symbol: string): DoingAudit => ({
  symbol,
  strategy: "maker",
  doing: "waiting",
  cause: "too volatile",
  why: "no quote",
  netTodayUsdt: 0,
});

interface Now {
  readonly atMs: number;
  readonly bid?: string;
  readonly unrealised?: string;
}

/** Rows after symbols of these letters were told, with the market and the position of A. */
function after(before: readonly DeskSlot[], letters: string, now: Now): readonly DeskSlot[] {
  const { atMs, bid = "99", unrealised = "0" } = now;
  const symbol: SymbolAudit = { ...given(anySymbol), bidText: bid, askText: "101" };
  const position: PositionAudit = {
    ...given(anyPosition),
    realisedText: "1",
    feesText: "0.25",
    fundingText: "0.05",
    unrealisedText: unrealised,
  };
  return slotsAfter(before, [...letters].map(doing), {
    atMs,
    symbols: new Map([["A", symbol]]),
    positions: new Map([["A", position]]),
  });
}

const names = (slots: readonly DeskSlot[]) => slots.map(({ symbol }) => symbol).join("");

describe("the rows of the desk", () => {
  test("stand by name, whoever came first", () => {
    const first = after([], "C", { atMs: 0 });
    expect(names(after(first, "CAB", { atMs: 250 }))).toBe("ABC");
  });
  test("of a symbol that leaves stay for ten seconds and say since when", () => {
    const first = after([], "AB", { atMs: 0 });
    const left = after(first, "B", { atMs: 1_000 });
    expect(left.map(({ leftAtMs }) => leftAtMs)).toEqual([1_000, null]);
    const later = after(left, "B", { atMs: 1_000 + LEFT_SHOWN_MS - 1 });
    expect(names(later)).toBe("AB");
    expect(names(after(later, "B", { atMs: 1_000 + LEFT_SHOWN_MS }))).toBe("B");
  });
  test("of a symbol that comes back go on as if it had never left", () => {
    const left = after(after([], "A", { atMs: 0 }), "", { atMs: 1_000 });
    const [back] = after(left, "A", { atMs: 2_000 });
    expect(back?.leftAtMs).toBeNull();
    expect(back?.marks.map(({ atMs }) => atMs)).toEqual([0, 2_000]);
  });
  test("remember the minute, a mark a second, and no more", () => {
    let slots: readonly DeskSlot[] = [];
    for (let atMs = 0; atMs <= 300_000; atMs += 250) slots = after(slots, "A", { atMs });
    const { marks } = given(slots[0]);
    expect(marks).toHaveLength(61);
    expect([marks[0]?.atMs, marks.at(-1)?.atMs]).toEqual([240_000, 300_000]);
    expect(marks[0]).toMatchObject({ mid: 100, netUsdt: 0.7 });
  });
  test("know no price where the book has none", () => {
    expect(after([], "A", { atMs: 0, bid: "" })[0]?.marks[0]?.mid).toBeNaN();
    expect(after([], "B", { atMs: 0 })[0]?.marks[0]?.netUsdt).toBe(0);
  });
});

test("the result of a minute is what changed, and unknown at first", () => {
  const first = after([], "A", { atMs: 0, unrealised: "0.5" });
  expect(netOfMinute(given(first[0]))).toBeNull();
  const second = after(first, "A", { atMs: 30_000, unrealised: "-0.25" });
  expect(netOfMinute(given(second[0]))).toBeCloseTo(-0.75, 12);
});
