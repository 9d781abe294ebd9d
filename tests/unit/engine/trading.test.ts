/** What the engine does, as tapes: events on the left side of time, effects on the right. */

import { describe, expect, test } from "bun:test";
import { asClientOrderId, asVenueOrderId } from "../../../src/domain/units.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf, fillsOf } from "../../support/audit-ticks.ts";
import { setupsOf } from "../../support/strategies.ts";
import { EAGER_MAKER, Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const QUOTES = `submit #1 A buy 100 @ 1000 entry post_only stop 992
                submit #2 A sell 99 @ 1001 entry post_only stop 1009`;
const OPEN = "report #1 new\nreport #2 new";

const tradingOf = (tape: Tape) => tape.ticks.at(-1)?.trading;

describe("readiness", () => {
  test("starts when instruments, both feeds and the account are known, and not before", () => {
    const tape = new Tape();
    const after = (line: string) => {
      tape.play(line);
      return tradingOf(tape);
    };
    expect(after("instruments")).toEqual({
      state: "starting",
      reason: "waiting for market feed, private feed, account snapshot",
    });
    expect(after("feed market up")?.reason).toBe("waiting for private feed, account snapshot");
    expect(after("feed private up")?.reason).toBe("waiting for account snapshot");
    expect(after("snapshot")).toEqual({ state: "on", reason: "" });
  });

  test("says what is missing in one list, and shows every symbol with the tick that needs nothing", () => {
    const tape = new Tape({}, 300);
    const ready = () => tape.ticks.filter(({ missing }) => missing.length === 0);
    tape.play("instruments\nfeed market up\nfeed private up");
    expect(tape.ticks.at(-1)?.missing).toEqual(["account snapshot"]);
    expect(ready()).toEqual([]);
    tape.play("snapshot");
    expect(entriesOf(ready(), "symbols").flatMap(({ symbols }) => symbols)).toHaveLength(300);
    tape.play("feed private down");
    expect(tape.ticks.at(-1)?.missing).toEqual(["private feed", "account snapshot"]);
  });

  test("asks for the account as soon as the private feed is up", () => {
    new Tape().check("instruments\nfeed private up", "reconcile start-up");
  });

  test("asks again when the account does not come, and only then", () => {
    const tape = new Tape();
    tape.check("feed private up\nwait 9000", "reconcile start-up");
    tape.check("wait 1500", "reconcile start-up");
  });

  test("quotes once ready, on the active symbol", () => {
    const tape = new Tape();
    tape.check(
      `instruments
       feed market up
       feed private up
       snapshot
       ticker A 100.05
       ${BOOK}
       wait 1000
       ${BOOK}
       wait 1100
       ${BOOK}`,
      `reconcile start-up
       ${QUOTES}`,
    );
  });

  test("enters nothing while a feature that the strategy reads is cold", () => {
    const tape = new Tape();
    tape.play(`instruments\nfeed market up\nfeed private up\nsnapshot\nticker A 100.05`);
    // Two books make no return yet, and no volatility: active, usable, and nothing is quoted.
    tape.check(`${BOOK}\nwait 1000\n${BOOK}\nwait 900\n${BOOK}`, "");
    expect(tape.state.universe.isActive(0 as never)).toBe(true);
    tape.check(`wait 200\n${BOOK}`, QUOTES);
  });

  test("where it may not start by itself it stays halted until an operator resumes", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    expect(tradingOf(tape)).toEqual({ state: "halted", reason: "not armed" });
    tape.check(`wait 2000\n${BOOK}`, "");
    tape.check(`operator resume\n${BOOK}\nwait 1000`, QUOTES);
  });

  test("orders are never larger than the operator's own limit", () => {
    const limits = { ...DEFAULT_LIMITS, orderNotionalUsdtMax: 30 };
    const tape = new Tape({ limits });
    tape.ready();
    const submits = tape.effects.filter((effect) => effect.kind === "submit");
    expect(submits.map(({ order }) => order.qtySteps as number)).toEqual([30, 29]);
  });
});

describe("a round trip", () => {
  test("entry fills, the other quote goes, the exit rests, the next quotes come", () => {
    new Tape().ready().check(
      `${OPEN}
       wait 100
       exec #1 100 1000
       position A 100 992
       report #1 filled 100
       report #2 cancelled
       report #3 new
       wait 1600
       ${BOOK}
       exec #3 100 1001
       report #3 filled 100
       position A 0`,
      `cancel #2
       submit #3 A sell 100 @ 1001 exit post_only
       submit #4 A buy 100 @ 999 entry post_only stop 991
       submit #5 A sell 99 @ 1001 entry post_only stop 1009`,
    );
  });

  test("an exit that nobody takes climbs the ladder: touch, limit, market", () => {
    const ladder = { exitAgedMs: 2_000, holdingMsMax: 4_000, marketExitAfterMs: 2_000 };
    const maker = { ...EAGER_MAKER, ...ladder, takeProfitBps: 20, inventoryNotionalUsdtMax: 100 };
    const tape = new Tape({ strategies: setupsOf({ maker }) }).ready();
    tape.check(
      `${OPEN}
       exec #1 100 1000
       position A 100 992
       report #2 cancelled
       report #3 new`,
      `cancel #2
       submit #3 A sell 100 @ 1002 exit post_only`,
    );
    tape.check(
      `wait 2100\n${BOOK}\nreport #3 cancelled`,
      "cancel #3\nsubmit #4 A sell 100 @ 1001 exit post_only",
    );
    tape.check(
      `report #4 new\nwait 2100\n${BOOK}\nreport #4 cancelled`,
      "cancel #4\nsubmit #5 A sell 100 @ 999 exit ioc",
    );
    tape.check(`wait 700\n${BOOK}\nreport #5 cancelled`, "submit #6 A sell 100 @ 999 exit ioc");
    tape.check(`wait 1600\nreport #6 cancelled`, "submit #7 A sell 100 market exit ioc");
  });

  test("a part-filled entry gets an exit of what it holds, and a larger one as it grows", () => {
    new Tape().ready().check(
      `${OPEN}
       exec #1 40 1000
       report #2 cancelled
       report #3 new
       exec #1 60 1000
       wait 1600
       ${BOOK}
       report #3 cancelled`,
      `cancel #2
       submit #3 A sell 40 @ 1001 exit post_only
       cancel #3
       submit #4 A buy 100 @ 999 entry post_only stop 991
       submit #5 A sell 100 @ 1001 exit post_only`,
    );
  });

  test("executions are booked once, whether they come by stream, again, or by snapshot", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nexec #1 40 1000`);
    const execution = {
      kind: "execution",
      execKind: "trade",
      execId: "e1",
      symbolId: 0,
      venueOrderId: "v#1",
      clientId: "",
      side: "buy",
      priceTicks: 1000,
      qtySteps: 40,
      fee: 0n,
      isMaker: true,
      venueAtMs: 1,
    } as never;
    tape.send(execution);
    expect(tape.state.ledger.stepsOf(0 as never)).toBe(40);
    expect(fillsOf(tape.ticks)).toHaveLength(1);
  });

  test("a moved price moves the quote, once it has rested", () => {
    const moved = "book A 1001x9000 1002x9000";
    new Tape().ready().check(
      `${OPEN}
       wait 500
       ${moved}
       wait 1100
       ${moved}
       report #1 cancelled
       report #2 cancelled`,
      `cancel #1
       cancel #2
       submit #3 A buy 99 @ 1001 entry post_only stop 993
       submit #4 A sell 99 @ 1002 entry post_only stop 1010`,
    );
  });
});

describe("a fill that is reported before its execution", () => {
  test("decides nothing until the execution is there", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nexec #1 100 1000\nreport #2 cancelled\nreport #3 new\nwait 1600`);
    tape.check(`report #3 filled 100\n${BOOK}`, "");
    tape.check("exec #3 100 1001", "submit #5 A sell 99 @ 1001 entry post_only stop 1009");
  });

  test("an entry is not quoted twice", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nwait 1600`);
    tape.check(`report #1 filled 100\nwait 100\n${BOOK}`, "");
    tape.check(
      "exec #1 100 1000",
      `cancel #2\nsubmit #3 A sell 100 @ 1001 exit post_only\nsubmit #4 A buy 100 @ 999 entry post_only stop 991`,
    );
  });

  test("when it does not come the account is asked, and entries wait for it", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nwait 400\nreport #1 filled 100`);
    tape.check(`wait 3100\n${BOOK}`, "reconcile executions of A did not come\ncancel #2");
    tape.check(
      "snapshot order:#2 exec:#1:100:1000 position:A:100:992",
      `submit #3 A sell 100 @ 1001 exit post_only
       submit #4 A buy 100 @ 999 entry post_only stop 991`,
    );
  });
});

describe("when the market is not to be trusted", () => {
  test("a fault takes the quotes back in the same frame and subscribes again", () => {
    new Tape().ready().check(`${OPEN}\nfault A`, "resubscribe A\ncancel #1\ncancel #2");
  });

  test("hundreds of faults at once are a few lines and a sum", () => {
    const tape = new Tape({ autoTrade: false }, 8).ready();
    tape.effects.length = 0;
    tape.play([..."ABCDEFGH"].map((symbol) => `fault ${symbol}`).join("\n"));
    tape.play("wait 1000");
    const warnings = tape.effects.flatMap((effect) =>
      effect.kind === "log" && effect.level === "warn" ? [effect.text] : [],
    );
    expect(warnings).toHaveLength(6);
    expect(warnings.at(-1)).toBe("3 more books quarantined; subscribing again");
    expect(tape.effects.filter(({ kind }) => kind === "resubscribe_book")).toHaveLength(8);
  });

  test("a book that stays quarantined is subscribed again now and then", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nfault A\nreport #1 cancelled\nreport #2 cancelled`);
    tape.check("wait 9000", "");
    tape.check("wait 2000", "resubscribe A");
  });

  test("a live book that falls silent loses its quotes first, then its subscription", () => {
    const tape = new Tape().ready();
    tape.check(`${OPEN}\nwait 7000`, "cancel #1\ncancel #2");
    tape.play("report #1 cancelled\nreport #2 cancelled");
    expect(tape.play("wait 56000")).toEqual(["reconcile periodic", "resubscribe A"]);
    expect(tape.state.market.book(0 as never).state).toBe("quarantined");
  });

  test("a resting exit outlives a silent book, an entry does not", () => {
    const tape = new Tape().ready();
    tape.play(`${OPEN}\nexec #1 100 1000\nposition A 100 992\nreport #2 cancelled`);
    tape.play("report #3 new\nwait 1600\nreport #4 new");
    tape.check("wait 6000", "cancel #4");
    expect(tape.state.orders.find(asClientOrderId("t-maker-3"), asVenueOrderId(""))?.state).toBe(
      "open",
    );
  });

  test("silence is not a book's fault while the whole feed is down", () => {
    const tape = new Tape().ready();
    tape.play("feed market down");
    expect(tape.play("wait 70000").filter((line) => line.startsWith("resubscribe"))).toEqual([]);
  });

  test("a lost market feed takes entries back; its return lets them in again", () => {
    const tape = new Tape().ready();
    tape.check(`${OPEN}\nfeed market down`, "cancel #1\ncancel #2");
    expect(tradingOf(tape)).toEqual({
      state: "on",
      reason: "entries paused: waiting for market feed",
    });
    tape.play("report #1 cancelled\nreport #2 cancelled");
    tape.check(`wait 2000\n${BOOK}`, "");
    expect(tape.play(`feed market up\n${BOOK}\nwait 1000`)).toHaveLength(2);
  });

  test("a lost private feed waits for a snapshot that was asked for after its return", () => {
    const tape = new Tape().ready();
    tape.check(
      `${OPEN}
       feed private down
       report #1 cancelled
       report #2 cancelled
       wait 2000
       feed private up
       snapshot asked:-1
       ${BOOK}`,
      `cancel #1
       cancel #2
       reconcile reconnected
       reconcile reconnected`,
    );
    expect(tape.play(`snapshot\nwait 100\n${BOOK}`)).toHaveLength(2);
  });

  test("exits go on while entries are paused", () => {
    new Tape().ready().check(
      `${OPEN}
       exec #1 100 1000
       report #2 cancelled
       report #3 new
       feed private down
       report #3 cancelled
       wait 1000`,
      `cancel #2
       submit #3 A sell 100 @ 1001 exit post_only
       submit #4 A sell 100 @ 1001 exit post_only`,
    );
  });
});

describe("several symbols", () => {
  test("each is quoted by itself, in order of symbol, below the order rate", () => {
    const tape = new Tape({}, 4).ready();
    const symbols = () =>
      tape.effects
        .filter((effect) => effect.kind === "submit")
        .map(({ order }) => `${order.symbolId}${order.side}`);
    expect(symbols()).toEqual(["0buy", "0sell", "1buy", "1sell", "2buy"]);
    expect(symbols()).toHaveLength(DEFAULT_LIMITS.orderRateMax);
    // Waiting for one's turn is not a denial.
    expect(tape.state.counters.ordersDenied).toBe(0);
    tape.play("wait 1600");
    expect(symbols().slice(5)).toEqual(["2sell", "3buy", "3sell"]);
  });

  test("a fault of one leaves the others alone", () => {
    const tape = new Tape({}, 2).ready();
    tape.play(`${OPEN}\nreport #3 new\nreport #4 new`);
    expect(tape.play("fault B")).toEqual(["resubscribe B", "cancel #3", "cancel #4"]);
  });
});
