/** The venue changes a contract's tick or step while the engine holds and works it. */
import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { accountRow, orderRow, positionRow } from "../../../src/engine/audit-rows.ts";
import { must } from "../../../src/kernel/assert.ts";
import { trimZeros } from "../../../src/kernel/decimal.ts";
import { Tape } from "./tape.ts";

const A = 0 as SymbolId;

/** Long 1.00 at 100.0, with its stop at 99.2, an entry resting beside it. */
function held(): Tape {
  const tape = new Tape().ready();
  tape.play("accepted #1\nreport #1 new\nexec #1 100 1000\nreport #1 filled 100");
  tape.play("position A 100 992\nticker A 100.05");
  return tape;
}

/** All that is shown of the account, without zeros at the end. */
function shown({ state }: Tape) {
  const position = positionRow(state, state.ledger.position(A));
  const { exposureUsdt, ...account } = accountRow(state);
  const texts = Object.entries({ ...account, ...position, limits: null }).map(([name, value]) => [
    name,
    /^-?\d+\.\d+$/.test(String(value)) ? trimZeros(String(value)) : value,
  ]);
  return { ...Object.fromEntries(texts), exposureUsdt: Number(exposureUsdt.toFixed(9)) };
}

/** What went out as orders and cancels since a place in the effects. */
const sentSince = (tape: Tape, at: number) =>
  tape.effects.slice(at).flatMap((effect) => {
    if (effect.kind === "submit") return [`${effect.order.purpose} ${effect.order.qtySteps}`];
    return effect.kind === "cancel" || effect.kind === "reconcile" ? [effect.kind] : [];
  });

/** The venue confirms every cancel that is under way. */
function confirmCancels(tape: Tape): void {
  for (const { clientId, state } of [...tape.state.orders.all()]) {
    if (state === "cancelling") tape.play(`report ${clientId} cancelled`);
  }
}

/** The venue confirms every order under way: an exit in doubt would be followed by another. */
function confirmSubmits(tape: Tape): void {
  for (const { clientId, state } of [...tape.state.orders.all()]) {
    if (state === "submitting") tape.play(`report ${clientId} new`);
  }
}

describe("a step that grows from 0.01 to 0.1 with 1.00 held", () => {
  test("moves no money: size, entry, profit, exposure and stop are what they were", () => {
    const tape = held();
    const before = shown(tape);
    expect(before).toMatchObject({ qtyText: "1", stopLossText: "99.2" });
    const orders = () =>
      [...tape.state.orders.all()].map((row) => {
        const { priceText, qtyText, filledText, stopLossText } = orderRow(
          row,
          tape.state.market.instrument(A),
        );
        return [priceText, qtyText, filledText, stopLossText].map(trimZeros);
      });
    const ordersBefore = orders();
    tape.play("grid A 0.1 0.1");
    expect(shown(tape)).toEqual(before);
    expect(orders()).toEqual(ordersBefore);
  });

  test("books the exit of the whole position at its true loss", () => {
    const tape = held();
    tape.play("grid A 0.1 0.1");
    const feesBefore = tape.state.ledger.fees;
    tape.play("exec - 100 990 sell A");
    expect(tape.state.ledger.stepsOf(A)).toBe(0);
    expect(tape.state.ledger.realised).toBe(-1_000_000_000_000_000_000n);
    expect(tape.state.ledger.fees).toBeGreaterThan(feesBefore);
  });

  test("cancels the orders, asks for book and account, and enters nothing until both agree", () => {
    const tape = held();
    const at = tape.effects.length;
    const live = tape.state.orders.live(A).length;
    expect(live).toBeGreaterThan(0);
    const lines = tape.play("grid A 0.1 0.1");
    expect(lines).toContain("resubscribe A");
    expect(lines.filter((line) => line.startsWith("cancel ")).length).toBe(live);
    expect(lines).toContain("reconcile the grid of A changed");
    expect(tape.state.market.book(A).state).toBe("quarantined");
    // The orders are gone, the book is back, the account is not: entries have their own reason.
    confirmCancels(tape);
    for (const waitMs of [0, 1_000, 1_500, 1_000, 1_000]) {
      tape.play(`wait ${waitMs}\nticker A 100.05\nbook A 1000x9000 1001x9000`);
      confirmSubmits(tape);
    }
    expect(tape.state.market.book(A).state).toBe("live");
    const denied = tape.ticks
      .flatMap(({ entries }) => entries)
      .flatMap((entry) => (entry.kind === "denial" ? [entry.denial.reason] : []));
    expect(denied.map(({ code }) => code)).toContain("GRID_CHANGED");
    expect(denied.find(({ code }) => code === "GRID_CHANGED")).toMatchObject({
      change: "0.1 × 0.01 became 0.1 × 0.1",
    });
    expect(sentSince(tape, at).some((line) => line.startsWith("entry"))).toBe(false);
    tape.play("accepted #4\nreport #4 new\nsnapshot order:#4 position:A:100:992");
    for (let look = 0; look < 4; look++) tape.play("wait 1000\nbook A 1000x9000 1001x9000");
    const entries = sentSince(tape, at).filter((line) => line.startsWith("entry"));
    expect(entries.length).toBeGreaterThan(0);
    // On the venue's new step: tens of what we count in.
    for (const line of entries) expect(Number(line.split(" ")[1]) % 10).toBe(0);
  });

  test("a snapshot that was asked for before the change settles nothing", () => {
    const tape = held();
    tape.play("grid A 0.1 0.1\nwait 100");
    confirmCancels(tape);
    tape.play("snapshot asked:-500 position:A:100:992");
    expect([...tape.state.changedGrids.keys()]).toEqual([A]);
    tape.play("snapshot position:A:100:992");
    expect(tape.state.changedGrids.size).toBe(0);
  });
});

test("a position that is no whole lot is left whole: the venue trims the last lot", () => {
  const tape = held();
  tape.play("exec - 5 1000 buy A\nposition A 105 992\ngrid A 0.1 0.1");
  tape.play("operator flatten");
  confirmCancels(tape);
  tape.play("wait 300");
  const exits = tape.effects.flatMap((effect) =>
    effect.kind === "submit" && effect.order.purpose === "flatten" ? [effect.order] : [],
  );
  expect(exits.length).toBeGreaterThan(0);
  expect(exits.map(({ qtySteps, reduceOnly }) => [Number(qtySteps), reduceOnly])).toContainEqual([
    110,
    true,
  ]);
});

describe("a tick that shrinks from 0.1 to 0.01", () => {
  test("the stop stays where it is and still counts as protection", () => {
    const tape = held();
    tape.play("grid A 0.01 0.01");
    expect(Number(tape.state.ledger.position(A).stopLossTicks)).toBe(9_920);
    expect(shown(tape)).toMatchObject({ stopLossText: "99.2" });
    const at = tape.effects.length;
    tape.play("wait 3000");
    expect(tape.effects.slice(at).some(({ kind }) => kind === "protect")).toBe(false);
  });

  test("executions of the new grid are booked as what they are", () => {
    const tape = held();
    tape.play("grid A 0.01 0.01\nexec - 100 9905 sell A");
    expect(tape.state.ledger.realised).toBe(-950_000_000_000_000_000n);
  });

  test("features and bars begin anew, the price in use does not jump", () => {
    const tape = held();
    const mid = tape.state.features.at("midTicks", A);
    tape.play("grid A 0.01 0.01");
    expect(tape.state.features.at("midTicks", A)).toBe(mid * 10);
    expect(Number.isNaN(tape.state.features.at("imbalance", A))).toBe(true);
    expect(Number(tape.state.market.ticker(A).lastTicks)).toBe(10_000);
  });
});

test("a stop that we put ourselves lies on the venue's tick", () => {
  const tape = held();
  tape.play("position A 100\ngrid A 0.5 0.01\nwait 4000");
  const stops = tape.effects.flatMap((effect) => (effect.kind === "protect" ? [effect] : []));
  expect(stops.length).toBeGreaterThan(0);
  for (const { stopLossTicks } of stops) expect(stopLossTicks % 5).toBe(0);
});

describe("a contract that is closed with a position open", () => {
  /** The exits sent at market, after the contract was closed. */
  const exitsAfter = (tape: Tape, script: string) => {
    const at = tape.effects.length;
    tape.play(script);
    confirmCancels(tape);
    tape.play("wait 250");
    return sentSince(tape, at).filter((line) => line.startsWith("flatten")).length;
  };

  test("can be left while the venue lets it, and is not hammered when it does not", () => {
    const tape = held();
    expect(exitsAfter(tape, "listed A closed\noperator flatten")).toBeGreaterThan(0);
    const exit = must(
      [...tape.state.orders.all()].find(({ intent }) => intent.purpose === "flatten"),
      "an exit went out",
    );
    tape.send({
      kind: "submit_result",
      clientId: exit.clientId,
      outcome: { result: "rejected", reason: "instrument", text: "symbol is closed" },
    });
    expect(exitsAfter(tape, "wait 20000")).toBe(0);
    expect(exitsAfter(tape, "wait 15000")).toBeGreaterThan(0);
  });
});
