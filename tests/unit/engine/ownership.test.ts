/** Who owns which symbol: shared out in turns, handed over only when nothing is there. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { SymbolId } from "../../../src/domain/units.ts";
import { Ownership } from "../../../src/engine/ownership.ts";

const ids = (...numbers: number[]) => numbers as SymbolId[];
const ID = 0 as SymbolId;

class World {
  readonly busy = new Set<number>();
  readonly interests: number[][];
  readonly ownership: Ownership;

  /** One row of interests a strategy, one column a symbol. */
  constructor(interests: number[][]) {
    this.interests = interests;
    this.ownership = new Ownership(interests.length);
  }

  review(active: SymbolId[]): number[] {
    return this.ownership.review(active, {
      isIdle: (id) => !this.busy.has(id),
      interest: (strategy, id) => this.interests[strategy]?.[id] ?? 0,
    });
  }

  /** "0 1 - 0!": owners by symbol, "!" where the owner may only get out. */
  get text(): string {
    return (this.interests[0] ?? [])
      .map((_, index) => {
        const id = index as SymbolId;
        const owner = this.ownership.ownerOf(id);
        return owner < 0 ? "-" : `${owner}${this.ownership.mayEnter(id) ? "" : "!"}`;
      })
      .join(" ");
  }
}

describe("sharing out", () => {
  test("in turn: the fewest first, ties by registry order, each what it wants most", () => {
    const world = new World([
      [1, 2, 3, 4],
      [4, 3, 9, 1],
    ]);
    expect(world.review(ids(0, 1, 2, 3))).toEqual([0, 1, 2, 3]);
    expect(world.text).toBe("1 0 1 0");
  });

  test("one strategy alone gets all that it wants", () => {
    const world = new World([[1, 1, 0, 1]]);
    world.review(ids(0, 1, 2, 3));
    expect(world.text).toBe("0 0 - 0");
  });

  test("nobody is given what is not active, not wanted or not idle", () => {
    const world = new World([[1, 0, 1, 1]]);
    world.busy.add(2);
    world.review(ids(0, 1, 2));
    expect(world.text).toBe("0 - - -");
  });

  test("an unchanged world changes nothing", () => {
    const world = new World([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    world.review(ids(0, 1, 2));
    const before = world.text;
    expect(world.review(ids(0, 1, 2))).toEqual([]);
    expect(world.text).toBe(before);
  });
});

describe("handing over", () => {
  test("an owner that no longer wants it may only get out, and is followed when it is idle", () => {
    const world = new World([[1], [1]]);
    world.review(ids(0));
    world.busy.add(0);
    world.interests[0] = [0];
    expect(world.review(ids(0))).toEqual([0]);
    expect(world.text).toBe("0!");
    world.review(ids(0));
    expect(world.text).toBe("0!");
    world.busy.clear();
    expect(world.review(ids(0))).toEqual([0]);
    expect(world.text).toBe("1");
  });

  test("what leaves the active set is free once it is idle; what returns before that is kept", () => {
    const world = new World([[1]]);
    world.review(ids(0));
    world.busy.add(0);
    world.review([]);
    expect(world.text).toBe("0!");
    world.review(ids(0));
    expect(world.text).toBe("0");
    world.busy.clear();
    world.review([]);
    expect(world.text).toBe("-");
  });

  test("one that has two fewer than another is made room for, one symbol a review", () => {
    const world = new World([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
    for (const id of [0, 1, 2, 3]) world.busy.add(id);
    world.busy.clear();
    world.review(ids(0, 1, 2, 3));
    expect(world.text).toBe("0 0 0 0");
    for (const id of [0, 1, 2, 3]) world.busy.add(id);
    world.interests[1] = [1, 5, 2, 1];
    world.review(ids(0, 1, 2, 3));
    expect(world.text).toBe("0 0! 0 0");
    world.review(ids(0, 1, 2, 3));
    expect(world.text).toBe("0 0! 0! 0");
    world.review(ids(0, 1, 2, 3));
    expect(world.text).toBe("0 0! 0! 0");
    world.busy.delete(1);
    world.review(ids(0, 1, 2, 3));
    expect(world.text).toBe("0 1 0! 0");
  });

  test("a restored owner may get out of it, and no second one may be restored", () => {
    const world = new World([[1], [1]]);
    world.ownership.restore(ID, 1);
    expect(world.text).toBe("1!");
    expect(() => world.ownership.restore(ID, 0)).toThrow("one owner at a time");
  });

  test("whatever happens, a symbol with something on it keeps its owner", () => {
    const row = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 });
    const move = fc.record({
      active: fc.subarray([0, 1, 2, 3, 4]),
      busy: fc.subarray([0, 1, 2, 3, 4]),
      interests: fc.array(row, { minLength: 3, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        const world = new World([[], [], []]);
        for (const { active, busy, interests } of moves) {
          world.busy.clear();
          for (const id of busy) world.busy.add(id);
          world.interests.splice(0, 3, ...interests);
          const before = [0, 1, 2, 3, 4].map((id) => world.ownership.ownerOf(id as SymbolId));
          world.review(ids(...active));
          for (const id of busy) {
            expect(world.ownership.ownerOf(id as SymbolId)).toBe(before[id] ?? -1);
          }
        }
      }),
      { numRuns: 300, seed: 20_260_105 },
    );
  });
});
