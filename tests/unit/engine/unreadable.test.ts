/** What the venue holds and we cannot read is there all the same. */
import { describe, expect, test } from "bun:test";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const OPEN = "report #1 new\nreport #2 new";
const LONG = `${OPEN}\nexec #1 100 1000\nposition A 100 992\nreport #2 cancelled\nreport #3 new`;
const FLATTENED = `${LONG}\nwait 500\noperator flatten\nreport #3 cancelled\nwait 10
  report o#4 filled 100\nexec o#4 100 999\nwait 10`;

const tradingOf = (tape: Tape) => tape.ticks.at(-1)?.trading;
const A = 0 as never;
const B = 1 as never;

describe("a position row that cannot be used", () => {
  test("is not taken for flat, however often it is listed so", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 10`);
    for (let read = 0; read < 5; read++) tape.play("wait 1000\nsnapshot unreadable:A:position");
    expect(tape.state.ledger.stepsOf(A)).toBe(100);
  });

  test("does not keep the other positions of the same read from being compared", () => {
    const tape = new Tape({}, 2).ready();
    for (let read = 0; read < 3; read++) {
      tape.play("wait 1000\nsnapshot unreadable:A:position position:B:50:990");
    }
    expect(tape.state.ledger.stepsOf(B)).toBe(50);
    expect(tape.state.ledger.stepsOf(A)).toBe(0);
  });

  test("takes entries back in its symbol, names it, and ends with a read that can be used", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    expect(tape.play("wait 10\nsnapshot order:#1 order:#2 unreadable:A:position")).toEqual([
      "error cannot read the venue's position of A: no entries there",
      "cancel #1",
      "cancel #2",
    ]);
    expect(tradingOf(tape)).toEqual({
      state: "on",
      reason: "cannot read the venue's position of A",
    });
    tape.check(`report #1 cancelled\nreport #2 cancelled\nwait 1500\n${BOOK}`, "");
    const [incident] = entriesOf(tape.ticks, "incident");
    expect(incident?.incident).toMatchObject({ service: "private-feed", severity: "down" });
    expect(incident?.incident.cause).toContain("position of A");
    const feeds = entriesOf(tape.ticks, "feeds").at(-1)?.feeds;
    expect(feeds?.private?.unreadable).toContain("position of A");
    const placed = tape.play(`snapshot\nwait 1500\n${BOOK}\nwait 500`);
    expect(placed.filter((line) => line.startsWith("submit"))).toHaveLength(2);
    expect(tradingOf(tape)?.reason).toBe("");
    expect(entriesOf(tape.ticks, "incident").at(-1)?.incident.untilMs).not.toBeNull();
  });

  test("is named in an incident that began for another reason", () => {
    const tape = new Tape().ready();
    tape.play("feed private down\nwait 100\nunreadable A position\nwait 100");
    tape.play("feed private up\nsnapshot unreadable:A:position\nwait 100\nsnapshot");
    const rows = entriesOf(tape.ticks, "incident").map(({ incident }) => incident);
    const own = rows.filter(({ service }) => service === "private-feed");
    expect(new Set(own.map(({ id }) => id)).size).toBe(1);
    expect(own.at(-1)?.cause).toBe("test; cannot read the venue's position of A");
    expect(own.at(-1)?.untilMs).not.toBeNull();
  });

  test("is believed from the stream, until a read made later", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    expect(tape.play("unreadable A position")).toContain("cancel #1");
    tape.play("wait 10\nsnapshot asked:-500 order:#1 order:#2");
    expect(tradingOf(tape)?.reason).toContain("position of A");
    tape.play("wait 10\nsnapshot order:#1 order:#2");
    expect(tradingOf(tape)?.reason).toBe("");
  });
});

describe("flat is the venue's word", () => {
  test.each([
    ["a position that cannot be read", "unreadable:A:position"],
    ["a position in a contract that is not traded here", "unreadable:ETHPERP:position"],
  ])("%s: not flat, and named", (_what, row) => {
    const tape = new Tape().ready();
    tape.play(FLATTENED);
    for (let read = 0; read < 8; read++) tape.play(`wait 1000\nsnapshot ${row}`);
    const name = row.split(":")[1];
    expect(tradingOf(tape)?.reason).toMatch(/^flatten by ann/);
    const last = entriesOf(tape.ticks, "intervention").at(-1)?.intervention;
    expect(last?.isDone).toBe(false);
    expect(last?.outcome).toMatch(
      /^not flat: read at \S+Z by the venue's clock, it held 1 position and 0 orders/,
    );
    expect(last?.outcome).toContain(`position of ${name}`);
    tape.play("wait 1000\nsnapshot");
    expect(tradingOf(tape)?.reason).toMatch(/^flat, by ann/);
  });

  test.each([
    ["an order by hand", "order:by-hand", "A buy 1.00"],
    ["an order of a contract that is not traded here", "unreadable:ETHPERP:order", "ETHPERP"],
  ])("%s is cancelled, and named when it stays", (_what, row, name) => {
    const tape = new Tape().ready();
    tape.play(FLATTENED);
    const outcomes: string[] = [];
    let cancels = 0;
    for (let read = 0; read < 4; read++) {
      const lines = tape.play(`wait 100\nsnapshot ${row}`);
      cancels += lines.filter((line) => line === "cancel_all").length;
    }
    for (const { intervention } of entriesOf(tape.ticks, "intervention")) {
      outcomes.push(intervention.outcome);
    }
    expect(cancels).toBe(3);
    expect(outcomes.join()).not.toContain("proved flat");
    expect(outcomes.at(-1)).toMatch(/^flat; 1 foreign order rests: /);
    expect(outcomes.at(-1)).toContain(name);
    expect(tradingOf(tape)?.reason).toMatch(/^flat but for orders of others, by ann/);
  });

  test("a read from before the last cancel proves nothing; one after it does", () => {
    const tape = new Tape().ready();
    tape.play(FLATTENED);
    tape.play("snapshot order:by-hand\nwait 50\nsnapshot asked:-60");
    expect(tradingOf(tape)?.reason).toMatch(/^flatten by ann/);
    tape.play("wait 10\nsnapshot");
    expect(tradingOf(tape)?.reason).toMatch(/^flat, by ann/);
  });
});

test("a size taken over is stamped with the venue's clock: a later fill moves it", () => {
  // The venue's clock runs behind ours: its times count in single milliseconds here.
  const tape = new Tape().ready();
  tape.play("wait 5000\nexec - 100 1000 buy A\nposition A 100 992");
  for (let read = 0; read < 3; read++) tape.play("wait 3000\nsnapshot");
  expect(tape.state.ledger.stepsOf(A)).toBe(0);
  tape.play("exec - 50 1000 buy A");
  expect(tape.state.ledger.stepsOf(A)).toBe(50);
});
