/** Who is quoted: whatever the scores do, the rule keeps to its own limits. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { SymbolId } from "../../../src/domain/units.ts";
import { type Contender, type Move, review } from "../../../src/universe/admission.ts";
import {
  DEFAULT_UNIVERSE,
  type UniverseParameters,
} from "../../../src/universe/universe-parameters.ts";

const RULE: UniverseParameters = { ...DEFAULT_UNIVERSE, activeMax: 3, dwellMsMin: 60_000 };
const STEP_MS = 5_000;
const SYMBOLS = 7;

function contender(index: number, terms: Partial<Contender> = {}): Contender {
  return {
    id: index as SymbolId,
    symbol: String.fromCharCode(65 + index),
    score: 50,
    activeSinceMs: null,
    leftAtMs: 0,
    samples: 10,
    barred: "",
    veto: "",
    pinnedBy: "",
    enterScore: RULE.enterScore,
    classes: [],
    ...terms,
  };
}

const now = (atMs: number) => ({ atMs, together: () => false });
const told = (moves: readonly Move[]) => moves.map(({ id, reason }) => `${id} ${reason}`);

/** A market of scores, one row a review. */
const scores = fc.array(
  fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: SYMBOLS, maxLength: SYMBOLS }),
  { minLength: 1, maxLength: 60 },
);

interface Event extends Move {
  readonly atMs: number;
}

/** Plays the rule over scores and keeps what it did. */
function play(rows: readonly (readonly number[])[], rule = RULE): Event[] {
  let set = Array.from({ length: SYMBOLS }, (_, index) => contender(index));
  const events: Event[] = [];
  rows.forEach((row, look) => {
    const atMs = 1_000_000 + look * STEP_MS;
    set = set.map((one) => ({ ...one, score: (row[one.id] ?? 0) / 10 }));
    const { moves } = review(set, rule, now(atMs));
    for (const move of moves) events.push({ ...move, atMs });
    set = set.map((one) => {
      const move = moves.find(({ id }) => id === one.id);
      if (move === undefined) return one;
      const isIn = move.verb === "in";
      return { ...one, activeSinceMs: isIn ? atMs : null, leftAtMs: isIn ? one.leftAtMs : atMs };
    });
    expect(set.filter(({ activeSinceMs }) => activeSinceMs !== null).length).toBeLessThanOrEqual(
      rule.activeMax,
    );
  });
  return events;
}

describe("whatever the scores do", () => {
  test("nobody goes in and out, or out and in, within the least stay", () => {
    fc.assert(
      fc.property(scores, (rows) => {
        const last = new Map<number, Event>();
        for (const event of play(rows)) {
          const before = last.get(event.id);
          if (before !== undefined) {
            expect(event.verb).not.toBe(before.verb);
            expect(event.atMs - before.atMs).toBeGreaterThanOrEqual(RULE.dwellMsMin);
          }
          last.set(event.id, event);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("the same scores give the same active set, in whatever order they are handed over", () => {
    fc.assert(
      fc.property(scores, (rows) => {
        expect(play(rows)).toEqual(play(rows));
        const set = (rows[0] ?? []).map((score, index) => contender(index, { score: score / 10 }));
        const turned = review([...set].reverse(), RULE, now(1));
        expect(told(turned.moves)).toEqual(told(review(set, RULE, now(1)).moves));
      }),
      { numRuns: 100 },
    );
  });

  test("who comes in scores enough, and who sits is not worse than who waits by the margin", () => {
    fc.assert(
      fc.property(scores, (rows) => {
        for (const { verb, reason } of play(rows)) {
          const score = Number(/^(?:in|out) ([\d.]+)/.exec(reason)?.[1] ?? "0");
          if (verb === "in") expect(score).toBeGreaterThanOrEqual(RULE.enterScore);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("reasons", () => {
  const since = { activeSinceMs: 1_000 };
  const full = [10, 20, 30].map((more, index) => contender(index, { ...since, score: 40 + more }));

  test("a better one takes the place of the weakest that has stayed", () => {
    const { moves } = review([...full, contender(3, { score: 71.2 })], RULE, now(61_000));
    expect(told(moves)).toEqual(["0 out 50.0 for D 71.2", "3 in 71.2 for A 50.0"]);
  });

  test("in line it is said what is waited for", () => {
    const close = review([...full, contender(3, { score: 52 })], RULE, now(61_000));
    expect(close.line).toEqual([{ id: 3 as SymbolId, why: "needs 55.0: A's 50.0 + 5" }]);
    const early = review([...full, contender(3, { score: 90 })], RULE, now(21_000));
    expect(early.line[0]?.why).toBe("a seat may change hands in 40 s");
    const back = review([contender(3, { leftAtMs: 60_000 })], RULE, now(61_000));
    expect(back.line[0]?.why).toBe("left 1 s ago, back after 60 s");
    expect(review([contender(0, { samples: 1 })], RULE, now(1)).line[0]?.why).toBe("1 of 2 looks");
  });

  test("a low score, a block, nothing to score", () => {
    const out = (terms: Partial<Contender>) =>
      told(review([contender(0, { ...since, ...terms })], RULE, now(61_000)).moves);
    expect(out({ score: 24.9 })).toEqual(["0 left: score 24.9 < 25"]);
    expect(out({ score: 0, veto: "no live book" })).toEqual(["0 left: no live book"]);
    expect(out({ barred: "blocked by olga: news" })).toEqual(["0 left: blocked by olga: news"]);
    expect(out({ score: 1, activeSinceMs: 60_000 })).toEqual([]);
    expect(out({ barred: "not trading, closed", activeSinceMs: 60_000 })).toHaveLength(1);
  });
});

describe("pins, classes and company", () => {
  test("a pinned one comes in whatever it scores, stays, and sends the weakest away", () => {
    const seated = [0, 1, 2].map((id) => contender(id, { activeSinceMs: 59_000, score: 60 + id }));
    const pinned = contender(5, { score: 3, pinnedBy: "olga" });
    expect(told(review([...seated, pinned], RULE, now(61_000)).moves)).toEqual([
      "0 out 60.0 for F, pinned by olga",
      "5 in 3.0 pinned by olga",
    ]);
    const held = { ...pinned, activeSinceMs: 1 };
    expect(review([held], RULE, now(10_000_000)).moves).toEqual([]);
    const barred = { ...held, barred: "not trading, closed" };
    expect(review([barred], RULE, now(2)).moves).toHaveLength(1);
  });

  test("pins beyond the seats wait", () => {
    const pins = [0, 1, 2, 3].map((id) => contender(id, { pinnedBy: "olga", score: id }));
    const { moves } = review(pins, RULE, now(1));
    expect(moves.map(({ id }) => Number(id))).toEqual([3, 2, 1]);
  });

  test("a class takes no more than its share of the seats", () => {
    const rule = { ...RULE, activeMax: 4, classShareMax: { "tick coarse": 0.5 } };
    const coarse = [0, 1, 2].map((id) => contender(id, { classes: ["tick coarse"] }));
    const { moves, line } = review([...coarse, contender(3)], rule, now(1));
    expect(moves.map(({ id }) => Number(id))).toEqual([0, 1, 3]);
    expect(line).toEqual([{ id: 2 as SymbolId, why: "2 of 2 seats for tick coarse are taken" }]);
  });

  test("a newcomer does not move together with too many", () => {
    const rule = { ...RULE, activeMax: 4, togetherShareMax: 0.5 };
    const set = [0, 1, 2, 3].map((id) => contender(id));
    const together = (left: SymbolId, right: SymbolId) => left !== 3 && right !== 3;
    const { moves, line } = review(set, rule, { atMs: 1, together });
    expect(moves.map(({ id }) => Number(id))).toEqual([0, 1, 3]);
    expect(line).toEqual([{ id: 2 as SymbolId, why: "moves with A, B" }]);
  });
});
