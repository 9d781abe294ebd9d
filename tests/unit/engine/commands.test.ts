/** Commands: taken once, in time, for all of trading or for one contract, and told to their end. */
import { describe, expect, test } from "bun:test";
import type { Intervention } from "../../../src/engine/audit.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { commandOf } from "../../support/commands.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const OPEN = "report #1 new\nreport #2 new";
const LONG = `${OPEN}\nexec #1 100 1000\nposition A 100 992\nreport #2 cancelled\nreport #3 new`;

const told = (tape: Tape): Intervention[] =>
  entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);

const story = (tape: Tape): string[] =>
  told(tape).map(({ action, verdict, outcome }) => `${action} ${verdict}: ${outcome}`);

const lastHalts = (tape: Tape): string[] =>
  (entriesOf(tape.ticks, "symbol_halts").at(-1)?.symbolHalts ?? []).map(
    ({ symbol, kind, by }) => `${symbol} ${kind} ${by}`,
  );

const tradingOf = (tape: Tape) => tape.ticks.at(-1)?.trading;

describe("a command", () => {
  test("that waited longer than it holds does nothing, and says so", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    const effects = tape.send(commandOf("flatten", { id: "late", ageMs: 8_000 }));
    expect(effects.map(({ kind }) => kind)).not.toContain("cancel_all");
    expect(tradingOf(tape)?.state).toBe("on");
    expect(told(tape)).toMatchObject([{ commandId: "late", verdict: "expired", isDone: true }]);
    expect(told(tape)[0]?.outcome).toContain("given 8000 ms before it arrived");
  });

  test("at the very end of its life is carried out", () => {
    const tape = new Tape().ready();
    tape.send(commandOf("halt", { ageMs: 2_500, lifeMs: 2_500 }));
    expect(tradingOf(tape)?.state).toBe("halted");
  });

  test("that comes again under its id is carried out once and keeps its first outcome", () => {
    const tape = new Tape().ready();
    tape.play(LONG);
    const again = commandOf("flatten", { id: "same" });
    tape.send(again);
    const after = tape.effects.length;
    tape.send(again);
    const kinds = tape.effects.slice(after).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== "log")).toEqual([]);
    expect(new Set(told(tape).map(({ id }) => id)).size).toBe(1);
  });

  test("that was refused is refused for good under its id", () => {
    const tape = new Tape().ready();
    const obstacle = "the file HALT lies in the data directory";
    tape.send(commandOf("resume", { id: "r", obstacle }));
    tape.send(commandOf("resume", { id: "r" }));
    expect(story(tape)).toEqual([`resume refused: ${obstacle}`]);
  });

  test("to resume is refused while the record or a feed is down", () => {
    const tape = new Tape().ready();
    tape.play("operator halt\nfeed market down\noperator resume");
    expect(story(tape).at(-1)).toBe("resume refused: waiting for market feed");
    tape.play("feed market up\nrecord down\noperator resume");
    expect(story(tape).at(-1)).toBe("resume refused: the record cannot be kept: the disk is full");
    tape.play("record up\noperator resume");
    expect(tradingOf(tape)?.state).toBe("on");
  });

  test("before the feeds are there, resume arms: a start waits for them by itself", () => {
    const tape = new Tape({ autoTrade: false });
    tape.play("operator resume");
    tape.ready();
    expect(tradingOf(tape)?.state).toBe("on");
  });
});

describe("cancel and halt", () => {
  test("takes everything back, stops entries, and is done when each order has ended", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    tape.check("operator cancel_halt", "cancel_all");
    tape.play("wait 20\nreport #1 cancelled");
    expect(tradingOf(tape)).toEqual({ state: "halted", reason: "halted by ann: test" });
    tape.play(`wait 20\nreport #2 cancelled\nwait 9000\n${BOOK}`);
    expect(story(tape)).toEqual([
      "cancel_halt executed: asked to cancel 2 orders, 2 left; entries stopped",
      "cancel_halt executed: asked to cancel 2 orders, 1 left; entries stopped",
      "cancel_halt executed: 2 orders ended after 40 ms; entries stopped",
    ]);
    expect(tape.state.orders.liveCount).toBe(0);
  });

  test("without orders it is done at once, and a second one ends the first", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("operator cancel_halt");
    expect(story(tape)).toEqual(["cancel_halt executed: no order rests here; entries stopped"]);
    const busy = new Tape().ready();
    busy.play(`${OPEN}\noperator cancel_all\noperator cancel_halt`);
    expect(story(busy)[1]).toBe("cancel_all executed: ann began another");
  });
});

describe("a pause of one contract", () => {
  test("takes its entries back, keeps its exits, and ends with the operator's resume", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 1600\n${BOOK}\nreport #4 new`);
    tape.check("operator pause_symbol A", "cancel #4");
    expect(lastHalts(tape)).toEqual(["A halted ann"]);
    tape.check(`report #4 cancelled\nwait 3000\n${BOOK}`, "");
    expect(tape.state.orders.liveCount).toBe(1);
    tape.play("operator halt\noperator resume");
    expect(tape.play(`wait 3000\n${BOOK}`)).toEqual([]);
    expect(tape.play("operator resume_symbol A").join()).toContain("entry post_only");
    expect(lastHalts(tape)).toEqual([]);
  });

  test("a fill during the pause still gets an exit", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator pause_symbol A\nreport #2 cancelled`);
    tape.check("exec #1 100 1000", "submit #3 A sell 100 @ 1001 exit post_only");
  });

  test("leaves every other contract alone", () => {
    const tape = new Tape({}, 2).ready();
    tape.play("operator pause_symbol A");
    const lines = tape.play(`${OPEN}\nreport #3 new\nreport #4 new\nwait 3000\n${BOOK}`);
    expect(lines).toEqual(["cancel #1", "cancel #2"]);
  });

  test("of a contract that is not there is refused; so is a resume of what is not held", () => {
    const tape = new Tape().ready();
    tape.play("operator pause_symbol Z\noperator close_symbol Z\noperator resume_symbol A");
    expect(story(tape)).toEqual([
      'pause_symbol refused: no contract is called "Z"',
      'close_symbol refused: no contract is called "Z"',
      "resume_symbol refused: A is neither paused nor closed",
    ]);
  });
});

describe("a close of one contract", () => {
  test("cancels there, goes to market reduce-only, and is proved by a later snapshot", () => {
    const tape = new Tape({}, 2).ready();
    tape.play("report #1 new\nreport #2 new\nreport #3 new\nreport #4 new");
    tape.play("exec #1 100 1000\nposition A 100 992\nwait 500");
    tape.check(
      "report #2 cancelled\nreport #5 new\nwait 300\noperator close_symbol A",
      "cancel #5",
    );
    tape.check("report #5 cancelled", "submit o#6 A sell 100 market flatten ioc");
    tape.check("report o#6 filled 100\nexec o#6 100 999", "reconcile proving A flat");
    expect(lastHalts(tape)).toEqual(["A closing ann"]);
    tape.play("wait 10\nsnapshot order:#3 order:#4");
    expect(story(tape).at(-1)).toMatch(
      /^close_symbol executed: proved flat after \d+ ms; entries stay stopped until it is resumed$/,
    );
    expect(told(tape).at(-1)?.symbol).toBe("A");
    expect(lastHalts(tape)).toEqual(["A closed ann"]);
    expect(tradingOf(tape)?.state).toBe("on");
    expect(tape.play(`wait 5000\n${BOOK}`).filter((line) => line.includes(" A "))).toEqual([]);
  });

  test("a snapshot asked for too early, or one that lists something there, proves nothing", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\noperator close_symbol A\nreport #3 cancelled\nwait 10`);
    tape.play("report o#4 filled 100\nexec o#4 100 999\nwait 10\nsnapshot asked:-100");
    expect(lastHalts(tape)).toEqual(["A closing ann"]);
    const lines = tape.play("wait 1000\nsnapshot order:by-hand");
    expect(lines).toContain("cancel_orphan vby-hand");
    expect(story(tape).at(-1)).toContain("cancelling 1 order that is not ours");
    // Read before the cancel left, so it is read again, at once and once.
    tape.check("snapshot", "reconcile proving A flat");
    expect(lastHalts(tape)).toEqual(["A closing ann"]);
    const reads = tape.play(`wait 300\n${BOOK}\nwait 300\n${BOOK}\nwait 300\n${BOOK}`);
    expect(reads.filter((line) => line.startsWith("reconcile"))).toEqual([]);
    tape.play("snapshot");
    expect(lastHalts(tape)).toEqual(["A closed ann"]);
  });

  test("works on an account that was never armed, and touches nothing else there", () => {
    const tape = new Tape({ autoTrade: false }, 2).ready();
    tape.play("exec - 100 1000 buy A\nposition A 100 992\nexec - 50 1000 buy B\nposition B 50 992");
    tape.check("operator close_symbol A", "submit o#1 A sell 100 market flatten ioc");
    expect(tape.play(`wait 1000\n${BOOK}`).filter((line) => line.includes(" B "))).toEqual([]);
  });

  test("goes on after a restart until it is proved, under the same id", () => {
    const before = new Tape().ready();
    before.play(`${LONG}\nwait 500`);
    before.send(commandOf("close_symbol", { symbol: "A", id: "page-1" }));
    const tape = new Tape({ kept: before.state.control.kept, runId: "u" });
    tape.play("instruments\nfeed market up\nfeed private up\nfeed rest up");
    expect(tape.play("snapshot position:A:100:992").join()).toContain(
      "sell 100 market flatten ioc",
    );
    tape.play("exec - 100 999 sell A\nposition A 0\nwait 9000\nsnapshot");
    expect(lastHalts(tape)).toEqual(["A closing ann"]);
    for (const row of tape.state.orders.all()) {
      tape.send({ kind: "order_answer", clientId: row.clientId, report: null });
    }
    tape.play("wait 20000\nsnapshot\nwait 1000\nsnapshot");
    const last = told(tape)
      .filter(({ commandId }) => commandId === "page-1")
      .at(-1);
    expect(last).toMatchObject({ id: told(before)[0]?.id, isDone: true });
    expect(lastHalts(tape)).toEqual(["A closed ann"]);
  });

  test("a paused contract stays paused over a restart", () => {
    const before = new Tape().ready();
    before.play("operator pause_symbol A");
    const tape = new Tape({ kept: before.state.control.kept });
    expect(tape.ready().play(`wait 3000\n${BOOK}`)).toEqual([]);
    expect(lastHalts(tape)).toEqual(["A halted ann"]);
  });

  test("a resume gives it up and says so", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\noperator close_symbol A\noperator resume_symbol A`);
    expect(story(tape).slice(-2)).toEqual([
      "close_symbol executed: given up: resumed by ann",
      "resume_symbol executed: entries are allowed again; trading is on",
    ]);
    expect(lastHalts(tape)).toEqual([]);
  });
});
