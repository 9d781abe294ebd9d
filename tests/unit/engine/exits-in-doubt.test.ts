/** A way out is never blocked by an exit of unknown outcome, and is not a flood either. */
import { describe, expect, test } from "bun:test";
import { EXIT_DOUBT_MS_MAX } from "../../../src/orders/exit-doubt.ts";
import { Tape } from "./tape.ts";

const LONG = "exec - 100 1000 buy A\nposition A 100 992";

/** A halted engine with a position whose resting exit is known to the venue. */
function holding(): Tape {
  const tape = Tape.halted().ready();
  tape.play(`${LONG}\nreport #1 new`);
  return tape;
}

/** Lines of orders sent, second by second, each with a fresh book. */
function secondsOf(tape: Tape, count: number, book: string): string[][] {
  return Array.from({ length: count }, () =>
    tape.play(`wait 1000\n${book}`).filter((line) => line.startsWith("submit")),
  );
}

describe("an exit of unknown outcome", () => {
  test("is followed by another within about a second, also while REST is down", () => {
    const tape = Tape.halted().ready();
    tape.play(`${LONG}\nunknown #1\nfeed rest down`);
    // The price falls 10 %: the way out must not wait for the answer.
    const sent = secondsOf(tape, 4, "book A 900x9000 901x9000").flat();
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(sent[0]).toContain("submit #2 A sell 100");
  });

  test("is followed at a slowing pace: a dozen in a minute, and no more for ever", () => {
    const tape = Tape.halted().ready();
    tape.play(`${LONG}\nunknown #1\nfeed rest down`);
    const minutes = [1, 2, 3].map(() => secondsOf(tape, 60, "book A 900x9000 901x9000").flat());
    for (const sent of minutes) {
      expect(sent.length).toBeGreaterThanOrEqual(6);
      expect(sent.length).toBeLessThanOrEqual(13);
    }
    expect(tape.state.orders.liveCount).toBeLessThanOrEqual(13);
  });

  test("one that is taken as lost and comes back after all is open again, and goes", () => {
    const tape = Tape.halted().ready();
    tape.play(`${LONG}\nunknown #1\nfeed rest down`);
    secondsOf(tape, EXIT_DOUBT_MS_MAX / 1_000 + 2, "book A 1000x9000 1001x9000");
    const row = [...tape.state.orders.all()].find(({ clientId }) => clientId === "t-maker-1");
    expect(row?.state).toBe("rejected");
    expect(tape.play("report #1 new")).toContain("cancel #1");
  });

  test("does not hold a flatten up", () => {
    const tape = holding();
    tape.play("feed rest down\noperator flatten\nreport #1 cancelled");
    tape.play("unknown o#2");
    const sent = secondsOf(tape, 3, "book A 900x9000 901x9000").flat();
    expect(sent[0]).toBe("submit o#3 A sell 100 market flatten ioc");
  });

  test("nor does a resting one whose cancel is not answered", () => {
    const tape = holding();
    tape.play("operator flatten");
    const sent = secondsOf(tape, 2, "book A 1000x9000 1001x9000").flat();
    expect(sent[0]).toBe("submit o#2 A sell 100 market flatten ioc");
  });

  test("an entry of unknown outcome is never sent again", () => {
    const tape = new Tape().ready();
    tape.play("unknown #1\nunknown #2\nfeed rest down");
    expect(secondsOf(tape, 30, "book A 1000x9000 1001x9000").flat()).toEqual([]);
  });
});

describe("an entry of unknown outcome while nobody can be asked", () => {
  const BOOK = "book A 1000x9000 1001x9000";
  const isOrder = (line: string) => line.startsWith("submit");

  function doubtful(more: string): Tape {
    const tape = new Tape().ready();
    tape.play(`unknown #1\nunknown #2\n${more}`);
    return tape;
  }

  test("is met, in a flatten, by orders that only reduce, on both sides it may have opened", () => {
    const tape = doubtful("feed rest down\noperator flatten");
    const sent = secondsOf(tape, 2, BOOK).flat();
    expect(sent.slice(0, 2)).toEqual([
      "submit o#3 A sell 100 market flatten ioc",
      "submit o#4 A buy 99 market flatten ioc",
    ]);
    const reducing = [...tape.state.orders.all()].filter(({ intent }) => intent.type === "market");
    expect(reducing.length).toBeGreaterThan(0);
    expect(reducing.every(({ intent }) => intent.reduceOnly)).toBe(true);
  });

  test("is left to the question where the venue can be asked, and without a flatten", () => {
    expect(doubtful("operator flatten").play(`wait 1500\n${BOOK}`).filter(isOrder)).toEqual([]);
    const halted = doubtful("feed rest down\noperator halt");
    expect(halted.play(`wait 1500\n${BOOK}`).filter(isOrder)).toEqual([]);
  });

  test("the exit of what is known to be held grows by what may be held beside it", () => {
    const tape = doubtful("exec - 100 1000 buy A\nposition A 100 992\nfeed rest down");
    const [entry] = [...tape.state.orders.all()].filter(({ intent }) => intent.side === "buy");
    tape.play("operator flatten");
    const sent = secondsOf(tape, 2, BOOK).flat();
    const wanted = 100 + (entry?.intent.qtySteps ?? 0);
    expect(sent).toContainEqual(expect.stringContaining(` A sell ${wanted} market flatten`));
  });
});

describe("a venue that says there is nothing to reduce", () => {
  test("has its account compared at once, and is not asked for an exit again and again", () => {
    const tape = holding();
    tape.play("wait 100\nbook A 900x9000 901x9000\nreport #1 cancelled");
    const sent: string[] = [];
    let reconciles = 0;
    for (let second = 0; second < 40; second++) {
      const lines = tape.play("wait 1000\nbook A 900x9000 901x9000");
      for (const line of lines.filter((line) => line.startsWith("submit"))) {
        sent.push(line);
        const answer = tape.play(`rejected ${line.split(" ")[1]} reduce_only`);
        if (answer.some((text) => text.startsWith("reconcile the venue has nothing"))) reconciles++;
      }
    }
    expect(sent.length).toBeLessThanOrEqual(15);
    expect(reconciles).toBeGreaterThanOrEqual(3);
  });

  test("is believed when the account says so twice: no exit is wanted any more", () => {
    const tape = holding();
    tape.play("wait 100\nbook A 900x9000 901x9000\nreport #1 cancelled");
    const [line = ""] = secondsOf(tape, 1, "book A 900x9000 901x9000").flat();
    tape.play(`rejected ${line.split(" ")[1]} reduce_only\nwait 100\nsnapshot`);
    const next = tape.play("wait 3000");
    expect(next).toContain("reconcile position of A differs");
    tape.play("snapshot");
    expect(secondsOf(tape, 10, "book A 900x9000 901x9000").flat()).toEqual([]);
  });
});
