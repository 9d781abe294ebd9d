import { describe, expect, test } from "bun:test";
import { verdictOf } from "../../../src/venue/bybit/book-audit.ts";
import type { RestBook } from "../../../src/venue/bybit/codec/decode-rest.ts";
import { instrumentOf } from "../../support/instruments.ts";

const BTC = instrumentOf({ symbol: "BTCUSDT" });
const theirs = (
  crossSeq: number,
  bids: RestBook["bids"],
  asks: RestBook["asks"] = [],
): RestBook => ({
  symbol: "BTCUSDT",
  updateId: 1,
  crossSeq,
  venueAtMs: 0,
  bids,
  asks,
});
const copy = (crossSeq: number, bids: number[], asks: number[] = []) => ({ crossSeq, bids, asks });

describe("an audit compares pictures of one instant", () => {
  test("the copy with the answer's sequence decides, not the newest", () => {
    const copies = [copy(5, [999, 1]), copy(7, [999, 2]), copy(9, [999, 3])];
    expect(verdictOf(copies, theirs(7, [[999, 2]]), BTC)).toEqual({ kind: "match" });
  });

  test("a sequence that the stream jumped over says nothing", () => {
    const copies = [copy(5, [999, 1]), copy(9, [999, 3])];
    expect(verdictOf(copies, theirs(7, [[999, 2]]), BTC)).toEqual({ kind: "inconclusive" });
  });

  test("a difference is named with both sides' texts", () => {
    const differs = (ours: number[], venue: [number, number][]) =>
      verdictOf([copy(7, ours)], theirs(7, venue), BTC);
    expect(
      differs(
        [999, 1, 998, 4],
        [
          [999, 1],
          [998, 5],
        ],
      ),
    ).toEqual({
      kind: "differs",
      detail: "bid 2: ours 99.80 × 0.004, venue 99.80 × 0.005",
    });
    expect(
      differs(
        [999, 1],
        [
          [999, 1],
          [998, 5],
        ],
      ),
    ).toMatchObject({
      detail: "bid 2: ours nothing, venue 99.80 × 0.005",
    });
    expect(differs([999, 1, 998, 5], [[999, 1]])).toMatchObject({
      detail: "bid 2: ours 99.80 × 0.005, venue nothing",
    });
  });

  test("levels beyond the fiftieth are not compared", () => {
    const many = Array.from({ length: 60 }, (_, at): [number, number] => [999 - at, 1]);
    expect(verdictOf([copy(7, many.slice(0, 52).flat())], theirs(7, many), BTC).kind).toBe("match");
  });
});
