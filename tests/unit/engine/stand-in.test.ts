/** An order stands in for a stop that has to wait. */
import { describe, expect, test } from "bun:test";
import type { ClientOrderId, PriceTicks, SymbolId } from "../../../src/domain/units.ts";
import { instrumentOf, Tape } from "./tape.ts";

const ID = instrumentOf(0).id;

/** Long 100 steps without a stop; the engine asked for one, and an order stands in for it. */
function stoodIn(): { tape: Tape; clientId: ClientOrderId } {
  const tape = Tape.halted().ready();
  tape.play("exec - 100 1000 buy A\nposition A 100\nwait 4000");
  const asked = tape.effects.find((effect) => effect.kind === "protect");
  if (asked?.kind !== "protect" || asked.standIn === null) throw new Error("no stop was asked for");
  const { standIn, stopLossTicks } = asked;
  answer(tape, ID, stopLossTicks, { result: "stands_in", ...standIn });
  return { tape, clientId: standIn.clientId };
}

function answer(
  tape: Tape,
  symbolId: SymbolId,
  stopLossTicks: PriceTicks,
  outcome: Extract<Parameters<Tape["send"]>[0], { kind: "stop_result" }>["outcome"],
): void {
  tape.send({ kind: "stop_result", symbolId, stopLossTicks, outcome });
}

const cancelled = (tape: Tape) =>
  tape.effects.flatMap((effect) => (effect.kind === "cancel" ? [effect.clientId] : []));
const unsent = { result: "unsent", text: "address banned" } as const;

describe("an order that stands in for a stop", () => {
  test("carries an id of ours and the size that is held", () => {
    const { tape, clientId } = stoodIn();
    expect(clientId).toStartWith("t-protect-");
    expect(tape.state.standIns.of.get(ID)?.positionSteps).toBe(100);
  });

  test("protects: the position is not closed for want of a stop, which is tried on", () => {
    const { tape } = stoodIn();
    const from = tape.effects.length;
    for (let at = 0; at < 6; at++) {
      answer(tape, ID, 992 as PriceTicks, unsent);
      tape.play("wait 5000\nposition A 100");
    }
    expect(tape.state.control.closes.size).toBe(0);
    const tried = tape.effects.slice(from).filter(({ kind }) => kind === "protect");
    expect(tried.length).toBeGreaterThan(3);
    // One stands already.
    expect(tried.every((effect) => effect.kind === "protect" && effect.standIn === null)).toBe(
      true,
    );
  });

  test("goes when the stop stands", () => {
    const { tape, clientId } = stoodIn();
    answer(tape, ID, 992 as PriceTicks, { result: "accepted" });
    expect(cancelled(tape)).toContain(clientId);
    expect(tape.state.standIns.of.size).toBe(0);
  });

  test("goes when the position is gone, and when it faces the other way", () => {
    for (const fills of ["exec - 100 1000 sell A", "exec - 150 1000 sell A"]) {
      const { tape, clientId } = stoodIn();
      tape.play(`${fills}\nwait 1000`);
      expect(cancelled(tape)).toContain(clientId);
    }
  });

  test("of a smaller size does not protect what was added", () => {
    const { tape } = stoodIn();
    tape.play("exec - 50 1000 buy A\nposition A 150\nwait 25000");
    expect(tape.state.control.closes.size).toBe(1);
  });

  test("that the venue ended protects no more, and another is made", () => {
    const { tape, clientId } = stoodIn();
    tape.play(`report ${clientId} cancelled\nwait 6000`);
    const last = tape.effects.findLast((effect) => effect.kind === "protect");
    expect(last?.kind === "protect" && last.standIn?.clientId).not.toBe(clientId);
    expect(last?.kind === "protect" && last.standIn).not.toBeNull();
  });

  test("is no orphan to a snapshot of this run", () => {
    const { tape, clientId } = stoodIn();
    const lines = tape.play(`snapshot position:A:100 order:${clientId}`);
    expect(lines.join()).not.toContain("cancel_orphan");
  });
});
