/** An order without the news that it should have had is called unknown, and asked about. */
import { describe, expect, test } from "bun:test";
import { FINISHED_KEEP_MS } from "../../../src/orders/table.ts";
import { setupsOf } from "../../support/strategies.ts";
import { EAGER_MAKER, Tape } from "./tape.ts";

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

  test("that cannot rest: reported as working and no more, it is asked about", () => {
    const ladder = { exitAgedMs: 1_000, holdingMsMax: 2_000, marketExitAfterMs: 60_000 };
    const maker = { ...EAGER_MAKER, ...ladder, inventoryNotionalUsdtMax: 100 };
    const tape = new Tape({ strategies: setupsOf({ maker }) }).ready();
    tape.play(`report #1 new\nreport #2 new\nexec #1 100 1000\nposition A 100 992
      report #2 cancelled\nreport #3 new\nwait 2100\n${BOOK}\nreport #3 cancelled`);
    expect(tape.play(`wait 200\n${BOOK}`)).toEqual([]);
    const [exit] = tape.state.orders.live(0 as never);
    expect(exit?.intent.timeInForce).toBe("ioc");
    tape.play("report #4 new");
    expect(asked(tape, 2)).toEqual([]);
    expect(asked(tape, 3)).toContain("ask #4");
    tape.play("answer #4 cancelled");
    expect(stateOf(tape, "t-maker-4")).toBe("closed");
  });
});

test("orders that ended are forgotten when nothing more can come of them", () => {
  const tape = new Tape().ready();
  tape.play(
    "report #1 new\nreport #2 new\noperator halt\nreport #1 cancelled\nreport #2 cancelled",
  );
  expect(tape.state.orders.size).toBe(2);
  tape.play(`wait ${FINISHED_KEEP_MS - 1_000}`);
  expect(tape.state.orders.size).toBe(2);
  tape.play("wait 3000");
  expect(tape.state.orders.size).toBe(0);
});
