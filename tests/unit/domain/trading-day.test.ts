/** Days between two midnights of a place, also where a clock jumps. */
import { expect, test } from "bun:test";
import { dayOf } from "../../../src/domain/trading-day.ts";

const HOUR_MS = 3_600_000;

test.each([
  ["UTC", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00Z", 24],
  ["UTC", "2026-03-29T00:00:00Z", "2026-03-29T00:00:00Z", 24],
  ["UTC", "2026-03-28T23:59:59.999Z", "2026-03-28T00:00:00Z", 24],
  ["Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23],
  ["Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25],
  ["America/New_York", "2026-01-05T04:59:00Z", "2026-01-04T05:00:00Z", 24],
  ["Asia/Kolkata", "2026-01-05T18:30:00Z", "2026-01-05T18:30:00Z", 24],
  // Clocks jump from 00:00 to 01:00: the day begins at 01:00.
  ["Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", 23],
  ["Australia/Lord_Howe", "2026-04-05T00:00:00Z", "2026-04-04T13:00:00Z", 24.5],
])("in %s the day of %s begins at %s and has %d hours", (zone, at, start, hours) => {
  const day = dayOf(Date.parse(at), zone);
  expect(new Date(day.startsAtMs).toISOString()).toBe(new Date(start).toISOString());
  expect((day.endsAtMs - day.startsAtMs) / HOUR_MS).toBe(hours);
  expect(dayOf(day.endsAtMs, zone).startsAtMs).toBe(day.endsAtMs);
});

test("a name that is no zone is refused", () => {
  expect(() => dayOf(0, "Mars/Olympus")).toThrow(RangeError);
});
