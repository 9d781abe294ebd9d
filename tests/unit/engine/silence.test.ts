/** An order without the news that it should have had is called unknown, and asked about. */
import { describe, expect, test } from "bun:test";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";

function stateOf(tape: Tape, clientId: string): string | undefined {
  return [...tape.state.orders.all()].find((row) => row.clientId === clientId)?.state;
}

/** What is asked for second by second, each with a fresh book. */
function asked(tape: Tape, seconds: number): string[] {
  return Array.from({ length: seconds }, () => tape.play(`wait 1000\n${BOOK}`))
    .flat()
    .filter((line) => line.startsWith("ask"));
}

describe("silence about an order", () => {
  test("that was sent: unknown, and asked about, a few seconds later", () => {
    const tape = new Tape().ready();
    tape.play(BOOK);
    expect(stateOf(tape, "t-maker-1")).toBe("submitting");
    expect(asked(tape, 2).filter((line) => line.includes("#1"))).toEqual([]);
    expect(asked(tape, 3).filter((line) => line.includes("#1")).length).toBeGreaterThan(0);
    expect(stateOf(tape, "t-maker-1")).toBe("unknown");
  });

  test("whose cancel was sent: unknown, and asked about", () => {
    const tape = new Tape().ready();
    tape.play(`${BOOK}\nreport #1 new\nreport #2 new\noperator halt`);
    expect(stateOf(tape, "t-maker-1")).toBe("cancelling");
    expect(asked(tape, 5).filter((line) => line.includes("#1")).length).toBeGreaterThan(0);
    expect(stateOf(tape, "t-maker-1")).toBe("unknown");
  });
});
