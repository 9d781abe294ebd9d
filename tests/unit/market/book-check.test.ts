/** The comparison of our books with the venue's own: which are asked about, and what is said. */

import { describe, expect, test } from "bun:test";
import type { BookPicture } from "../../../src/domain/event.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { OrderBook } from "../../../src/market/book.ts";
import { ANSWER_WAIT_MS, BookCheck, type Copy, verdictOf } from "../../../src/market/book-check.ts";
import { delta, snapshot } from "../../support/frames.ts";
import { given } from "../../support/given.ts";
import { instrumentOf } from "../../support/instruments.ts";

const BTC = instrumentOf({ symbol: "BTCUSDT" });
type Levels = readonly (readonly [number, number])[];
const theirs = (sequence: number, bids: Levels, asks: Levels = []) => ({
  sequence,
  depth: 50,
  bids: bids.flat(),
  asks: asks.flat(),
});
const copy = (sequence: number, bids: number[], asks: number[] = []): Copy => ({
  sequence,
  bids,
  asks,
});

describe("a check compares pictures of one instant", () => {
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

describe("asking", () => {
  const TWO = [0 as SymbolId, 1 as SymbolId];

  function world() {
    const books = TWO.map((id) => new OrderBook(id));
    for (const [id, book] of books.entries()) book.apply(snapshot({ id }), 1);
    const check = new BookCheck();
    const bookAt = (index: number) => books[index];
    const begin = (atMs: number) => check.begin({ size: books.length, bookAt }, atMs);
    const book = (id: number) => given(books[id]);
    const answer = (id: number, picture: BookPicture["picture"]) =>
      check.onPicture({ kind: "book_picture", symbolId: id as SymbolId, picture }, book(id), BTC);
    const frame = (id: number, seq: number) => {
      book(id).apply(delta({ id, seq, bids: [[99, seq]] }), seq);
      return check.watches(id as SymbolId) ? check.afterFrame(book(id), BTC) : null;
    };
    return { begin, answer, frame, book };
  }
  const SAME = theirs(
    1_000,
    [
      [99, 5],
      [98, 6],
    ],
    [
      [101, 7],
      [102, 8],
    ],
  );
  const OTHER = theirs(
    1_000,
    [
      [99, 4],
      [98, 6],
    ],
    [
      [101, 7],
      [102, 8],
    ],
  );
  const MATCH = { matched: true, detail: "equal to the REST book" };

  test("goes round the live books that carry a sequence", () => {
    const { begin, answer, book } = world();
    expect(begin(1)).toBe(given(TWO[0]));
    expect(answer(0, SAME)).toEqual(MATCH);
    expect(begin(2)).toBe(given(TWO[1]));
    expect(answer(1, SAME)).toEqual(MATCH);
    expect(begin(3)).toBe(given(TWO[0]));
    expect(answer(0, null)).toBeNull();
    book(1).quarantine("for the test");
    expect(begin(4)).toBe(given(TWO[0]));
    answer(0, null);
    book(0).apply(snapshot({ seq: 0 }), 5);
    expect(begin(6)).toBeNull();
  });

  test("waits for an answer, and gives it up after a while", () => {
    const { begin } = world();
    expect(begin(1)).toBe(given(TWO[0]));
    expect(begin(ANSWER_WAIT_MS)).toBeNull();
    expect(begin(1 + ANSWER_WAIT_MS)).toBe(given(TWO[1]));
  });

  test("an answer that is ahead waits for the stream", () => {
    const { begin, answer, frame } = world();
    begin(1);
    const ahead = theirs(
      1_002,
      [
        [99, 1_002],
        [98, 6],
      ],
      [
        [101, 7],
        [102, 8],
      ],
    );
    expect(answer(0, ahead)).toBeNull();
    expect(frame(0, 1_001)).toBeNull();
    expect(frame(0, 1_002)).toEqual(MATCH);
  });

  test("a stream that never comes there leaves the symbol open: it is next again", () => {
    const { begin, answer, frame } = world();
    begin(1);
    expect(answer(0, theirs(2_000, []))).toBeNull();
    for (let tries = 1; tries < 5; tries++) {
      expect(begin(1 + tries)).toBe(given(TWO[0]));
      expect(answer(0, theirs(2_000, []))).toBeNull();
    }
    expect(begin(9)).toBe(given(TWO[1]));
    expect(answer(1, theirs(1_500, []))).toBeNull();
    expect(frame(1, 1_600)).toBeNull();
    expect(begin(10)).toBe(given(TWO[1]));
  });

  test("one difference is looked at again, two in a row are one", () => {
    const { begin, answer } = world();
    begin(1);
    expect(answer(0, OTHER)).toBeNull();
    expect(begin(2)).toBe(given(TWO[0]));
    expect(answer(0, SAME)).toEqual(MATCH);
    begin(3);
    answer(1, SAME);
    begin(4);
    expect(answer(0, OTHER)).toBeNull();
    begin(5);
    expect(answer(0, OTHER)).toEqual({
      matched: false,
      detail: "bid 1: ours 9.90 × 0.005, venue 9.90 × 0.004",
    });
  });

  test("a book that fell into quarantine meanwhile, and an answer nobody asked for, say nothing", () => {
    const { begin, answer, frame, book } = world();
    expect(answer(1, OTHER)).toBeNull();
    begin(1);
    expect(answer(1, OTHER)).toBeNull();
    book(0).quarantine("for the test");
    expect(frame(0, 1_001)).toBeNull();
    expect(begin(2)).toBe(given(TWO[1]));
  });
});
