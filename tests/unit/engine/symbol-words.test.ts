/** What people say of a symbol takes effect at once, is told, and is asked to be written. */
import { describe, expect, test } from "bun:test";
import type { OperatorAction } from "../../../src/domain/event.ts";
import type { ProfileEdit } from "../../../src/domain/profile-edit.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { noWords } from "../../../src/universe/operator-words.ts";
import { OPTIONS, Tape } from "./tape.ts";

const A = 0 as SymbolId;
const HARD = { ...OPTIONS.universe, enterScore: 101, leaveScore: 100 };

let given = 0;
function say(
  tape: Tape,
  action: OperatorAction,
  more: { symbol?: string; edit?: ProfileEdit } = {},
) {
  const id = `c${++given}`;
  const about = { symbol: "A", reason: "news", by: "olga", ...more };
  const command = { kind: "command", id, action, ageMs: 0, lifeMs: 5_000, obstacle: "" } as const;
  tape.send({ ...command, ...about });
  return tape.state.commands.get(id);
}
const written = (tape: Tape) =>
  tape.effects.flatMap((effect) => (effect.kind === "keep_words" ? [effect.words] : []));
const changes = (tape: Tape) =>
  tape.ticks.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === "universe_change" ? [entry.change.reason] : [])),
  );

describe("a pin", () => {
  test("brings in what scores too little, at once, and is written", () => {
    const tape = new Tape({ universe: HARD }).ready();
    expect(tape.state.universe.isActive(A)).toBe(false);
    const told = say(tape, "pin_symbol");
    expect(told?.verdict).toBe("executed");
    expect(told?.outcome).toContain("pinned; in ");
    expect(tape.state.universe.isActive(A)).toBe(true);
    expect(written(tape)).toMatchObject([{ symbol: "A", pin: { by: "olga", reason: "news" } }]);
    expect(changes(tape).at(-1)).toContain("pinned by olga");
  });

  test("more pins than seats are refused, and so is one of a blocked symbol", () => {
    const tape = new Tape({ universe: { ...HARD, activeMax: 1 } }, 2).ready();
    say(tape, "pin_symbol");
    expect(say(tape, "pin_symbol", { symbol: "B" })?.outcome).toContain(
      "as many as there are seats",
    );
    say(tape, "block_symbol", { symbol: "B" });
    expect(say(tape, "pin_symbol", { symbol: "B" })?.verdict).toBe("refused");
    expect(say(tape, "unpin_symbol")?.outcome).toContain("not pinned any more");
  });
});

describe("a block", () => {
  test("sends away at once, ends a pin, and holds until it is taken back", () => {
    const tape = new Tape().ready();
    expect(tape.state.universe.isActive(A)).toBe(true);
    say(tape, "pin_symbol");
    expect(say(tape, "block_symbol")?.outcome).toContain("blocked, and not pinned any more");
    expect(tape.state.universe.isActive(A)).toBe(false);
    expect(changes(tape).at(-1)).toBe("left: blocked by olga: news");
    tape.wait(20_000);
    expect(tape.state.universe.isActive(A)).toBe(false);
    expect(tape.state.universe.words(A).pin).toBeNull();
    say(tape, "unblock_symbol");
    expect(tape.state.universe.words(A).block).toBeNull();
  });

  test("what nobody said cannot be taken back, what nobody lists cannot be said", () => {
    const tape = new Tape().ready();
    for (const action of ["unpin_symbol", "unblock_symbol"] as const) {
      expect(say(tape, action)?.verdict).toBe("refused");
    }
    expect(say(tape, "pin_symbol", { symbol: "NOSUCH" })?.verdict).toBe("refused");
    expect(written(tape)).toEqual([]);
  });
});

describe("a profile's edit", () => {
  test("changes what it names and nothing else", () => {
    const tape = new Tape().ready();
    say(tape, "edit_profile", { edit: { note: "thin", overrides: { enterScore: 99 } } });
    say(tape, "edit_profile", { edit: { overrides: { adverseBps: 2 } } });
    const { note, overrides, by } = tape.state.universe.words(A);
    expect({ note, by }).toEqual({ note: "thin", by: "olga" });
    expect(overrides).toMatchObject({ enterScore: 99, adverseBps: 2, spreadBpsMax: null });
  });

  test.each([
    ["nothing", {}],
    ["a number beyond its bounds", { edit: { overrides: { enterScore: 101 } } }],
    ["a number that nobody knows", { edit: { overrides: { luck: 1 } } }],
    ["a note without end", { edit: { note: "x".repeat(2_001) } }],
  ])("%s is refused", (_name, more) => {
    const tape = new Tape().ready();
    const before = tape.state.universe.words(A);
    expect(say(tape, "edit_profile", more)?.verdict).toBe("refused");
    expect(tape.state.universe.words(A)).toEqual(before);
    expect(written(tape)).toEqual([]);
  });
});

test("what was said in an earlier run holds from the start", () => {
  const mark = { by: "olga", reason: "news", atMs: 1 };
  const words = [{ ...noWords("A"), block: mark, note: "thin", by: "olga", updatedAtMs: 1 }];
  const tape = new Tape({ words }).ready();
  expect(tape.state.universe.words(A)).toMatchObject({ note: "thin", block: mark });
  expect(tape.state.universe.isActive(A)).toBe(false);
});
