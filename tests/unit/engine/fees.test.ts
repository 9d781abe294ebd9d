import { describe, expect, test } from "bun:test";
import { type FeeSchedule, feeScheduleOf } from "../../../src/domain/fees.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { marginOf, takerFeeBpsOf } from "../../../src/engine/account-margin.ts";
import { must } from "../../../src/kernel/assert.ts";
import { setupsOf } from "../../support/strategies.ts";
import { EAGER_MAKER, Tape } from "./tape.ts";

const A = 0 as SymbolId;
const feesOf = (maker: string, taker: string): FeeSchedule =>
  must(feeScheduleOf({ maker, taker }), "rates");

/** A maker that wants 1 bps after both fees, on a spread of 10 bps. */
function tapeWith(fees: FeeSchedule | null): Tape {
  const tape = new Tape({ strategies: setupsOf({ maker: { ...EAGER_MAKER, edgeBpsMin: 1 } }) });
  tape.play("instruments");
  if (fees !== null) tape.send({ kind: "fees_loaded", fees: new Map([[A, fees]]) });
  return tape.ready();
}

const quotes = (tape: Tape) => tape.effects.filter(({ kind }) => kind === "submit").length;

describe("the account's own fees", () => {
  test("decide whether a spread pays", () => {
    expect(quotes(tapeWith(null))).toBe(2);
    expect(quotes(tapeWith(feesOf("0.0004", "0.001")))).toBe(2);
    expect(quotes(tapeWith(feesOf("0.0006", "0.001")))).toBe(0);
  });

  test("are the published ones until the venue has said", () => {
    const tape = tapeWith(null);
    expect(takerFeeBpsOf(tape.state, A)).toBe(5.5);
    tape.send({ kind: "fees_loaded", fees: new Map([[A, feesOf("-0.0001", "0.0003")]]) });
    expect(takerFeeBpsOf(tape.state, A)).toBe(3);
    expect(marginOf(tape.state)?.equityUsdt).toBe(10_000);
  });

  test("of one symbol leave the others as they were", () => {
    const tape = new Tape({}, 2).ready();
    tape.send({ kind: "fees_loaded", fees: new Map([[A, feesOf("0.0001", "0.0003")]]) });
    const B = 1 as SymbolId;
    tape.send({ kind: "fees_loaded", fees: new Map([[B, feesOf("0.0001", "0.0004")]]) });
    expect([takerFeeBpsOf(tape.state, A), takerFeeBpsOf(tape.state, B)]).toEqual([3, 4]);
  });
});
