import { describe, expect, test } from "bun:test";
import { prngOf } from "../../../src/kernel/prng.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import {
  ADDRESS_BAN_MS,
  CONNECT_LIMIT,
  type Purpose,
  RequestLimits,
} from "../../../src/venue/bybit/budgets.ts";
import { RecentIds } from "../../../src/venue/common/recent-ids.ts";
import { ConnectGate } from "../../../src/venue/common/socket.ts";
import { VenueClock } from "../../../src/venue/common/venue-clock.ts";
import { backOffMs, Waits } from "../../../src/venue/common/waits.ts";

const START_MS = 1_700_000_000_000;
const NOTHING = { limit: Number.NaN, left: Number.NaN, resetAtMs: Number.NaN };

describe("request budgets", () => {
  function burst(limits: RequestLimits, path: string, purpose: Purpose, count: number): number {
    let taken = 0;
    for (let request = 0; request < count; request++) if (limits.take(path, purpose) === 0) taken++;
    return taken;
  }

  test("ten a second until a header says otherwise, in any second however it is cut", () => {
    const clock = virtualClock(START_MS);
    const limits = new RequestLimits(clock);
    expect(burst(limits, "/a", "order", 6)).toBe(6);
    clock.advanceTo(START_MS + 600);
    expect(burst(limits, "/a", "order", 10)).toBe(4);
    expect(limits.take("/a", "order")).toBe(400);
    clock.advanceTo(START_MS + 1_000);
    expect(burst(limits, "/a", "order", 10)).toBe(6);
  });

  test("endpoints do not share a window", () => {
    const limits = new RequestLimits(virtualClock(START_MS));
    expect(burst(limits, "/a", "order", 20)).toBe(10);
    expect(burst(limits, "/b", "order", 20)).toBe(10);
  });

  test("charts leave half of an endpoint to trading, and the address after a hundred", () => {
    const limits = new RequestLimits(virtualClock(START_MS));
    expect(burst(limits, "/bars", "chart", 20)).toBe(5);
    expect(burst(limits, "/bars", "read", 20)).toBe(5);
    for (let path = 0; path < 9; path++) burst(limits, `/${path}`, "cancel", 10);
    expect(burst(limits, "/other", "chart", 20)).toBe(0);
    expect(burst(limits, "/other", "read", 20)).toBe(10);
  });

  test("limits are learned, nonsense is not", () => {
    const limits = new RequestLimits(virtualClock(START_MS));
    limits.learn("/a", { ...NOTHING, limit: 20 }, 0);
    expect(limits.limitOf("/a")).toBe(20);
    for (const limit of [0, -1, 1e9, Number.NaN]) limits.learn("/a", { ...NOTHING, limit }, 0);
    expect(limits.limitOf("/a")).toBe(20);
  });

  test("when nothing is left the window opens at the venue's time, seen from our clock", () => {
    const clock = virtualClock(START_MS);
    const limits = new RequestLimits(clock);
    const offsetMs = 5_000;
    limits.learn("/a", { limit: 10, left: 0, resetAtMs: START_MS + offsetMs + 700 }, offsetMs);
    expect(limits.take("/a", "order")).toBe(700);
    limits.learn("/b", { limit: 10, left: 0, resetAtMs: START_MS + 3_600_000 }, 0);
    expect(limits.take("/b", "order")).toBe(0);
  });

  test("a refusal closes the endpoint for a second", () => {
    const limits = new RequestLimits(virtualClock(START_MS));
    limits.refused("/a");
    expect(limits.take("/a", "order")).toBe(1_000);
  });

  test("whatever else was sent, cancels may still go; reads stay below half", () => {
    const limits = new RequestLimits(virtualClock(START_MS));
    const flood = (name: string, purpose: Purpose) => {
      let sent = 0;
      for (let path = 0; path < 100; path++) sent += burst(limits, `/${name}${path}`, purpose, 10);
      return sent;
    };
    expect(flood("read", "read")).toBe(250);
    expect(flood("order", "order")).toBe(150);
    expect(limits.take("/fresh", "order")).toBeGreaterThan(0);
    expect(flood("reduce", "reduce")).toBe(50);
    limits.learn("/cancel", { ...NOTHING, limit: 1_000 }, 0);
    expect(burst(limits, "/cancel", "cancel", 200)).toBe(50);
  });

  test("an address ban stops reads and entries for as long as it lasts", () => {
    const clock = virtualClock(START_MS);
    const limits = new RequestLimits(clock);
    limits.banned(ADDRESS_BAN_MS);
    expect(limits.take("/a", "read")).toBe(ADDRESS_BAN_MS);
    expect(limits.take("/b", "order")).toBe(ADDRESS_BAN_MS);
    clock.advanceTo(START_MS + ADDRESS_BAN_MS);
    expect([limits.take("/a", "read"), limits.take("/b", "order")]).toEqual([0, 0]);
  });

  test.each(["cancel", "reduce"] as const)(
    "during a ban a %s may try the door once in ten seconds",
    (purpose) => {
      const clock = virtualClock(START_MS);
      const limits = new RequestLimits(clock);
      limits.banned(ADDRESS_BAN_MS);
      let sent = 0;
      for (let second = 0; second < 100; second++) {
        sent += burst(limits, "/a", purpose, 3);
        clock.advanceTo(clock.nowMs() + 1_000);
      }
      expect(sent).toBe(10);
    },
  );

  test("during a ban the smallest question is asked once a minute", () => {
    const clock = virtualClock(START_MS);
    const limits = new RequestLimits(clock);
    limits.banned(ADDRESS_BAN_MS);
    let sent = 0;
    for (let second = 0; second < 599; second++) {
      sent += burst(limits, "/time", "probe", 3);
      clock.advanceTo(clock.nowMs() + 1_000);
    }
    expect(sent).toBe(9);
  });

  test("what goes by socket takes nothing from the address and knows no ban", () => {
    const limits = new RequestLimits(virtualClock(START_MS));
    limits.learn("/a", { ...NOTHING, limit: 1_000 }, 0);
    for (let order = 0; order < 1_000; order++) expect(limits.takeBySocket("/a")).toBe(0);
    expect(limits.takeBySocket("/a")).toBeGreaterThan(0);
    expect(limits.take("/b", "read")).toBe(0);
    limits.banned(ADDRESS_BAN_MS);
    expect(limits.takeBySocket("/c")).toBe(0);
  });

  test("an answer to what was sent before the ban does not end it, one to a later probe does", () => {
    const clock = virtualClock(START_MS);
    const limits = new RequestLimits(clock);
    const beforeMs = clock.monotonicMs();
    clock.advanceTo(START_MS + 10);
    limits.banned(ADDRESS_BAN_MS);
    limits.answered(beforeMs);
    expect(limits.bannedMs).toBe(ADDRESS_BAN_MS);
    clock.advanceTo(START_MS + 20);
    limits.answered(clock.monotonicMs());
    expect([limits.bannedMs, limits.take("/a", "read")]).toEqual([0, 0]);
  });

  test("one endpoint that is refused at the door is left alone, the others are not", () => {
    const clock = virtualClock(START_MS);
    const limits = new RequestLimits(clock);
    limits.shut("/a", 60_000);
    expect(limits.take("/a", "read")).toBe(60_000);
    expect(limits.take("/b", "read")).toBe(0);
    clock.advanceTo(START_MS + 60_000);
    expect(limits.take("/a", "read")).toBe(0);
  });
});

describe("the venue's clock", () => {
  test("the offset is taken at the middle of the shortest round trip", () => {
    const clock = new VenueClock();
    expect(clock.offsetMs).toBe(0);
    clock.add(1_000, 1_400, 5_200);
    expect(clock.best).toEqual({ offsetMs: 4_000, errorMsMax: 200, atMs: 1_400 });
    clock.add(2_000, 2_020, 6_015);
    clock.add(3_000, 3_300, 9_999);
    expect([clock.offsetMs, clock.best?.errorMsMax]).toEqual([4_005, 10]);
  });

  test("vague and broken samples are refused, old ones forgotten", () => {
    const clock = new VenueClock();
    expect(clock.add(0, 60_000, 5)).toBe(false);
    expect(clock.add(10, 5, 5)).toBe(false);
    expect(clock.add(0, 10, Number.NaN)).toBe(false);
    expect(clock.add(0, 10, 1_005)).toBe(true);
    clock.add(3_600_000, 3_600_400, 3_605_200);
    expect(clock.offsetMs).toBe(5_000);
    clock.reset();
    expect(clock.best).toBeNull();
  });
});

describe("waiting", () => {
  test("back-off doubles to its cap and spreads by a quarter", () => {
    const prng = prngOf("back-off");
    for (let failures = 0; failures < 40; failures++) {
      const plainMs = Math.min(5_000, 250 * 2 ** failures);
      const delayMs = backOffMs({ firstMs: 250, capMs: 5_000 }, failures, prng);
      expect(delayMs).toBeGreaterThanOrEqual(Math.floor(plainMs * 0.75));
      expect(delayMs).toBeLessThanOrEqual(Math.ceil(plainMs * 1.25));
    }
  });

  test("stopping ends every pause and lets no callback fire", async () => {
    const clock = virtualClock(START_MS);
    const waits = new Waits(clock);
    let fired = 0;
    waits.every(10, () => fired++);
    waits.after(10, () => fired++);
    const cancel = waits.after(10, () => fired++);
    cancel();
    clock.advanceTo(START_MS + 30);
    expect(fired).toBe(4);
    const paused = waits.pause(1_000_000);
    waits.stop();
    await paused;
    clock.advanceTo(START_MS + 10_000_000);
    expect(fired).toBe(4);
    await waits.pause(1_000);
    waits.after(1, () => fired++);
    clock.advanceTo(START_MS + 20_000_000);
    expect(fired).toBe(4);
  });

  test("a repetition that is cancelled from inside its own call is over", () => {
    const clock = virtualClock(START_MS);
    let fired = 0;
    const cancel = new Waits(clock).every(10, () => {
      fired++;
      cancel();
    });
    clock.advanceTo(START_MS + 1_000);
    expect(fired).toBe(1);
  });

  test("connections are spaced, and never more than 500 in five minutes", () => {
    const clock = virtualClock(START_MS);
    const gate = new ConnectGate(clock, CONNECT_LIMIT);
    const delays = Array.from({ length: 5 }, () => gate.reserve(0));
    expect(delays).toEqual([0, 20, 40, 60, 80]);
    expect(gate.reserve(1_000)).toBe(1_000);
    const atMs: number[] = [];
    for (let connect = 0; connect < 1_200; connect++) {
      const delayMs = gate.reserve(0);
      clock.advanceTo(clock.nowMs() + delayMs);
      atMs.push(clock.nowMs());
    }
    const busiest = Math.max(
      ...atMs.map((from) => atMs.filter((at) => at >= from && at < from + 300_000).length),
    );
    expect(busiest).toBeLessThan(500);
  });
});

test("recent ids are taken once and forgotten oldest first", () => {
  const ids = new RecentIds(3);
  expect(["a", "b", "a", "c"].map((id) => ids.take(id))).toEqual([true, true, false, true]);
  expect(ids.take("d")).toBe(true);
  expect(ids.take("b")).toBe(false);
  expect(ids.take("a")).toBe(true);
});
