import { describe, expect, test } from "bun:test";
import { momentOf } from "../../../src/monitor/log-params.ts";

const NOW_MS = Date.parse("2026-11-21T13:10:00Z");
const iso = (text: string): string => new Date(momentOf(text, NOW_MS)).toISOString();

describe("a moment", () => {
  test.each([
    ["13:05:41", "2026-11-21T13:05:41.000Z"],
    ["13:05", "2026-11-21T13:05:00.000Z"],
    ["13:05:41.5", "2026-11-21T13:05:41.500Z"],
    ["13:10:01", "2026-11-20T13:10:01.000Z"],
    ["-10m", "2026-11-21T13:00:00.000Z"],
    ["-2h", "2026-11-21T11:10:00.000Z"],
    ["-1d", "2026-11-20T13:10:00.000Z"],
    ["2026-11-19", "2026-11-19T00:00:00.000Z"],
    ["2026-11-19 08:00", "2026-11-19T08:00:00.000Z"],
    ["2026-11-19T08:00:01Z", "2026-11-19T08:00:01.000Z"],
  ])("%s is %s", (text, wanted) => expect(iso(text)).toBe(wanted));
});
