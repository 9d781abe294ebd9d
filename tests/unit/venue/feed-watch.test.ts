import { describe, expect, test } from "bun:test";
import {
  FeedWatch,
  LAG_MS,
  LeastAge,
  LOOK_EVERY_MS,
  STALL_MS,
} from "../../../src/venue/common/feed-watch.ts";

/** The venue's clock is elsewhere entirely: only differences may count. */
const VENUE_AHEAD_MS = 1_700_000_000_000;

interface Stream {
  watch: FeedWatch;
  atMs: number;
}

const fresh = (least = new LeastAge()): Stream => {
  const watch = new FeedWatch(least);
  watch.restart(1_000);
  return { watch, atMs: 1_000 };
};

/** Passes time with `perLook` changes of this age between two looks. */
function flow(stream: Stream, forMs: number, perLook: number, ageMs = 5): void {
  const { watch } = stream;
  for (let spentMs = 0; spentMs < forMs; spentMs += LOOK_EVERY_MS) {
    for (let frame = 0; frame < perLook; frame++) {
      watch.onFrame(stream.atMs);
      watch.onChange(stream.atMs + VENUE_AHEAD_MS - ageMs, stream.atMs);
    }
    stream.atMs += LOOK_EVERY_MS;
    watch.look(stream.atMs);
  }
}

describe("silence", () => {
  test("a steady stream that stops is stalled within two seconds, and well with its next frame", () => {
    const stream = fresh();
    flow(stream, 10_000, 10);
    expect(stream.watch.trouble).toBeNull();
    flow(stream, STALL_MS - 2 * LOOK_EVERY_MS, 0);
    expect(stream.watch.trouble).toBeNull();
    flow(stream, 2 * LOOK_EVERY_MS, 0);
    expect(stream.watch.trouble).toBe("silent for more than 1500 ms");
    flow(stream, 20_000, 0);
    expect(stream.watch.trouble).not.toBeNull();
    flow(stream, LOOK_EVERY_MS, 1);
    expect(stream.watch.trouble).toBeNull();
  });

  test("a socket of quiet contracts may be quiet", () => {
    const stream = fresh();
    for (let round = 0; round < 20; round++) {
      flow(stream, LOOK_EVERY_MS, 1);
      flow(stream, 3_000, 0);
      expect(stream.watch.trouble).toBeNull();
    }
  });

  test("a new connection starts without a past", () => {
    const stream = fresh();
    flow(stream, 10_000, 10);
    flow(stream, 3_000, 0);
    stream.watch.restart(stream.atMs);
    flow(stream, 5_000, 0);
    expect(stream.watch.trouble).toBeNull();
  });
});

describe("lag", () => {
  test("changes that all come late are noticed at the second look, whatever the venue's clock says", () => {
    const stream = fresh();
    flow(stream, 5_000, 10);
    flow(stream, LOOK_EVERY_MS, 10, LAG_MS + 100);
    expect(stream.watch.trouble).toBeNull();
    flow(stream, LOOK_EVERY_MS, 10, LAG_MS + 100);
    expect(stream.watch.trouble).toBe("1095 ms behind");
    flow(stream, LOOK_EVERY_MS, 10, 20);
    expect(stream.watch.trouble).toBeNull();
  });

  test("a burst of old changes among new ones, or in one look, is a new subscription", () => {
    const stream = fresh();
    flow(stream, 5_000, 10);
    stream.watch.onChange(stream.atMs + VENUE_AHEAD_MS - 2_000, stream.atMs);
    flow(stream, 1_000, 1);
    expect(stream.watch.trouble).toBeNull();
    flow(stream, LOOK_EVERY_MS, 40, 2_000);
    flow(stream, 1_000, 0);
    expect(stream.watch.trouble).toBeNull();
  });

  test("a second socket that is late from its start is measured by the first", () => {
    const least = new LeastAge();
    flow(fresh(least), 5_000, 10);
    const late = fresh(least);
    flow(late, 2 * LOOK_EVERY_MS, 10, 3_000);
    expect(late.watch.trouble).toBe("2995 ms behind");
  });

  test("clocks that drift apart by a second an hour are no lag", () => {
    const stream = fresh();
    for (let minute = 0; minute < 180; minute++) flow(stream, 60_000, 2, 5 + (minute * 1_000) / 60);
    expect(stream.watch.trouble).toBeNull();
  });
});
