import { describe, expect, test } from "bun:test";
import {
  averagePrice,
  bytes,
  clockUtc,
  compact,
  dateTimeUtc,
  duration,
  fixed,
  grouped,
  signed,
  withMinus,
} from "../../../views/format.ts";

describe("numbers", () => {
  test("grouping touches no digit", () => {
    expect(grouped("1234567.8900")).toBe("1,234,567.8900");
    expect(grouped("-1000")).toBe("−1,000");
    expect(grouped("0.0000001")).toBe("0.0000001");
    expect(grouped("999")).toBe("999");
    expect(grouped("")).toBe("–");
  });
  test("rounding never says minus zero", () => {
    expect(fixed(-0.001, 2)).toBe("0.00");
    expect(fixed(-0.006, 2)).toBe("−0.01");
    expect(fixed(Number.NaN, 2)).toBe("–");
    expect(fixed(Number.POSITIVE_INFINITY, 0)).toBe("–");
  });
  test("a sign only where it is visible", () => {
    expect(signed(0.001, 2)).toBe("0.00");
    expect(signed(1234.5, 2)).toBe("+1,234.50");
    expect(signed(-3, 0)).toBe("−3");
    expect(signed(0, 2)).toBe("0.00");
  });
  test("words have the minus of figures, and no minus zero", () => {
    expect(withMinus("aged 17/30 s, -1.8 bps")).toBe("aged 17/30 s, −1.8 bps");
    expect(withMinus("no quote: edge -0.0 < 0 bps")).toBe("no quote: edge 0.0 < 0 bps");
    expect(withMinus("run a-1 since 2026-11-21, soft-stop")).toBe(
      "run a-1 since 2026-11-21, soft-stop",
    );
  });
  test("an average has two decimals more than its tick", () => {
    expect(averagePrice("0.117266666666666666", 4)).toBe("0.117267");
    expect(averagePrice("63929.3", 2)).toBe("63,929.3000");
    expect(averagePrice("123456.789012345678901234", undefined)).toBe("123,456.79");
    expect(averagePrice("1.1295", undefined)).toBe("1.1295");
    expect(averagePrice("", 4)).toBe("–");
  });
  test("large and small", () => {
    expect(compact(4_100_000_000)).toBe("4.10 B");
    expect(compact(-1_500)).toBe("−1.50 k");
    expect(compact(999)).toBe("999");
    expect(bytes(999)).toBe("999 B");
    expect(bytes(1_048_576)).toBe("1.0 MB");
    expect(bytes(5e12)).toBe("5.0 TB");
    expect(bytes(5e15)).toBe("5,000.0 TB");
  });
});

describe("times", () => {
  test("are UTC whatever the machine's zone is", () => {
    expect(clockUtc(Date.UTC(2026, 10, 21, 5, 7, 9))).toBe("05:07:09");
    expect(dateTimeUtc(Date.UTC(2026, 0, 2, 23, 59, 59, 999))).toBe("2026-01-02 23:59:59");
  });
  test("that are none are a dash, not 1970", () => {
    for (const atMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e17]) {
      expect(clockUtc(atMs)).toBe("–");
    }
  });
  test("durations have at most two units", () => {
    expect(duration(38.4)).toBe("38 ms");
    expect(duration(-5)).toBe("0 ms");
    expect(duration(4_999)).toBe("4 s");
    expect(duration(125_000)).toBe("2 min 5 s");
    expect(duration(3_780_000)).toBe("1 h 3 min");
    expect(duration(47 * 3_600_000)).toBe("47 h 0 min");
    expect(duration(100 * 3_600_000)).toBe("4 d 4 h");
    expect(duration(Number.NaN)).toBe("–");
  });
});
