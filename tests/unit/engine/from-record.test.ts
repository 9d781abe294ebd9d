/** A start that the venue does not answer: the record says what has to be got out of. */
import { describe, expect, test } from "bun:test";
import { asClientOrderId, asVenueOrderId } from "../../../src/domain/units.ts";
import { missingOf, tradingOf } from "../../../src/engine/control.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { lostToday } from "../../support/known-account.ts";
import { instrumentOf, START_MS, Tape } from "./tape.ts";

const KEPT = {
  armed: false,
  wasArmed: true,
  haltReason: "halted by ann: lunch",
  haltedBy: "ann",
  haltCause: "operator",
  flatten: null,
  symbolHalts: new Map(),
} as const;
const BOOK = "book A 1000x9000 1001x9000";
const ORDERS = [
  {
    clientId: asClientOrderId("old-maker-7"),
    symbol: "A",
    venueOrderId: asVenueOrderId("v7"),
  },
];

/** Long 100 steps of A by the record; the address is banned and the list is an earlier run's. */
function banned(options: object = {}): Tape {
  const tape = new Tape({ autoTrade: false, kept: KEPT, book: lostToday("3", [{}]), ...options });
  tape.play("banned\nfeed private up\nfeed market up");
  const instruments = [instrumentOf(0)];
  const rememberedFromMs = START_MS - 60_000;
  tape.send({ kind: "instruments", instruments, rememberedFromMs });
  return tape;
}
const known = (tape: Tape) => tape.send({ kind: "account_identity", accountId: "1" });

describe("a start while the address is banned", () => {
  test("a flatten gets out by what the record knows, and is not called proved before a read", () => {
    const tape = banned({ ordersLeft: ORDERS });
    known(tape);
    tape.play(`ticker A 100.05\n${BOOK}`);
    expect(tape.state.ledger.stepsOf(instrumentOf(0).id)).toBe(100);
    const lines = tape.play("operator flatten\nwait 1000");
    expect(lines).toContain("submit o#2 A sell 100 market flatten ioc");
    expect(tape.effects.some((it) => it.kind === "cancel" && it.clientId === "old-maker-7")).toBe(
      true,
    );
    tape.play("exec o#2 100 1000\nreport o#2 filled 100\nwait 5000");
    expect(tradingOf(tape.state).reason).not.toContain("flat, by");
    expect(tape.state.control.flattenBy).toBe("ann");
  });

  test("nothing is entered before list and account were read, also when a person resumes", () => {
    const tape = banned();
    known(tape);
    tape.play(`ticker A 100.05\n${BOOK}\noperator resume\nwait 1000\n${BOOK}\nwait 1000\n${BOOK}`);
    const missing = missingOf(tape.state).join(", ");
    expect(missing).toContain("the contract list, known as of 2026-01-05T11:59Z");
    expect(missing).toContain("account snapshot");
    const entries = tape.effects.filter((it) => it.kind === "submit" && !it.order.reduceOnly);
    expect(entries).toEqual([]);
  });

  test("what was missed is booked by the first read, at the record's cost and once", () => {
    const tape = banned();
    known(tape);
    // Half of it was sold at 99 while nobody watched, the rest at 98 before the ban ended.
    tape.play(`ticker A 100.05\n${BOOK}\noperator flatten\nwait 1000`);
    tape.play("exec o#2 50 980\nfeed rest up\ninstruments");
    tape.play("snapshot exec:old-protect-1:50:990:sell:A later:5");
    expect(tape.state.ledger.stepsOf(instrumentOf(0).id)).toBe(0);
    const { ledger, carried } = tape.state;
    // 1 coin at 100: half at 99 and half at 98 lose 1.5; two fees of 0.002.
    expect(ledger.net()).toBe(parseFixed("-1.504") ?? 0n);
    expect(carried.realised).toBe(parseFixed("-3") ?? 0n);
    expect(tape.state.control.isFromRecord).toBe(false);
  });

  test("a list read anew with another grid is a changed grid", () => {
    const tape = banned();
    known(tape);
    tape.play(`ticker A 100.05\n${BOOK}`);
    tape.play("grid A 0.01 0.001");
    expect(tape.state.ledger.stepsOf(instrumentOf(0).id)).toBe(1_000);
    expect(tape.state.changedGrids.size).toBe(1);
    expect(missingOf(tape.state).join()).not.toContain("contract list");
  });

  test("an account that was never armed is left alone", () => {
    const tape = banned({ kept: null });
    known(tape);
    const lines = tape.play(`ticker A 100.05\n${BOOK}\nwait 5000`);
    expect(lines.filter((line) => line.startsWith("submit"))).toEqual([]);
  });

  test("while the venue answers, the record alone is no account", () => {
    const tape = banned();
    tape.play("feed rest up");
    known(tape);
    tape.play("wait 3000");
    expect(tape.state.control.recovered).toBe(false);
  });
});
