/** Which book messages follow each other, by the venue's own numbers. */
import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../../src/domain/units.ts";
import { BookContinuity } from "../../../../src/venue/bybit/codec/book-continuity.ts";
import type { NumberedBook } from "../../../../src/venue/bybit/codec/frames.ts";
import { PublicReader } from "../../../../src/venue/bybit/codec/public-reader.ts";
import { SymbolTable } from "../../../../src/venue/bybit/codec/symbol-table.ts";
import { delta, snapshot } from "../../../support/frames.ts";
import { instrumentOf } from "../../../support/instruments.ts";

const ID = 0 as SymbolId;

interface Numbers {
  readonly u: number;
  readonly seq?: number;
  readonly depth?: number;
}

const fresh = ({ u, ...more }: Numbers): NumberedBook => ({ ...snapshot(more), updateId: u });
const next = ({ u, ...more }: Numbers): NumberedBook => ({ ...delta(more), updateId: u });

/** Judges after a snapshot of u 100 and seq 1000; a fault is its text. */
function judged(...frames: NumberedBook[]): string[] {
  const continuity = new BookContinuity();
  continuity.judge(fresh({ u: 100 }));
  return frames.map((frame) => {
    const judgement = continuity.judge(frame);
    return judgement.kind === "fault" ? judgement.fault : judgement.kind;
  });
}

describe("what follows", () => {
  test("nothing before the first snapshot", () => {
    expect(new BookContinuity().judge(next({ u: 1_000 })).kind).toBe("left_out");
  });

  test("deltas that count up by one, with a sequence that stays or rises", () => {
    expect(judged(next({ u: 101 }), next({ u: 102 }), next({ u: 103, seq: 1_001 }))).toEqual(
      Array(3).fill("follows"),
    );
  });

  test("a snapshot at any time, whatever its numbers", () => {
    expect(judged(fresh({ u: 7, seq: 3 }), next({ u: 8, seq: 3 }))).toEqual(["follows", "follows"]);
  });

  test("u of 1 is the venue's restart: the delta overwrites", () => {
    const restart = next({ u: 1, seq: 5 });
    expect(judged(restart, next({ u: 2, seq: 5 }))).toEqual(["follows", "follows"]);
    expect(restart.isSnapshot).toBe(true);
  });

  test("the deepest topic; the others are left out", () => {
    expect(judged(fresh({ u: 3, depth: 1 }), next({ u: 4, depth: 1 }), next({ u: 101 }))).toEqual([
      "left_out",
      "left_out",
      "follows",
    ]);
    expect(judged(next({ u: 900, depth: 200 }), fresh({ u: 901, depth: 200 }))).toEqual([
      "left_out",
      "follows",
    ]);
  });
});

describe("what does not follow", () => {
  const broken: [string, NumberedBook, string][] = [
    ["a gap", next({ u: 102 }), "update id is 102, wanted 101"],
    ["a repeat", next({ u: 100 }), "update id is 100, wanted 101"],
    ["a step back", next({ u: 99 }), "update id is 99, wanted 101"],
    ["a falling sequence", next({ u: 101, seq: 999 }), "cross sequence fell from 1000 to 999"],
  ];
  for (const [name, frame, fault] of broken) {
    test(`${name} is a fault once, and nothing follows before a snapshot`, () => {
      const after = [next({ u: 101 }), next({ u: 103 }), fresh({ u: 300 }), next({ u: 301 })];
      expect(judged(frame, ...after)).toEqual([
        fault,
        "left_out",
        "left_out",
        "follows",
        "follows",
      ]);
    });
  }

  test("anything, while a snapshot is awaited", () => {
    const continuity = new BookContinuity();
    continuity.judge(fresh({ u: 100 }));
    continuity.awaitSnapshot(ID);
    expect(continuity.judge(next({ u: 101 })).kind).toBe("left_out");
    expect(continuity.judge(fresh({ u: 500 })).kind).toBe("follows");
  });
});

describe("the reader", () => {
  const text = (type: string, u: number, b: string) =>
    `{"topic":"orderbook.50.BTCUSDT","type":"${type}","ts":5,"data":{"s":"BTCUSDT","b":[${b}],"a":[],"u":${u},"seq":${u}},"cts":4}`;

  test("says which message is missing, and lets nothing through after an unusable one", () => {
    const table = new SymbolTable();
    table.load([instrumentOf({ symbol: "BTCUSDT" })]);
    const reader = new PublicReader(table);
    const kinds = [
      text("snapshot", 10, ""),
      text("delta", 11, ""),
      text("delta", 12, '["1.05","1"]'),
      text("delta", 13, ""),
      text("snapshot", 20, ""),
      text("delta", 22, ""),
      text("delta", 23, ""),
    ].map((message) => {
      const read = reader.read(message);
      return read.kind === "gap" ? read.fault : read.kind;
    });
    expect(kinds).toEqual([
      "frame",
      "frame",
      "fault",
      "left_out",
      "frame",
      "update id is 22, wanted 21",
      "left_out",
    ]);
    expect(reader.updateIdOf(ID)).toBe(20);
  });
});
