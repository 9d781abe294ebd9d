/** A run that goes on with the book of an earlier one: profit, the day, owners, strangers. */
import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { tradingOf } from "../../../src/engine/control.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { lostToday } from "../../support/known-account.ts";
import { Tape } from "./tape.ts";

const ID = 0 as SymbolId;
const FEEDS = "instruments\nfeed market up\nfeed private up\nfeed rest up";
const after = (lost: string, positions: Parameters<typeof lostToday>[1] = [{}]) =>
  new Tape({ book: lostToday(lost, positions), limits: WIDE });
const WIDE = { ...DEFAULT_LIMITS, dailyLossUsdtMax: 1_000, drawdownUsdtMax: 1_000 };
const money = (text: string) => parseFixed(text) ?? 0n;
const lastToday = (tape: Tape) => entriesOf(tape.ticks, "account").at(-1)?.account.todayText;

describe("what was executed while nobody watched", () => {
  test("is booked at the cost that was left, and realises what the venue realised", () => {
    const tape = after("0");
    tape.play(`${FEEDS}\nsnapshot exec:-:40:1010:sell:A exec:-:60:990:sell:A`);
    expect(tape.state.ledger.stepsOf(ID)).toBe(0);
    // 0.4 × (101 − 100) + 0.6 × (99 − 100)
    expect(fixedToText(tape.state.ledger.realised)).toBe("-0.2");
    const fills = entriesOf(tape.ticks, "fill");
    expect(fills.map(({ isEarlier }) => isEarlier)).toEqual([false, false]);
    expect(fills.at(-1)?.book?.position).toMatchObject({ qtyText: "0.00", cost: 0n });
  });

  test("and comes by the stream before the first snapshot waits for it, and is booked once", () => {
    const tape = after("0");
    tape.play(`${FEEDS}\nexec - 40 1010 sell A`);
    expect(tape.state.ledger.fees).toBe(0n);
    // The snapshot was asked for before it: it comes on top.
    tape.play("snapshot position:A:60:990");
    expect(tape.state.ledger.stepsOf(ID)).toBe(60);
    expect(fixedToText(tape.state.ledger.realised)).toBe("0.4");
    expect(entriesOf(tape.ticks, "fill")).toHaveLength(1);
  });

  test("is not booked again when the record has it", () => {
    const book = lostToday("0", [{}]);
    const tape = new Tape({ book: { ...book, execIds: ["e1" as never] } });
    tape.play(`${FEEDS}\nsnapshot exec:-:40:1010:sell:A position:A:100:990`);
    expect(tape.state.ledger.stepsOf(ID)).toBe(100);
    expect(tape.state.ledger.realised).toBe(0n);
  });

  test("the venue is asked for it from where the book is whole", () => {
    const tape = after("0");
    tape.play("instruments");
    expect(tape.effects).toContainEqual({
      kind: "look_back",
      sinceVenueAtMs: lostToday("0").wholeUntilVenueAtMs,
      afterVenueAtMs: 0,
    });
  });

  test("what is held keeps its age and its owner", () => {
    const tape = after("0");
    tape.play(`${FEEDS}\nsnapshot position:A:100:990`);
    expect(tape.state.ledger.position(ID)).toMatchObject({
      steps: 100,
      openedAtMs: Date.UTC(2026, 0, 5, 11),
      stopLossTicks: 990,
    });
    expect(tape.state.tenancy.ownerOf(ID)?.name).toBe("maker");
  });

  test("only a difference that lasts is taken over, at the mark and as a row of its own", () => {
    const tape = after("0");
    tape.play(`${FEEDS}\nticker A 95\nsnapshot`);
    expect(tape.state.ledger.stepsOf(ID)).toBe(100);
    tape.play("wait 1000\nsnapshot");
    expect(tape.state.ledger.stepsOf(ID)).toBe(0);
    const row = entriesOf(tape.ticks, "fill").at(-1)?.fill;
    expect(row).toMatchObject({ strategy: "recovery", realisedPnl: money("-5") });
    expect(tape.state.ledger.realised).toBe(money("-5"));
  });
});

describe("a stranger while we were away", () => {
  test("on a symbol where nothing was ours is kept apart", () => {
    const tape = after("0", []);
    tape.play(`${FEEDS}\nsnapshot exec:-:40:1010:sell:A exec:-:40:1100:buy:A`);
    expect([tape.state.ledger.net(), tape.state.ledger.stepsOf(ID)]).toEqual([0n, 0]);
    // 0.4 × (101 − 110) less two fees of 0.002.
    expect(fixedToText(tape.state.ledger.apart)).toBe("-3.604");
    expect(entriesOf(tape.ticks, "fill").map(({ isEarlier }) => isEarlier)).toEqual([true, true]);
    expect(tape.state.dayLossUsdt).toBe(0);
  });

  test("who opened a position has made or lost it until now: the day counts from the mark", () => {
    const tape = after("0", []);
    tape.play(
      `${FEEDS}\nsnapshot exec:-:100:1000:buy:A position:A:100:990\nticker A 95\nwait 1000`,
    );
    expect(tape.state.dayLossUsdt).toBeCloseTo(0, 9);
    tape.play("ticker A 94\nwait 1000");
    expect(tape.state.dayLossUsdt).toBeCloseTo(1, 9);
  });
});

describe("the day's loss over a restart", () => {
  const EIGHT = "3 lost before, 5 not realised";

  test(`${EIGHT}: 8 with the snapshot before the first timer`, () => {
    const tape = after("3");
    tape.play(`${FEEDS}\nticker A 95\nsnapshot position:A:100:990\nwait 1000`);
    expect(tape.state.dayLossUsdt).toBeCloseTo(8, 9);
  });

  test(`${EIGHT}: 8 with the timer first`, () => {
    const tape = after("3");
    tape.play(`${FEEDS}\nticker A 95\nwait 3000\nsnapshot position:A:100:990\nwait 1000`);
    expect(tape.state.dayLossUsdt).toBeCloseTo(8, 9);
  });

  test(`${EIGHT}, then closed at the mark: 8 and the fee`, () => {
    const tape = after("3");
    tape.play(`${FEEDS}\nticker A 95\nsnapshot position:A:100:990\nwait 1000`);
    tape.play("exec - 100 950 sell A\nposition A 0\nwait 1000");
    expect(lastToday(tape)).toBe("-8.002");
  });

  test("halts at once when it is beyond the limit already", () => {
    const limits = { ...WIDE, dailyLossUsdtMax: 6 };
    const tape = new Tape({ book: lostToday("3", [{}]), limits });
    tape.play(`${FEEDS}\nticker A 95\nsnapshot position:A:100:990\nwait 1000`);
    expect(tradingOf(tape.state).state).toBe("halted");
  });

  test("down across the border: what came before it is yesterday's", () => {
    const book = { ...lostToday("7", [{ markText: "99" }]), day: null };
    const tape = new Tape({ book, limits: WIDE });
    tape.play(`${FEEDS}\nticker A 95\nsnapshot position:A:100:990\nwait 1000`);
    // Left at a mark of 99, now 95; the 7 were lost before.
    expect(tape.state.dayLossUsdt).toBeCloseTo(4, 9);
    expect(entriesOf(tape.ticks, "day").at(-1)).toMatchObject({ net: money("-8"), isSeen: false });
  });

  test("at the border of the operator's zone a new day begins, and is stored", () => {
    const tape = new Tape({ book: lostToday("3", []), limits: WIDE, dayTimeZone: "Asia/Tokyo" });
    tape.play(`${FEEDS}\nsnapshot\nwait 1000`);
    const [first] = entriesOf(tape.ticks, "day");
    expect(first?.startsAtMs).toBe(Date.UTC(2026, 0, 4, 15));
    tape.atMs = Date.UTC(2026, 0, 5, 15);
    tape.play("wait 1000");
    const last = entriesOf(tape.ticks, "day").at(-1);
    expect(last).toMatchObject({ startsAtMs: Date.UTC(2026, 0, 5, 15), isSeen: true });
    expect(tape.state.dayLossUsdt).toBe(0);
  });
});
