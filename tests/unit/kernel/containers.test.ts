import { describe, expect, test } from "bun:test";
import { BoundedQueue } from "../../../src/kernel/bounded-queue.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import { Ring } from "../../../src/kernel/ring.ts";

describe("ring", () => {
  test("forgets the oldest at its limit and counts what was pushed", () => {
    const ring = new Ring<number>(3);
    for (const value of [1, 2, 3, 4, 5]) ring.push(value);
    expect(ring.toArray()).toEqual([3, 4, 5]);
    expect(ring.newest(2)).toEqual([5, 4]);
    expect([ring.length, ring.pushed]).toEqual([3, 5]);
  });
});

describe("bounded queue", () => {
  test("is first in, first out, and refuses at its limit", () => {
    const queue = new BoundedQueue<number>(2);
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([1, 2, undefined]);
  });

  test("keeps order and length over many rounds", () => {
    const queue = new BoundedQueue<number>(5_000);
    let next = 0;
    let expected = 0;
    for (let round = 0; round < 50; round++) {
      for (let count = 0; count < 100; count++) queue.push(next++);
      for (let count = 0; count < 99; count++) expect(queue.shift()).toBe(expected++);
    }
    expect(queue.length).toBe(next - expected);
  });
});

describe("seeded randomness", () => {
  const draws = (seed: string, count = 5) => {
    const prng = prngOf(seed);
    return Array.from({ length: count }, () => prng.next());
  };

  test("the same seed gives the same draws, another seed others", () => {
    expect(draws("a")).toEqual(draws("a"));
    expect(draws("a")).not.toEqual(draws("b"));
  });

  test("a child does not depend on its parent's position", () => {
    const fresh = prngOf("root").child("agents");
    const used = prngOf("root");
    used.next();
    expect(used.child("agents").next()).toBe(fresh.next());
  });

  test("moments are those of the distributions", () => {
    const prng = prngOf("moments");
    const count = 100_000;
    let uniform = 0;
    let normal = 0;
    let square = 0;
    let waiting = 0;
    for (let index = 0; index < count; index++) {
      uniform += prng.next();
      const deviate = prng.normal();
      normal += deviate;
      square += deviate * deviate;
      waiting += prng.exponential();
    }
    expect(uniform / count).toBeCloseTo(0.5, 2);
    expect(normal / count).toBeCloseTo(0, 1);
    expect(square / count).toBeCloseTo(1, 1);
    expect(waiting / count).toBeCloseTo(1, 1);
  });
});
