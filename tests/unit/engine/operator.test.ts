/** The operator's buttons and the loss limit. */
import { describe, expect, test } from "bun:test";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { lostToday } from "../../support/known-account.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const OPEN = "report #1 new\nreport #2 new";
const LONG = `${OPEN}\nexec #1 100 1000\nposition A 100 992\nreport #2 cancelled\nreport #3 new`;

const tradingOf = (tape: Tape) => tape.ticks.at(-1)?.trading;

describe("halt", () => {
  test("takes entries back, keeps exits, and says who", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 1600\n${BOOK}\nreport #4 new`);
    tape.check("operator halt", "cancel #4");
    expect(tradingOf(tape)).toEqual({ state: "halted", reason: "halted by ann: test" });
    tape.check(`report #4 cancelled\nwait 3000\n${BOOK}`, "");
  });

  test("an order still on its way is cancelled as soon as it shows", () => {
    const tape = new Tape().ready();
    tape.check("operator halt", "");
    tape.check(OPEN, "cancel #1\ncancel #2");
  });

  test("a fill during the halt still gets an exit", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator halt\nreport #2 cancelled`);
    tape.check("exec #1 100 1000", "submit #3 A sell 100 @ 1001 exit post_only");
  });

  test("resume trades again; every command is in the record", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\noperator halt\nreport #1 cancelled\nreport #2 cancelled\nwait 2000`);
    expect(tape.play(`operator resume\n${BOOK}\nwait 1000`)).toHaveLength(2);
    const commands = entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);
    expect(commands.map(({ action, by }) => `${by} ${action}`)).toEqual(["ann halt", "ann resume"]);
  });

  test("a halt before everything is ready holds when it is", () => {
    const tape = new Tape();
    tape.play("operator halt");
    tape.ready();
    expect(tradingOf(tape)?.state).toBe("halted");
  });
});

describe("cancel all", () => {
  test("is one request; entries stay away for a while, exits come back", () => {
    const tape = new Tape().ready();
    tape.play(LONG);
    tape.check("operator cancel_all", "cancel_all");
    tape.check("report #3 cancelled", "");
    tape.check(`wait 900\n${BOOK}`, "submit #4 A sell 100 @ 1001 exit post_only");
    expect(tape.play(`report #4 new\nwait 3000\n${BOOK}`)).toEqual([]);
    expect(tape.play(`wait 2000\n${BOOK}`)).toEqual([
      "submit #5 A buy 100 @ 999 entry post_only stop 991",
    ]);
  });
});

describe("flatten", () => {
  test("cancels all, goes to market, and ends when a later snapshot proves it", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500`);
    tape.check("operator flatten", "cancel_all");
    tape.check("report #3 cancelled", "submit o#4 A sell 100 market flatten ioc");
    tape.check("report o#4 filled 100\nexec o#4 100 999", "reconcile proving flat");
    expect(tradingOf(tape)?.reason).toBe("flatten by ann: test");
    tape.play("wait 10\nsnapshot");
    expect(tradingOf(tape)).toEqual({
      state: "halted",
      reason: expect.stringMatching(/^flat, by ann: ./),
    });
    tape.check(`wait 5000\n${BOOK}`, "");
  });

  test("goes on in pieces until nothing is left", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\noperator flatten\nreport #3 cancelled`);
    tape.check(
      "exec o#4 60 999\nreport o#4 cancelled 60\nwait 250",
      "reconcile flattening\nsubmit o#5 A sell 40 market flatten ioc",
    );
  });

  test("needs no book", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\nfault A`);
    tape.check(
      "operator flatten\nreport #3 cancelled",
      "cancel_all\nsubmit o#4 A sell 100 market flatten ioc",
    );
  });

  test("a snapshot asked for before it was flat proves nothing", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\noperator flatten\nreport #3 cancelled\nwait 10`);
    tape.play("report o#4 filled 100\nexec o#4 100 999\nwait 10\nsnapshot asked:-100");
    expect(tradingOf(tape)?.reason).toBe("flatten by ann: test");
    expect(tape.play("wait 1000")).toContain("reconcile proving flat");
  });

  test("resume ends it", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\noperator flatten\noperator resume`);
    expect(tradingOf(tape)?.state).toBe("on");
    expect(tape.play("report #3 cancelled\nwait 900")).toEqual([
      "submit #4 A sell 100 @ 1001 exit post_only",
    ]);
  });
});

describe("the day's loss", () => {
  const limits = { ...DEFAULT_LIMITS, dailyLossUsdtMax: 1 };

  test("halts with the numbers, keeps exits, and refuses to resume with them", () => {
    const tape = new Tape({ limits }).ready();
    tape.play(`${LONG}\nticker A 98.5`);
    const lines = tape.play(`wait 1100\n${BOOK}`);
    expect(lines[0]).toStartWith("error trading halted: lost 1.50 USDT since 00:00 UTC");
    expect(tradingOf(tape)?.state).toBe("halted");
    tape.play("operator resume\nwait 10");
    const told = entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);
    expect(told.at(-1)?.outcome).toBe("lost 1.50 USDT since 00:00 UTC, the limit is 1");
    tape.play(`${BOOK}\nwait 1100`);
    expect(tradingOf(tape)?.state).toBe("halted");
  });

  test("a restart does not forgive what the day has lost already", () => {
    const past = { book: lostToday("0.9") };
    const tape = new Tape({ limits, ...past }).ready();
    expect(tradingOf(tape)?.state).toBe("on");
    tape.play(`${LONG}\nticker A 99.8`);
    const lines = tape.play(`wait 1100\n${BOOK}`);
    expect(lines[0]).toStartWith("error trading halted: lost 1.10 USDT since 00:00 UTC");
  });

  test("counts from midnight UTC, fees and funding included", () => {
    const tape = new Tape({ limits, autoTrade: false }).ready();
    tape.play("exec - 100 1000 buy A\nposition A 100 992\nexec - 100 950 sell A\nposition A 0");
    expect(tape.state.dayLossUsdt).toBeCloseTo(5.004, 9);
    const fee = parseFixed("0.5") ?? 0n;
    const funding = {
      kind: "execution",
      execKind: "funding",
      execId: "f1",
      symbolId: 0,
      venueOrderId: "",
      clientId: "",
      side: "buy",
      priceTicks: 1000,
      qtySteps: 100,
      fee,
      isMaker: false,
      venueAtMs: 1,
    } as never;
    tape.send(funding);
    expect(tape.state.dayLossUsdt).toBeCloseTo(5.504, 9);
    tape.atMs += 12 * 3_600_000;
    tape.play("wait 1000");
    expect(tape.state.dayLossUsdt).toBe(0);
  });
});

describe("a record that cannot be kept", () => {
  test("halts, in the record's own list of commands, and an operator resumes", () => {
    const tape = new Tape().ready();
    tape.play(OPEN);
    tape.check("record down", "cancel #1\ncancel #2");
    const reason = "halted by scalper: the record cannot be kept: the disk is full";
    expect(tradingOf(tape)).toEqual({ state: "halted", reason });
    tape.play("report #1 cancelled\nreport #2 cancelled\nrecord down\nrecord up\nwait 2000");
    expect(tradingOf(tape)?.state).toBe("halted");
    expect(tape.play(`operator resume\n${BOOK}\nwait 1000`)).toHaveLength(2);
    const commands = entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);
    expect(commands.map(({ action, by }) => `${by} ${action}`)).toEqual([
      "scalper halt",
      "ann resume",
    ]);
  });

  test("a resume before it is kept again does not hold, and exits go on", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nrecord down\noperator resume\nreport #2 cancelled`);
    expect(tradingOf(tape)?.state).toBe("halted");
    tape.check("exec #1 100 1000", "submit #3 A sell 100 @ 1001 exit post_only");
  });

  test("before everything is ready it halts as soon as trading would begin", () => {
    const tape = new Tape();
    tape.play("record down\ninstruments");
    expect(tradingOf(tape)?.state).toBe("starting");
    tape.ready();
    expect(tradingOf(tape)?.reason).toContain("the record cannot be kept");
  });
});

describe("the end of the program", () => {
  test("takes everything back at once and places nothing more, not even an exit", () => {
    const tape = new Tape().ready();
    tape.play(LONG);
    tape.check("leave", "cancel_all");
    expect(tradingOf(tape)).toEqual({ state: "halted", reason: "stopping: SIGTERM" });
    tape.check(`report #3 cancelled\nwait 5000\n${BOOK}\nwait 5000`, "");
  });

  test("an order that is filled on the way out is booked and gets its stop, no exit", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nleave`);
    tape.check(`exec #1 100 1000\nreport #2 cancelled\n${BOOK}\nwait 3000`, "protect A 992");
    expect(tape.state.ledger.stepsOf(0 as never)).toBe(100);
  });

  test("comes once, and commands come too late", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nleave`);
    tape.check("leave\noperator flatten\noperator resume", "");
    expect(tradingOf(tape)?.state).toBe("halted");
    const told = entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);
    const commands = told.filter(({ verdict }) => verdict === "executed");
    expect(commands.map(({ action, by }) => `${by} ${action}`)).toEqual(["scalper cancel_all"]);
    const refused = told.filter(({ verdict }) => verdict === "refused");
    expect(refused.map(({ action, outcome }) => `${action}: ${outcome}`)).toEqual([
      "flatten: too late: stopping: SIGTERM",
      "resume: too late: stopping: SIGTERM",
    ]);
  });

  test("without an order of ours it asks the venue for nothing", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.check(`leave\n${BOOK}\nwait 2000`, "");
  });
});
