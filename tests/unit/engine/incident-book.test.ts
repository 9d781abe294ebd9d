/** What is one incident and what are two. */
import { describe, expect, test } from "bun:test";
import type { ServiceName, ServiceStatus } from "../../../src/domain/service.ts";
import { IncidentBook } from "../../../src/engine/incident-book.ts";

function setup() {
  const book = new IncidentBook("t");
  const say = (atSec: number, service: ServiceName, status: ServiceStatus, detail = "why") =>
    book.note({ service, source: "health", status, detail, atMs: atSec * 1_000 });
  return { book, say };
}

describe("a lost line", () => {
  test("is one incident with all that it took, and lasts until the last of it is well", () => {
    const { book, say } = setup();
    const lost = ["market-feed", "private-feed", "rest"] as const;
    const ids = lost.map((service, at) => say(at, service, "down")?.id);
    ids.push(say(3, "universe", "degraded")?.id, say(4, "engine", "degraded")?.id);
    expect(new Set(ids)).toEqual(new Set(["t-1"]));
    expect(book.has("universe")).toBe(true);
    for (const service of ["rest", "engine", "universe", "private-feed"] as const) {
      expect(say(30, service, "ok")).toBeNull();
    }
    const over = say(31, "market-feed", "ok");
    expect(over).toMatchObject({ id: "t-1", service: "market-feed", fromMs: 0, untilMs: 31_000 });
    expect(over?.cause).toContain("also private-feed");
  });

  test("that is noticed much later is another one", () => {
    const { say } = setup();
    say(0, "market-feed", "down");
    expect(say(60, "rest", "down")?.id).toBe("t-2");
  });

  test("takes nothing that has a trouble of its own", () => {
    const { book, say } = setup();
    say(0, "market-feed", "down");
    expect(say(1, "storage", "down")?.id).toBe("t-2");
    say(2, "engine", "degraded");
    expect(say(3, "engine", "down", "no step")).toMatchObject({ id: "t-3", service: "engine" });
    expect(say(4, "market-feed", "ok")).toMatchObject({ id: "t-1", untilMs: 4_000 });
    expect(book.has("engine")).toBe(true);
  });

  test("that is only slow takes nothing with it", () => {
    const { say } = setup();
    say(0, "rest", "degraded");
    expect(say(1, "universe", "degraded")?.id).toBe("t-2");
  });
});

describe("what comes and goes", () => {
  test("is one incident that says how often", () => {
    const { say } = setup();
    for (let at = 0; at < 100; at += 20) {
      say(at, "storage", at === 40 ? "down" : "degraded", "disk full");
      say(at + 10, "storage", "ok");
    }
    const last = say(100, "storage", "degraded");
    expect(last).toMatchObject({ id: "t-1", severity: "down", fromMs: 0, untilMs: null });
    expect(last?.cause).toBe("disk full (6 times)");
  });

  test("is another incident after it was well for a minute", () => {
    const { say } = setup();
    say(0, "storage", "down");
    say(10, "storage", "ok");
    expect(say(71, "storage", "down")?.id).toBe("t-2");
  });
});
