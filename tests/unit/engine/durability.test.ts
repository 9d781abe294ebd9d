/** What an operator reads of a command that a full disk cannot keep. */
import { expect, test } from "bun:test";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const outcomes = (tape: Tape) =>
  entriesOf(tape.ticks, "intervention")
    .filter(({ intervention }) => intervention.commandId !== "")
    .map(({ intervention }) => intervention.outcome);

test("a halt on a full disk says that it is not durable, and takes that back once it is", () => {
  const tape = new Tape().ready();
  tape.play("record down\noperator halt");
  expect(outcomes(tape).at(-1)).toEndWith("; not durable: the disk is full");
  tape.play("record up");
  expect(outcomes(tape).at(-1)).toStartWith("was halted already");
  expect(outcomes(tape).at(-1)).not.toContain("not durable");
});

test("a pause that could not be written is told again with that, once", () => {
  const tape = new Tape().ready();
  tape.play("operator pause_symbol A");
  expect(outcomes(tape)).toEqual(["entries stopped"]);
  const unwritten = [...tape.state.commands.keys()][0] ?? "";
  const status = { kind: "record_status", up: false, detail: "the disk is full" } as const;
  tape.send({ ...status, unwritten });
  tape.send({ ...status, unwritten });
  expect(outcomes(tape).at(-1)).toBe("entries stopped; not durable: the disk is full");
  expect(outcomes(tape).length).toBe(2);
  expect(tape.state.commands.size).toBe(1);
});

test("what was written before stays as it was told", () => {
  const tape = new Tape().ready();
  tape.play("operator pause_symbol A\nrecord down");
  expect(outcomes(tape)).toEqual(["entries stopped"]);
});
