import { expect, test } from "bun:test";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { DelayLine } from "../../../src/venue/paper/delay-line.ts";

function lineOf(deliver: (item: number, line: DelayLine<number>) => void, limit = 10) {
  const clock = virtualClock(0);
  const line: DelayLine<number> = new DelayLine({
    clock,
    delayMs: () => 10,
    limit,
    deliver: (item) => deliver(item, line),
  });
  return { clock, line };
}

test("each item comes out after the delay, in order", () => {
  const seen: [number, number][] = [];
  const { clock, line } = lineOf((item) => seen.push([item, clock.nowMs()]));
  line.push(1);
  line.push(2);
  clock.advanceTo(4);
  line.push(3);
  clock.advanceTo(100);
  line.push(4);
  clock.advanceTo(200);
  expect(seen).toEqual([
    [1, 10],
    [2, 10],
    [3, 14],
    [4, 110],
  ]);
});

test("an item pushed by a delivery takes its own time", () => {
  const seen: [number, number][] = [];
  const { clock, line } = lineOf((item, self) => {
    seen.push([item, clock.nowMs()]);
    if (item < 3) self.push(item + 1);
  });
  line.push(1);
  clock.advanceTo(1_000);
  expect(seen).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
});

test("a full line takes no more, and has room again when something left", () => {
  const seen: number[] = [];
  const { clock, line } = lineOf((item) => seen.push(item), 2);
  // One is held by the timer, two wait.
  expect([1, 2, 3, 4].map((item) => line.push(item))).toEqual([true, true, true, false]);
  clock.advanceTo(10);
  expect(line.push(5)).toBe(true);
  clock.advanceTo(20);
  expect(seen).toEqual([1, 2, 3, 5]);
});

test("draining delivers everything at once, also from inside a delivery, each item once", () => {
  const seen: number[] = [];
  const { clock, line } = lineOf((item, self) => {
    seen.push(item);
    if (item === 1) self.drain();
  });
  for (const item of [1, 2, 3]) line.push(item);
  clock.advanceTo(10);
  expect(seen).toEqual([1, 2, 3]);
  clock.advanceTo(100);
  expect(seen).toEqual([1, 2, 3]);
});

test("a stopped line forgets what was on the way", () => {
  const seen: number[] = [];
  const { clock, line } = lineOf((item) => seen.push(item));
  line.push(1);
  line.push(2);
  line.stop();
  clock.advanceTo(100);
  expect(seen).toEqual([]);
});

test("an item with a shorter way than the one before it does not overtake", () => {
  const clock = virtualClock(0);
  const ways = [30, 5, 20];
  const seen: [number, number][] = [];
  const line: DelayLine<number> = new DelayLine({
    clock,
    delayMs: () => ways.shift() ?? 0,
    limit: 10,
    deliver: (item) => seen.push([item, clock.nowMs()]),
  });
  for (const item of [1, 2, 3]) line.push(item);
  clock.advanceTo(100);
  expect(seen).toEqual([
    [1, 30],
    [2, 30],
    [3, 30],
  ]);
});
