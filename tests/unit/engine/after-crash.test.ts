/** What outlives the process: armed, halted, flattening; and what the next start makes of it. */
import { describe, expect, test } from "bun:test";
import { tradingOf } from "../../../src/engine/control.ts";
import type { Effect } from "../../../src/engine/effect.ts";
import type { KeptTrading, Restart } from "../../../src/engine/kept-trading.ts";
import { must } from "../../../src/kernel/assert.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { START_MS, Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const MADE = "exec:old-maker-3:50:1000";
/** Real money: nothing trades before a person says so. */
const LIVE = { autoTrade: false } as const;

function keptOf(effects: readonly Effect[]): KeptTrading {
  const last = effects.findLast((effect) => effect.kind === "keep_trading");
  return must(last?.kind === "keep_trading" ? last.kept : null, "the state was kept");
}

/** One life plays the script and ends; another begins with what it kept. */
function afterLife(script: string, options: { restart?: Restart; autoTrade?: boolean } = {}): Tape {
  const before = new Tape({ ...LIVE, ...options }).ready();
  before.play(script);
  const kept = keptOf(before.effects);
  const tape = new Tape({ ...LIVE, restart: "crash", ...options, kept });
  tape.play(`instruments\nfeed market up\nticker A 100.05\n${BOOK}\nfeed private up`);
  return tape;
}

const said = (tape: Tape) => tradingOf(tape.state);

describe("after a crash with real money", () => {
  test("own positions get a stop and an exit at once, entries wait for a person", () => {
    const tape = afterLife("operator resume");
    tape.check(
      `snapshot position:A:50 ${MADE}`,
      `protect A 992
       submit #1 A sell 50 @ 1001 exit post_only`,
    );
    const reason = "reducing: restarted after a crash, resume to trade";
    expect(said(tape)).toEqual({ state: "halted", reason });
    tape.play(`wait 5000\n${BOOK}`);
    expect(tape.effects.some((it) => it.kind === "submit" && it.order.purpose === "entry")).toBe(
      false,
    );
    tape.play("operator resume");
    expect(said(tape).state).toBe("on");
  });

  test("a second crash before anybody came keeps looking after them", () => {
    const again = afterLife("operator resume\nsnapshot");
    const kept = keptOf(again.effects);
    expect(kept).toMatchObject({ armed: false, wasArmed: true, haltCause: "restart" });
    const third = new Tape({ ...LIVE, restart: "crash", kept });
    third.play(`instruments\nfeed market up\n${BOOK}\nfeed private up`);
    expect(third.play("snapshot position:A:50")).toContain("protect A 992");
  });

  test("a clean restart does the same and calls it no crash", () => {
    const tape = afterLife("operator resume", { restart: "clean" });
    expect(tape.play("snapshot position:A:50")).toContain("protect A 992");
    expect(said(tape).reason).toBe("reducing: restarted, resume to trade");
  });

  test("a person's halt stays that person's", () => {
    const tape = afterLife("operator resume\noperator halt");
    expect(tape.play("snapshot position:A:50")).toContain("protect A 992");
    expect(said(tape)).toEqual({ state: "halted", reason: "halted by ann: test" });
  });
});

describe("a flatten that the process did not live to finish", () => {
  const unfinished = () =>
    afterLife("operator resume\nexec - 50 1000 buy A\nfeed private down\noperator flatten");

  test("goes on by itself: orders first, then positions, and is told under its own id", () => {
    const tape = unfinished();
    tape.check(
      "snapshot position:A:50:992 order:old-maker-7",
      `cancel_all
       cancel_orphan vold-maker-7
       submit o#1 A sell 50 market flatten ioc`,
    );
    const told = entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);
    const [first] = told;
    expect(first).toMatchObject({ id: "t-2", by: "ann", action: "flatten", isDone: false });
    expect(first?.outcome).toBe("unfinished when the program ended, goes on");
    expect(said(tape).reason).toBe("flatten by ann: test (unfinished before the restart, goes on)");
    tape.play("exec o#1 50 1000\nposition A 0\nwait 1000\nsnapshot");
    expect(entriesOf(tape.ticks, "intervention").at(-1)?.intervention).toMatchObject({
      id: "t-2",
      isDone: true,
    });
    expect(said(tape).reason).toBe("flat, by ann: test");
    expect(keptOf(tape.effects)).toMatchObject({ armed: false, flatten: null });
  });

  test("a second death in it changes nothing", () => {
    const tape = unfinished();
    tape.play("snapshot position:A:50:992");
    expect(keptOf(tape.effects).flatten?.id).toBe("t-2");
    const third = new Tape({ ...LIVE, kept: keptOf(tape.effects) });
    third.play(`instruments\nfeed market up\n${BOOK}\nfeed private up`);
    expect(third.play("snapshot position:A:50:992")).toContain(
      "submit o#1 A sell 50 market flatten ioc",
    );
  });

  test("trading that starts by itself elsewhere does not start over it", () => {
    const tape = afterLife("exec - 50 1000 buy A\noperator flatten", { autoTrade: true });
    expect(tape.play("snapshot position:A:50:992")).toContain(
      "submit o#1 A sell 50 market flatten ioc",
    );
    expect(said(tape).state).toBe("halted");
  });
});

describe("what is kept, and when", () => {
  const kindsOf = (tape: Tape, script: string): string[] => {
    const from = tape.effects.length;
    tape.play(script);
    return tape.effects.slice(from).map(({ kind }) => kind);
  };

  test("arming is written before an order may follow, a flatten with its cancels", () => {
    const tape = new Tape(LIVE).ready();
    const armed = kindsOf(tape, "operator resume");
    expect(armed[0]).toBe("keep_trading");
    const flattened = kindsOf(tape, "operator flatten");
    expect(flattened.indexOf("keep_trading")).toBeGreaterThan(flattened.indexOf("cancel_all"));
    expect(kindsOf(tape, `${BOOK}\nwait 2000`)).not.toContain("keep_trading");
  });

  test("a halted symbol stays halted over a restart until it is resumed", () => {
    const tape = new Tape().ready();
    const halt = { symbol: "A", by: "ann", reason: "odd", sinceMs: START_MS } as const;
    tape.state.control.symbolHalts = new Map([["A", { ...halt, cause: "operator" }]]);
    tape.play(`${BOOK}\nwait 200\n${BOOK}`);
    const next = new Tape({ kept: keptOf(tape.effects) }).ready();
    const from = next.effects.length;
    next.play(`wait 500\n${BOOK}\nwait 500\n${BOOK}`);
    expect(next.effects.slice(from).filter(({ kind }) => kind === "submit")).toEqual([]);
    expect(said(next).state).toBe("on");
    next.play("operator resume_symbol A");
    next.play(`wait 500\n${BOOK}\nwait 500\n${BOOK}`);
    expect(next.effects.slice(from).some(({ kind }) => kind === "submit")).toBe(true);
    expect(keptOf(next.effects).symbolHalts.size).toBe(0);
  });

  test("the engine's own halts are judged anew where trading starts by itself", () => {
    const loss: KeptTrading = {
      armed: false,
      wasArmed: true,
      haltReason: "lost 51.00 USDT",
      haltedBy: "scalper",
      haltCause: "daily_loss",
      flatten: null,
      symbolHalts: new Map(),
    };
    expect(said(new Tape({ kept: loss }).ready()).state).toBe("on");
    expect(said(new Tape({ kept: { ...loss, haltCause: "record" } }).ready()).state).toBe("halted");
    expect(said(new Tape({ ...LIVE, kept: loss }).ready()).reason).toBe("lost 51.00 USDT");
  });
});
