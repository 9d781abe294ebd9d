/** Start-up, lost messages, and a venue that sees things differently. */
import { describe, expect, test } from "bun:test";
import { asClientOrderId, asVenueOrderId, type SymbolId } from "../../../src/domain/units.ts";
import { tradingOf } from "../../../src/engine/control.ts";
import { NEVER_HEARD_FINAL_MS } from "../../../src/orders/table.ts";
import { entriesOf, fillsOf } from "../../support/audit-ticks.ts";
import { setupsOf } from "../../support/strategies.ts";
import { Tape } from "./tape.ts";

const ID = 0 as SymbolId;
const BOOK = "book A 1000x9000 1001x9000";
const OPEN = "report #1 new\nreport #2 new";
/** The execution that proves a position of 50 to be the maker's. */
const MADE = "exec:old-maker-3:50:1000";
const DIFFERS = "error position differs from the venue's";

/** Feeds up and a book, but the account not known yet. */
function starting(tape = Tape.halted()): Tape {
  tape.play(`instruments\nfeed market up\nticker A 100.05\n${BOOK}\nfeed private up`);
  return tape;
}

describe("start-up", () => {
  test("adopts a position, protects it, gives it an exit, sweeps what an earlier run left", () => {
    starting().check(
      `snapshot position:A:50 ${MADE} order:old-maker-7 order:by-hand order:older-operator-1`,
      `protect A 992
       cancel_orphan vold-maker-7
       cancel_orphan volder-operator-1
       submit #1 A sell 50 @ 1001 exit post_only`,
    );
  });

  test("a position that has its stop is left with it", () => {
    starting().check(
      "snapshot position:A:-50:1010 exec:old-maker-3:50:1000:sell",
      "submit #1 A buy 50 @ 999 exit post_only",
    );
  });

  test("the stop goes behind the market where that is already worse than the entry", () => {
    const tape = Tape.halted();
    tape.play("instruments\nfeed market up\nbook A 900x9000 901x9000\nfeed private up");
    expect(tape.play("snapshot position:A:50")[0]).toBe("protect A 893");
  });

  test("a stop that does not show is put again, not more than every five seconds", () => {
    const tape = starting();
    tape.play("snapshot position:A:50\nreport #1 new");
    const protects = (ms: number) =>
      tape.play(`wait ${ms}\n${BOOK}`).filter((line) => line.startsWith("protect"));
    expect(protects(4_000)).toEqual([]);
    expect(protects(2_000)).toEqual(["protect A 992"]);
    tape.play("position A 50 992");
    expect(protects(20_000)).toEqual([]);
  });

  test("fills of the earlier run are kept in the record and not counted into the position", () => {
    const tape = starting();
    tape.play("snapshot position:A:50 exec:old-maker-3:50:1000");
    expect(tape.state.ledger.stepsOf(ID)).toBe(50);
    expect(tape.state.ledger.fillCount).toBe(0);
    const journal = entriesOf(tape.ticks, "fill").map(({ fill }) => fill);
    expect(journal.map((fill) => `${fill.strategy} ${fill.execKind} ${fill.qtySteps}`)).toEqual([
      "maker trade 50",
      "recovery other 50",
    ]);
    const shown = fillsOf(tape.ticks);
    expect(shown.map((fill) => fill.strategy)).toEqual(["recovery"]);
  });

  test("an account that was never armed is left alone: no exit, no stop, only our own leftovers", () => {
    const tape = starting(new Tape({ autoTrade: false }));
    tape.check("snapshot position:A:50 order:old-maker-7", "cancel_orphan vold-maker-7");
    expect(tape.play(`wait 10000\n${BOOK}\nwait 10000`)).toEqual([]);
    tape.check(
      `operator flatten\n${BOOK}`,
      `cancel_all
       submit o#1 A sell 50 market flatten ioc`,
    );
  });

  test("arming takes the found position over: a stop and an exit", () => {
    const tape = starting(new Tape({ autoTrade: false }));
    tape.play(`snapshot position:A:50 ${MADE}`);
    const answer = tape.play(`operator resume\n${BOOK}\nwait 3000`);
    expect(answer).toContain("submit #1 A sell 50 @ 1001 exit post_only");
    expect(answer).toContain("protect A 992");
  });

  test("an operator's halt outlives the restart; what is open is still looked after", () => {
    const tape = starting(new Tape({ haltedBefore: "halted by ada before the restart: lunch" }));
    const answer = tape.play(`snapshot position:A:50 ${MADE}\nwait 3000\n${BOOK}`);
    expect(answer.filter((line) => line.includes("entry"))).toEqual([]);
    expect(answer).toContain("submit #1 A sell 50 @ 1001 exit post_only");
    expect(tradingOf(tape.state).reason).toContain("lunch");
  });

  test("before the account is known nothing is decided", () => {
    expect(starting().play(`exec - 50 1000 buy A\nwait 3000\n${BOOK}`)).toEqual([]);
  });
});

describe("a position that nobody owns", () => {
  const unowned = [
    ["there is no execution to prove it", ""],
    ["it was made by hand", "exec:by-hand:50:1000"],
    ["a hand had a part in it", "exec:by-hand:20:1000 exec:old-maker-3:30:1000"],
    ["two strategies had", "exec:old-operator-1:20:1000 exec:old-maker-3:30:1000"],
    ["the list does not reach back far enough", "exec:old-maker-3:20:1000"],
  ] as const;

  test.each(unowned)("is managed by protection alone when %s", (_why, executions) => {
    const tape = starting();
    tape.check(`snapshot position:A:50 ${executions}`, "protect A 992");
    tape.play(`position A 50 992\nwait 50000\n${BOOK}`);
    expect(tape.state.orders.size).toBe(0);
    expect(tape.play("wait 11000")).toContain("submit p#1 A sell 50 market exit ioc");
  });

  test("the market exit is retried until it is gone, and booked on protection's line", () => {
    const tape = starting();
    tape.play(`snapshot position:A:50:992\nwait 30000\n${BOOK}\nwait 30500`);
    tape.check("exec p#1 20 999", "");
    tape.check("report p#1 cancelled 20\nwait 600", "submit p#2 A sell 30 market exit ioc");
    tape.play("report p#2 filled 30\nexec p#2 30 999");
    expect(tape.state.ledger.stepsOf(ID)).toBe(0);
    const fills = entriesOf(tape.ticks, "fill").map(({ fill }) => fill.strategy);
    expect(fills).toEqual(["recovery", "protect", "protect"]);
  });

  test("a strategy that is switched off does not get its position back", () => {
    const tape = new Tape({ strategies: setupsOf({}) });
    starting(tape);
    tape.play(`snapshot position:A:50:992 ${MADE} order:old-maker-7`);
    expect(tape.state.tenancy.ownerOf(ID)).toBeNull();
    expect(tape.effects.filter(({ kind }) => kind === "cancel_orphan")).toHaveLength(1);
    expect(tape.play("wait 61000")).toContain("submit p#1 A sell 50 market exit ioc");
  });

  test("its maker gets it back where the executions since it was flat are all its own", () => {
    const made = "exec:by-hand:9:1000:sell exec:by-hand:9:1000 exec:old-maker-2:80:1000";
    const tape = starting();
    tape.play(`snapshot position:A:50:992 ${made} exec:old-maker-3:30:1001:sell`);
    expect(tape.state.tenancy.ownerOf(ID)?.name).toBe("maker");
  });
});

describe("orders without news", () => {
  test("an order that shows no sign of life is asked about until the venue answers", () => {
    const tape = new Tape().ready();
    tape.check(`report #2 new\n${BOOK}\nwait 3600`, "ask #1");
    tape.check(`${BOOK}\nwait 2000`, "ask #1");
    tape.check("answer #1 new\nwait 1000", "");
  });

  test("nothing is asked while nobody can answer", () => {
    const tape = new Tape().ready();
    tape.check(`report #2 new\nfeed rest down\nwait 4400\n${BOOK}`, "");
    tape.check("feed rest up\nwait 1000", "ask #1");
  });

  test("an unknown outcome is asked about at once and never sent again", () => {
    const tape = new Tape().ready();
    tape.check(`report #2 new\nunknown #1\n${BOOK}`, "ask #1");
    expect(tape.state.counters.ordersUnknown).toBe(1);
    tape.check("answer #1 partially_filled 40", "");
    expect(tape.state.orders.find(asClientOrderId("t-maker-1"), asVenueOrderId(""))).toMatchObject({
      state: "open",
      filledSteps: 40,
    });
  });

  test("'never heard of it' is believed only when the request cannot arrive any more", () => {
    const tape = new Tape().ready();
    tape.play("report #2 new\nunknown #1\nanswer #1 none");
    expect(tape.state.orders.find(asClientOrderId("t-maker-1"), asVenueOrderId(""))?.state).toBe(
      "unknown",
    );
    const lines = tape.play(`wait ${NEVER_HEARD_FINAL_MS}`);
    expect(lines.filter((line) => line === "ask #1").length).toBeGreaterThan(1);
    tape.play("answer #1 none");
    expect(tape.state.orders.find(asClientOrderId("t-maker-1"), asVenueOrderId(""))?.state).toBe(
      "rejected",
    );
  });

  test("a failed or rejected order frees its place; after either that side waits", () => {
    const tape = new Tape().ready();
    tape.play("failed #1\nrejected #2");
    expect(tape.state.orders.liveCount).toBe(0);
    expect(tape.state.counters.ordersRejected).toBe(1);
    const BOTH = `
      submit #3 A buy 100 @ 1000 entry post_only stop 992
      submit #4 A sell 99 @ 1001 entry post_only stop 1009
    `;
    tape.check(`wait 1600\n${BOOK}\nwait 1000`, "");
    tape.check(`${BOOK}\nwait 4000\n${BOOK}\nwait 4000\n${BOOK}`, "");
    tape.check(`wait 1500\n${BOOK}`, BOTH);
  });

  test("a cancel of an order that is already gone asks how it ended", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator halt`);
    tape.check("gone #1", "ask #1");
    tape.check(
      "answer #1 filled 100\nexec #1 100 1000",
      "submit #3 A sell 100 @ 1001 exit post_only",
    );
  });

  test("a fill beyond the order's size is booked, told once, and has the account compared", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    const lines = tape.play("exec #1 100 1000\nexec #1 20 1000\nreport #1 filled 120");
    expect(
      lines.filter((line) => line.startsWith("error") || line.startsWith("reconcile")),
    ).toEqual([
      "error order t-maker-1 was filled beyond its size: comparing",
      "reconcile A was filled beyond its order",
    ]);
    expect(tape.state.ledger.stepsOf(ID)).toBe(120);
  });

  test("a cancel that never left is sent again", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator halt`);
    tape.check("cancel_failed #1", "cancel #1");
  });
});

describe("reconciliation", () => {
  test("comes every minute", () => {
    expect(new Tape({ autoTrade: false }).ready().play("wait 60000")).toContain(
      "reconcile periodic",
    );
  });

  test("asks about orders that the venue does not list, unless they are younger than its list", () => {
    const tape = new Tape().ready();
    tape.check(`${OPEN}\nwait 10\nsnapshot order:#1`, "ask #2");
    tape.check("snapshot order:#1 asked:-500", "");
  });

  test("cancels an order of our form that the table does not know", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.check("snapshot order:t-maker-zz order:hand", "cancel_orphan vt-maker-zz");
  });

  test("a size that differs grows old however often it is told", () => {
    const tape = Tape.halted().ready();
    const told = Array.from({ length: 4 }, () => tape.play("position A 50\nwait 1000")).flat();
    expect(told).toContain("reconcile position of A differs");
  });

  test("executions inside a size taken over are waited for no longer", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator halt\nreport #2 cancelled\nreport #1 filled 100`);
    expect(tape.state.orders.awaitingSinceMs(ID)).toBeGreaterThan(0);
    const seen = "snapshot position:A:100:992";
    tape.play(`wait 1000\n${seen}\nwait 2000\n${seen}`);
    expect(tape.state.ledger.stepsOf(ID)).toBe(100);
    expect(tape.state.orders.awaitingSinceMs(ID)).toBe(0);
    const told = tape.play(`wait 5000\n${BOOK}\nwait 5000`);
    expect(told.filter((line) => line.startsWith("reconcile"))).toEqual([]);
  });

  test("fills that the stream lost come with the snapshot, and get their exit", () => {
    const tape = new Tape().ready();
    tape.check(
      `${OPEN}\nwait 10\nsnapshot order:#2 exec:#1:100:1000 position:A:100:992`,
      `cancel #2
       submit #3 A sell 100 @ 1001 exit post_only`,
    );
    expect(tape.state.orders.find(asClientOrderId("t-maker-1"), asVenueOrderId(""))?.state).toBe(
      "closed",
    );
  });

  test("a position report ahead of its fill is no difference", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nposition A 100 992\nexec #1 100 1000`);
    expect(tape.state.mismatches.size).toBe(0);
  });

  test("a size that stays different is asked about, then taken over, loudly", () => {
    const tape = Tape.halted().ready();
    tape.check("position A 70 992\nwait 2600", "reconcile position of A differs");
    expect(tape.state.ledger.stepsOf(ID)).toBe(0);
    tape.check(
      `${BOOK}\nsnapshot position:A:70:992`,
      `${DIFFERS}: taking the venue's over
       submit #1 A sell 70 @ 1001 exit post_only`,
    );
    expect(tape.state.ledger.stepsOf(ID)).toBe(70);
    const rows = fillsOf(tape.ticks);
    expect(rows).toMatchObject([{ strategy: "recovery", execKind: "other", qtySteps: 70 }]);
  });

  test("with real money trading halts on a position that nobody can explain", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("operator resume\nposition A 70 992\nwait 2600");
    tape.play(`${BOOK}\nsnapshot position:A:70:992`);
    expect(tradingOf(tape.state)).toMatchObject({
      state: "halted",
      reason: expect.stringContaining("the position of A was not what our fills say"),
    });
  });

  test("a single snapshot that differs blocks entries and asks again; the next one decides", () => {
    const tape = new Tape().ready();
    tape.check(
      `${OPEN}\nwait 10\nsnapshot order:#1 order:#2 position:A:70:992`,
      `${DIFFERS}: blocking entries and asking again
       cancel #1
       cancel #2`,
    );
    expect(tape.play("wait 2500")).toContain("reconcile position of A differs");
    tape.play("snapshot");
    expect(tape.state.mismatches.size).toBe(0);
    expect(tape.state.ledger.stepsOf(ID)).toBe(0);
  });

  test("a snapshot older than our last fill does not judge it", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nexec #1 100 1000\nsnapshot order:#2 asked:-50`);
    expect(tape.state.mismatches.size).toBe(0);
    expect(tape.state.ledger.stepsOf(ID)).toBe(100);
  });

  test("a position that the venue no longer has is given up after two snapshots", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("exec - 50 1000 buy A\nposition A 50 992\nwait 100");
    expect(tape.play("snapshot")[0]).toBe(`${DIFFERS}: blocking entries and asking again`);
    expect(tape.play("wait 10\nsnapshot")[0]).toBe(`${DIFFERS}: taking the venue's over`);
    expect(tape.state.ledger.stepsOf(ID)).toBe(0);
  });
});
