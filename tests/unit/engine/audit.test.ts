/** What leaves the engine about itself, and how much of it. */
import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { Columns } from "../../../src/engine/columns.ts";
import { AUDIT_ROWS_MAX } from "../../../src/engine/schedule.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { emptyProfile } from "../../../src/universe/profile.ts";
import { entriesOf, fillsOf, lastAccount, lastPosition } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

describe("audit ticks", () => {
  test("market rows leave only with the timer, and only for what changed", () => {
    const tape = new Tape({ autoTrade: false }, 3).ready();
    tape.play("wait 250");
    const before = tape.ticks.length;
    tape.play("book B 1000x5 1002x5\nbook B 1000x6 1002x5");
    expect(tape.ticks).toHaveLength(before);
    tape.play("wait 250");
    const told = entriesOf(tape.ticks.slice(before), "symbols");
    const rows = told.flatMap(({ symbols }) => symbols);
    expect(rows.map(({ symbol, imbalance }) => [symbol, imbalance.toFixed(3)])).toEqual([
      ["B", (6 / 11).toFixed(3)],
    ]);
  });

  test("a row's texts are exact, of the tick, and written when they are read", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("ticker A 100.05\nbook A 1000x9000 1001x9000\nwait 300");
    const row = entriesOf(tape.ticks, "symbols").at(-1)?.symbols[0];
    tape.play("ticker A 90.5\nbook A 900x9000 901x9000\nwait 300");
    const { bidText, askText, lastText, markText, micropriceText, fundingRateText } = row ?? {};
    expect([bidText, askText, lastText, markText, micropriceText, fundingRateText]).toEqual([
      "100.0",
      "100.1",
      "100.0",
      "100.05",
      "100.05",
      "",
    ]);
    const next = entriesOf(tape.ticks, "symbols").at(-1)?.symbols[0];
    expect([next?.bidText, next?.markText]).toEqual(["90.0", "90.5"]);
  });

  test("an account change leaves with its event", () => {
    const tape = new Tape().ready();
    const before = tape.ticks.length;
    tape.play("report #1 new\nexec #1 40 1000");
    const [opened, ...filled] = tape.ticks.slice(before);
    const first = opened === undefined ? [] : [opened];
    expect(entriesOf(first, "order")).toMatchObject([
      { order: { clientId: "t-maker-1", state: "open" } },
    ]);
    expect(fillsOf(filled)).toMatchObject([{ execId: "e1", strategy: "maker", positionSteps: 40 }]);
    expect(lastPosition(filled)).toMatchObject({ symbol: "A", side: "long" });
    expect(entriesOf(first, "symbols")).toEqual([]);
  });

  test("a fact is told before the orders that it causes are sent, and its order after it", () => {
    const tape = new Tape().ready();
    tape.play("report #1 new\nreport #2 new");
    const before = tape.effects.length;
    tape.play("exec #1 100 1000");
    const story = tape.effects.slice(before).flatMap((effect) => {
      if (effect.kind === "submit") return ["submit"];
      return effect.kind === "audit" ? effect.tick.entries.map(({ kind }) => kind) : [];
    });
    expect(story).toEqual([
      "fill",
      "mark_out",
      "submit",
      "order",
      "order",
      "order",
      "position",
      "account",
      "strategies",
    ]);
    const ticks = tape.effects.flatMap((effect) => (effect.kind === "audit" ? [effect.tick] : []));
    expect(ticks.map(({ seq }) => seq)).toEqual(ticks.map((_, index) => index + 1));
  });

  test("an order is told as it is now, with texts that need no tick size and with its reason", () => {
    const tape = new Tape().ready();
    const [first] = entriesOf(tape.ticks, "order");
    tape.play("report #1 new");
    expect(first?.order).toMatchObject({
      clientId: "t-maker-1",
      state: "submitting",
      priceText: "100.0",
      qtyText: "1.00",
      filledText: "0.00",
      stopLossText: "99.2",
      strategy: "maker",
      type: "limit",
      timeInForce: "post_only",
    });
    expect(first?.order.reason).not.toBe("");
  });

  test("the account says what the day lost and what may be lost, as the gate judges it", () => {
    const limits = { ...DEFAULT_LIMITS, dailyLossUsdtMax: 7, totalExposureUsdtMax: 900 };
    const tape = new Tape({ limits, autoTrade: false }).ready();
    tape.play("exec - 100 1000 buy A\nposition A 100 992\nexec - 100 950 sell A\nposition A 0");
    const account = lastAccount(tape.ticks.slice(-1));
    expect(account?.dayLossUsdt).toBeCloseTo(5.004, 9);
    expect(account?.limits).toEqual({
      orderNotionalUsdtMax: DEFAULT_LIMITS.orderNotionalUsdtMax,
      symbolExposureUsdtMax: DEFAULT_LIMITS.symbolExposureUsdtMax,
      totalExposureUsdtMax: 900,
      dailyLossUsdtMax: 7,
    });
  });

  test("an entry price keeps the tick's decimals, and at most two more", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("exec - 100 1000 buy A");
    expect(lastPosition(tape.ticks.slice(-1))?.entryPriceText).toBe("100.0");
    tape.play("exec - 200 1001 buy A");
    expect(lastPosition(tape.ticks.slice(-1))?.entryPriceText).toBe("100.066");
  });

  test("a repeated denial is recorded once in a while, and counted every time", () => {
    const limits = { ...DEFAULT_LIMITS, totalExposureUsdtMax: 150 };
    const tape = new Tape({ limits }).ready();
    tape.play("report #1 new\nwait 4000");
    const denials = entriesOf(tape.ticks, "denial").map(({ denial }) => denial);
    expect(denials).toMatchObject([
      { symbol: "A", side: "sell", purpose: "entry", reason: { code: "TOTAL_EXPOSURE_ABOVE_MAX" } },
    ]);
    expect(tape.state.counters.ordersDenied).toBeGreaterThan(3);
  });

  test("profiles go to the record every minute and come back with the next run", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("book A 1000x9000 1001x9000\nwait 60000");
    const saved = entriesOf(tape.ticks, "profiles")
      .filter(({ isSampled }) => isSampled)
      .flatMap(({ profiles }) => profiles);
    expect(saved.at(-1)).toMatchObject({ symbol: "A", category: "liquid" });
    expect(saved.at(-1)?.samples).toBeGreaterThan(5);
    const profiles = [...saved.slice(-1), emptyProfile("GONE")];
    const next = new Tape({ autoTrade: false, profiles });
    next.play("instruments");
    expect(entriesOf(next.ticks.slice(-1), "profiles")).toEqual([
      { kind: "profiles", profiles: saved.slice(-1), isSampled: false },
    ]);
  });

  test("a timer that nobody set is told and forgotten", () => {
    const tape = new Tape();
    const effects = tape.send({ kind: "timer", name: "tea" });
    expect(effects.at(-1)).toMatchObject({ kind: "log", level: "warn" });
  });
});

describe("the queue of changed symbols", () => {
  test("is first in, first out, holds each symbol once, and survives growth", () => {
    const columns = new Columns();
    columns.grow(3);
    for (const id of [2, 0, 2, 1, 0]) columns.markDirty(id as SymbolId);
    expect(columns.takeDirty(1) as number[]).toEqual([2]);
    columns.markDirty(2 as SymbolId);
    columns.grow(5);
    columns.markDirty(4 as SymbolId);
    expect(columns.takeDirty(AUDIT_ROWS_MAX) as number[]).toEqual([0, 1, 2, 4]);
    expect(columns.takeDirty(AUDIT_ROWS_MAX)).toEqual([]);
  });
});
