/** The wallet is what the record says, or everybody hears of it. */
import { describe, expect, test } from "bun:test";
import type { AccountPast } from "../../../src/engine/account-past.ts";
import type { EngineOptions } from "../../../src/engine/state-parts.ts";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { lostToday } from "../../support/known-account.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const FLAT_READS = "wait 1500\nsnapshot\nwait 1500\nsnapshot";

/** Armed by a person: money is real. */
function real(options: Partial<EngineOptions & AccountPast> = {}): Tape {
  const tape = new Tape({ autoTrade: false, ...options }).ready();
  // What is executed now is later than the first look at the wallet.
  tape.play("operator resume\nwait 1000\nsnapshot later:5000");
  return tape;
}

const tradingOf = (tape: Tape) => tape.ticks.at(-1)?.trading;
const halts = (tape: Tape) =>
  entriesOf(tape.ticks, "intervention").filter(
    ({ intervention }) => intervention.action === "halt",
  );
const asked = (tape: Tape) => tape.effects.filter(({ kind }) => kind === "load_cash_log").length;
const agreements = (tape: Tape) => entriesOf(tape.ticks, "agreement");
const differs = (lines: readonly string[]) => lines.some((line) => line.includes("differ"));

describe("cash that is gone without an execution", () => {
  test("is an error with numbers, a red service and a halt after five seconds", () => {
    const tape = real();
    tape.play(`paid -500\nwait 10\n${FLAT_READS}\ncash_log`);
    expect(halts(tape)).toEqual([]);
    const lines = tape.play("wait 3000");
    const text =
      "wallet and record differ: the wallet changed by -500 USDT, the record says 0, " +
      "transfers and the like 0, which leaves -500";
    expect(lines).toContain(`error ${text}`);
    expect(halts(tape)).toEqual([]);
    // Asked again once it had lasted: the venue may list a line late.
    tape.play("cash_log\nwait 1000");
    expect(halts(tape).at(-1)?.intervention).toMatchObject({ cause: "wallet", reason: text });
    expect(tradingOf(tape)).toMatchObject({ state: "halted", walletFault: text });
    const [incident] = entriesOf(tape.ticks, "incident");
    expect(incident?.incident).toMatchObject({ service: "engine", severity: "down", cause: text });
    expect(tape.state.dayLossUsdt).toBe(0);
  });

  test("does not halt before the venue's log was read whole, nor where money is played", () => {
    const tape = real();
    tape.play(`paid -500\nwait 10\n${FLAT_READS}\ncash_log fault\nwait 3000`);
    expect(tradingOf(tape)).toMatchObject({ state: "on" });
    expect(tradingOf(tape)?.walletFault).toContain("-500");
    tape.play("cash_log\nwait 1000");
    expect(halts(tape)).toHaveLength(1);
    const played = new Tape().ready();
    played.play(`paid -500\nwait 10\n${FLAT_READS}\ncash_log\nwait 3000\ncash_log\nwait 1000`);
    expect(tradingOf(played)).toMatchObject({ state: "on" });
    expect(tradingOf(played)?.walletFault).toContain("-500");
  });

  test("is asked about soon and seldom, and not at all while the sums meet", () => {
    const tape = real();
    tape.play(`wait 60000\n${BOOK}\nsnapshot\nwait 60000`);
    expect(asked(tape)).toBe(0);
    tape.play("paid -500\nwait 2500");
    expect(asked(tape)).toBe(1);
    tape.play(`${FLAT_READS}\ncash_log\nwait 3000\ncash_log\nwait 1000`);
    const told = asked(tape);
    tape.play("wait 59000");
    expect(asked(tape) - told).toBeLessThanOrEqual(2);
  });

  test("clears itself when it is back, and says so", () => {
    const tape = real();
    tape.play(`paid -500\nwait 10\n${FLAT_READS}\ncash_log\nwait 3000\ncash_log\nwait 1000`);
    tape.play("paid 500\nwait 10\nwait 10");
    expect(tradingOf(tape)?.walletFault).toBeUndefined();
    expect(entriesOf(tape.ticks, "incident").at(-1)?.incident.untilMs).not.toBeNull();
  });

  test("is in the new start once a person resumes, who is told", () => {
    const tape = real();
    tape.play(
      `paid -500\nwait 10\n${FLAT_READS}\ncash_log\nwait 3000\ncash_log\nwait 1000\noperator resume`,
    );
    const last = entriesOf(tape.ticks, "intervention").at(-1)?.intervention;
    expect(last?.outcome).toBe(
      "trading is on; a difference of -500 USDT between wallet and record is accepted",
    );
    expect(tradingOf(tape)).toEqual({ state: "on", reason: "" });
    expect(fixedToText(agreements(tape).at(-1)?.agreement.wallet ?? 0n)).toBe("9500");
    const lines = tape.play(`${FLAT_READS}\ncash_log\nwait 9000`);
    expect(differs(lines)).toBe(false);
  });
});

describe("what explains itself", () => {
  test.each([
    ["a deposit", "paid 500", "TRANSFER_IN:500"],
    ["a withdrawal", "paid -500", "TRANSFER_OUT:-500"],
    ["interest and a refund", "paid -0.3", "INTEREST:-0.5 FEE_REFUND:0.2"],
  ])("%s in the venue's log is no difference, and no profit", (_what, moved, lines) => {
    const tape = real();
    tape.play(`${moved}\nwait 1500\nsnapshot\nwait 1500\nsnapshot`);
    const said = tape.play(`cash_log ${lines}\nwait 9000\nsnapshot\nwait 9000`);
    expect(differs(said)).toBe(false);
    expect(halts(tape)).toEqual([]);
    expect(tape.state.dayLossUsdt).toBe(0);
    const wallet = tape.state.wallet?.walletBalance ?? 0n;
    expect(agreements(tape).at(-1)?.agreement.wallet).toBe(wallet);
  });

  test("a line of a time when the agreement may have held it already is not counted twice", () => {
    const tape = real();
    tape.play("paid 500\nwait 1500\nsnapshot\ncash_log TRANSFER_IN:500\nwait 500");
    tape.play("paid -20\nwait 1500\nsnapshot\nwait 1500\nsnapshot");
    const said = tape.play("cash_log TRANSFER_IN:500 TRANSFER_OUT:-20\nwait 9000");
    expect(differs(said)).toBe(false);
  });

  test("fills on their way: none is an alarm, however long they trade", () => {
    const tape = real();
    let said: string[] = [];
    for (let round = 0; round < 20; round++) {
      said = said.concat(
        tape.play(`exec - 10 1000 buy A\nwait 300\nexec - 10 1001 sell A\nwait 300`),
      );
    }
    said = said.concat(tape.play("wait 9000\nsnapshot\nwait 9000"));
    expect(differs(said)).toBe(false);
    expect(asked(tape)).toBe(0);
    expect(tape.state.walletCheck.agreed?.cash).toBe(tape.state.ledger.net());
    expect(tape.state.ledger.net()).not.toBe(0n);
  });

  test("a lost execution is a difference until the snapshot brings it", () => {
    const tape = real();
    // Its fee has left the wallet; the execution has not come.
    tape.play("paid -0.002\nwait 1100\nsnapshot\nwait 1000");
    expect(tape.state.walletCheck.doubt).not.toBeNull();
    tape.play(
      "paid 0.002\nsnapshot exec:-:100:1000:buy:A position:A:100:992\nwait 10\nsnapshot position:A:100:992",
    );
    expect(tape.state.walletCheck.doubt).toBeNull();
    expect(differs(tape.play("wait 9000"))).toBe(false);
    expect(halts(tape)).toEqual([]);
  });

  test("a difference that every read finds another one is two messages crossing", () => {
    const tape = real();
    for (let round = 0; round < 8; round++) {
      const said = tape.play(`paid -0.${round + 1}\nwait 1000\nsnapshot\ncash_log`);
      expect(differs(said)).toBe(false);
    }
  });
});

describe("over a restart", () => {
  const left = {
    ...lostToday("0"),
    positions: [],
    agreed: { wallet: 10_000n * 10n ** 18n, cash: 0n },
  };
  const book = { ...left, agreed: { ...left.agreed, venueAtMs: 0 } };

  test("the last agreement stands: what went meanwhile is found", () => {
    const tape = real({ book });
    tape.play(`paid -500\nwait 10\n${FLAT_READS}\ncash_log\nwait 3000\ncash_log\nwait 1000`);
    expect(tradingOf(tape)?.walletFault).toContain("leaves -500");
    const gone = new Tape({
      autoTrade: false,
      book: { ...book, agreed: { ...book.agreed, wallet: 10_500n * 10n ** 18n } },
    }).ready();
    gone.play(`operator resume\n${FLAT_READS}\ncash_log\nwait 5000\ncash_log\nwait 1000`);
    expect(tradingOf(gone)).toMatchObject({ state: "halted" });
    expect(tradingOf(gone)?.walletFault).toContain("leaves -500");
  });

  test("what was booked after it may have rounded", () => {
    const late = { ...book, agreed: { ...book.agreed, cash: 1_658_291_458n } };
    const played = `${FLAT_READS}\ncash_log\nwait 3000\ncash_log\nwait 1000`;
    const unknown = real({ book: late });
    unknown.play(played);
    expect(unknown.state.control.walletFault).toContain("leaves 0.000000001658291458");
    const tape = real({ book: { ...late, bookedSinceAgreed: { bookings: 1, traded: 0n } } });
    tape.play(played);
    expect(tape.state.control.walletFault).toBe("");
  });

  test("a first start takes the wallet as it is", () => {
    const tape = real();
    expect(fixedToText(agreements(tape)[0]?.agreement.wallet ?? 0n)).toBe("10000");
  });
});
