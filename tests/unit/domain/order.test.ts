import { describe, expect, test } from "bun:test";
import {
  canMove,
  clientOrderIdOf,
  isLive,
  ORDER_NEXT,
  type OrderState,
} from "../../../src/domain/order.ts";

const STATES = Object.keys(ORDER_NEXT) as OrderState[];

describe("order states", () => {
  test("an order that ended by our hand never lives again", () => {
    for (const state of ["closed", "failed"] as const) {
      expect(isLive(state)).toBe(false);
      expect(STATES.filter((next) => canMove(state, next))).toEqual([]);
    }
  });

  test("every live state has a way to its end", () => {
    for (const state of STATES.filter(isLive)) expect(canMove(state, "closed")).toBe(true);
  });

  test("nothing returns to submitting", () => {
    expect(STATES.filter((state) => canMove(state, "submitting"))).toEqual([]);
  });
});

describe("client order ids", () => {
  test("are short, plain, and differ by run, strategy and sequence", () => {
    const ids = ["m1abc", "m1abd"].flatMap((run) =>
      ["maker", "op"].flatMap((strategy) =>
        [1, 2, 36 ** 6].map((sequence) => clientOrderIdOf(run, strategy, sequence)),
      ),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z_-]{1,36}$/);
  });
});
