/** Orders of others count into what the account may come to hold, and first starts into nothing. */
import { describe, expect, test } from "bun:test";
import { exposureOf, totalExposureOf } from "../../../src/engine/account-exposure.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { lostToday } from "../../support/known-account.ts";
import { instrumentOf, Tape } from "./tape.ts";

const A = instrumentOf(0).id;

describe("an entry placed by hand", () => {
  // 100 steps of 0.01 at 1000 ticks of 0.1: 100 USDT.
  test("counts from the stream until it ends", () => {
    const tape = Tape.halted().ready();
    expect(totalExposureOf(tape.state)).toBe(0);
    tape.play("report by-hand new");
    expect(exposureOf(tape.state, A)).toBe(100);
    expect(totalExposureOf(tape.state)).toBe(100);
    tape.play("report by-hand partially_filled 40");
    expect(totalExposureOf(tape.state)).toBe(60);
    tape.play("report by-hand cancelled 40");
    expect(totalExposureOf(tape.state)).toBe(0);
  });

  test("counts from a snapshot, and goes with the next that does not list it", () => {
    const tape = Tape.halted().ready();
    tape.play("snapshot order:by-hand order:too");
    expect(totalExposureOf(tape.state)).toBe(200);
    tape.play("snapshot order:too");
    expect(totalExposureOf(tape.state)).toBe(100);
  });

  test("takes room from entries of ours", () => {
    const tape = new Tape().ready();
    const own = totalExposureOf(tape.state);
    tape.play("report by-hand new");
    expect(totalExposureOf(tape.state)).toBe(own + 100);
  });
});

describe("a first start on an account with history", () => {
  test("keeps no row of what strangers did before, and books none of it later", () => {
    const tape = Tape.halted();
    tape.play("instruments\nfeed market up\nfeed private up");
    tape.play("snapshot position:A:50 exec:-:50:1000:buy:A");
    expect(entriesOf(tape.ticks, "fill").map(({ fill }) => fill.strategy)).toEqual(["recovery"]);
    const sums = tape.state.ledger.net();
    tape.play("wait 1000\nsnapshot position:A:50");
    expect(tape.state.ledger.net()).toBe(sums);
    const [book] = entriesOf(tape.ticks, "book");
    // Whole up to the last execution that it lists, also when the request was sent before that.
    const events = tape.state.ledger.positions.get(A);
    expect(book?.wholeUntilVenueAtMs).toBeGreaterThanOrEqual(events?.adoptedVenueAtMs ?? 0);
  });

  test("the next start asks for nothing that is older than the first", () => {
    const book = { ...lostToday("0"), sinceVenueAtMs: 77, wholeUntilVenueAtMs: 99 };
    const tape = new Tape({ book });
    tape.play("instruments");
    expect(tape.effects.find(({ kind }) => kind === "look_back")).toEqual({
      kind: "look_back",
      sinceVenueAtMs: 99,
      afterVenueAtMs: 77,
    });
  });
});
