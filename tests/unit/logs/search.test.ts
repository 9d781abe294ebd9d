import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { LOG_SEARCH_WORKER_URL } from "../../../src/embedded.ts";
import { createLogReader } from "../../../src/logs/log-reader.ts";
import { BLOCK_BYTES, LINE_BYTES_MAX } from "../../../src/logs/scan.ts";
import { SEARCHES_MAX } from "../../../src/logs/search-client.ts";
import { systemClock } from "../../../src/runtime/clocks.ts";
import type { LogFilter } from "../../../src/runtime/ports/log.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { tempDir } from "../record/support.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const dir = tempDir();
const reader = createLogReader({ dir, clock: systemClock, searchUrl: LOG_SEARCH_WORKER_URL });
let files = 0;
function fileWith(content: string | Uint8Array): string {
  const path = join(dir, `file-${files++}.log`);
  writeFileSync(path, content);
  return path;
}

function find(path: string, filter: LogFilter, hitsMax = 1_000, before?: number) {
  const asked = { file: basename(path), filter, order: "newest", before } as const;
  return reader.find(asked, { hitsMax, bytesMax: 4 * 1024 * 1024, forMs: 20_000 });
}

/** Oldest first, as they stand in the file. */
async function lastLinesWith(path: string, lines: number, q: string): Promise<string[] | null> {
  if (lines === 0) return [];
  const found = await find(path, { q }, lines);
  return found === null ? null : found.hits.map(({ text }) => text).reverse();
}

describe("searching", () => {
  const plainly = (content: string, lines: number, q: string) => {
    const all = content.split("\n");
    if (content.endsWith("\n")) all.pop();
    return all.filter((line) => line.includes(q)).slice(lines === 0 ? all.length : -lines);
  };

  test("finds the last lines with the text, oldest first", async () => {
    const content = "buy 1\nsell 2\nbuy 3\nbuy buy 4\nsell 5";
    const path = fileWith(content);
    expect(await lastLinesWith(path, 2, "buy")).toEqual(["buy 3", "buy buy 4"]);
    expect(await lastLinesWith(path, 9, "sell")).toEqual(["sell 2", "sell 5"]);
    expect(await lastLinesWith(path, 9, "hold")).toEqual([]);
    expect(await lastLinesWith(path, 9, "1\nsell")).toEqual([]);
    expect(await lastLinesWith(path, 1, "")).toEqual(["sell 5"]);
    expect(await lastLinesWith(join(dir, "absent.log"), 5, "x")).toBeNull();
  });

  test("takes the text literally", async () => {
    const path = fileWith('{"a":".*"}\n{"a":"xx"}\n');
    expect(await lastLinesWith(path, 9, ".*")).toEqual(['{"a":".*"}']);
  });

  test("finds what lies across the edge of blocks", async () => {
    const mib = 1024 * 1024;
    const half = mib / 2;
    // The first block, read from the end, starts between the third and fourth letter.
    const behind = `dle${"b".repeat(half - 4)}\n${"c".repeat(half - 1)}\n`;
    expect(behind).toHaveLength(mib);
    const found = await lastLinesWith(
      fileWith(`first needle\n${"a".repeat(9)}nee${behind}`),
      9,
      "needle",
    );
    expect(found?.map((line) => line.length)).toEqual([12, 9 + 6 + half - 4]);
  });

  test("keeps the end of a line that is longer than the limit", async () => {
    const path = fileWith(`needle ${"a".repeat(3 * LINE_BYTES_MAX)} needle\n`);
    const found = await lastLinesWith(path, 9, "needle");
    expect(found).toHaveLength(1);
    expect(found?.[0]).toEndWith("a needle");
    expect(found?.[0]?.length).toBeLessThanOrEqual(2 * LINE_BYTES_MAX);
  });

  test("agrees with a plain filter on any file", async () => {
    const piece = fc.oneof(
      fc.constantFrom("needle", "nee", "dle", "x", ""),
      fc.integer({ min: 0, max: 300_000 }).map((length) => "y".repeat(length)),
    );
    const line = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.nat(10), async (parts, lines) => {
        const content = parts.join("\n");
        const found = await lastLinesWith(fileWith(content), lines, "needle");
        expect(found).toEqual(plainly(content, lines, "needle"));
      }),
      { numRuns: 60 },
    );
  });
});

const at = (second: number) => new Date(1_700_000_000_000 + second * 1_000).toISOString();
const line = (second: number, level: string, msg: string) =>
  `{"level":"${level}","time":"${at(second)}","msg":"${msg}"}`;

describe("a search", () => {
  test("reads the whole file: a line in its first block is found, and where it lies", async () => {
    const filler = `${"x".repeat(199)}\n`.repeat((5 * BLOCK_BYTES) / 200);
    const path = fileWith(`first\na needle here\n${filler}last\n`);
    const found = await find(path, { q: "needle" });
    expect(found?.hits).toEqual([{ offset: 6, text: "a needle here" }]);
    expect(found?.isDone).toBe(true);
    expect(found?.searchedBytes).toBe(found?.fileBytes ?? 0);
  });

  test("that finds nothing has counted what it looked at", async () => {
    const found = await find(fileWith("one\ntwo\nthree"), { q: "needle" });
    expect(found).toMatchObject({ hits: [], isDone: true, lines: 3, matches: 0, fileBytes: 13 });
  });

  test("that has enough says where to go on, and nothing is lost or doubled there", async () => {
    const lines = Array.from({ length: 60_000 }, (_, n) => `line ${n} ${"y".repeat(n % 300)}`);
    const path = fileWith(`${lines.join("\n")}\n`);
    const seen: string[] = [];
    let before: number | undefined;
    for (;;) {
      const found = await find(path, { q: "7 y" }, 700, before);
      seen.push(...(found?.hits.map(({ text }) => text) ?? []));
      if (found?.isDone !== false) break;
      before = found.before;
    }
    expect(seen.reverse()).toEqual(lines.filter((text) => text.includes("7 y")));
  });

  test("in the file's order gives the same lines the other way round", async () => {
    const content = Array.from({ length: 90_000 }, (_, n) => `${n} ${"z".repeat(n % 200)}`);
    const path = fileWith(content.join("\n"));
    const search = reader.search({ file: basename(path), filter: { q: "99 z" }, order: "file" });
    const texts: string[] = [];
    for (let isDone = false; !isDone; ) {
      const step = await search?.next({ hitsMax: 100, bytesMax: 10_000, forMs: 20 });
      texts.push(...(step?.hits.map(({ text }) => text) ?? []));
      isDone = step?.isDone ?? true;
    }
    search?.close();
    expect(texts).toEqual(content.filter((text) => text.includes("99 z")));
  });

  test("takes expressions, exclusions and levels, and counts by level", async () => {
    const path = fileWith(
      [
        line(0, "info", "order 12 placed"),
        line(1, "warn", "order 13 late"),
        line(2, "info", "order x placed"),
        line(3, "error", "order 14 refused"),
        "order 15 without a level",
      ].join("\n"),
    );
    const texts = async (filter: LogFilter) =>
      (await find(path, filter))?.hits.map(({ text }) => /order \w+/.exec(text)?.[0]);
    expect(await texts({ q: "order \\d+", isRegex: true, not: "refused" })).toEqual([
      "order 15",
      "order 13",
      "order 12",
    ]);
    expect(await texts({ levels: ["warn", "error"] })).toEqual(["order 14", "order 13"]);
    expect(await texts({ levels: ["warn"] })).toEqual(["order 13"]);
    const found = await find(path, { q: "order", levels: ["error"] });
    expect(found?.levels).toEqual({ info: 2, warn: 1, error: 1, "": 1 });
    expect(found?.matches).toBe(1);
  });

  test("for a time reads only that part of the file", async () => {
    const pad = "p".repeat(900);
    const path = fileWith(
      Array.from({ length: 40_000 }, (_, n) => line(n, "info", `${n} ${pad}`)).join("\n"),
    );
    const filter = { fromMs: Date.parse(at(20_000)), untilMs: Date.parse(at(20_009)) };
    const found = await find(path, filter);
    expect(found?.hits.map(({ text }) => /"msg":"(\d+)/.exec(text)?.[1])).toEqual(
      Array.from({ length: 10 }, (_, n) => String(20_009 - n)),
    );
    expect(found?.isDone).toBe(true);
    expect(found?.totalBytes).toBeLessThan((found?.fileBytes ?? 0) / 2);
  });

  test("ends with its reader, and beyond a few at once others are told to wait", async () => {
    const path = fileWith("a\n");
    const open = () => reader.search({ file: basename(path), filter: {}, order: "newest" });
    const searches = Array.from({ length: SEARCHES_MAX }, open);
    expect(open).toThrow("Too many log requests");
    const [first, ...others] = searches;
    const step = first?.next({ hitsMax: 1, bytesMax: 1, forMs: 1 });
    first?.close();
    await expect(step ?? null).rejects.toThrow("ended");
    for (const search of others) search?.close();
    expect((await find(path, {}))?.hits).toHaveLength(1);
  });
});

test("a search that nobody waits for any more ends", async () => {
  const path = fileWith("x\n".repeat(10 * BLOCK_BYTES));
  const asked = { file: basename(path), filter: { q: "none" }, order: "newest" } as const;
  const limits = { hitsMax: 1, bytesMax: 1_000, forMs: 60_000 };
  const found = reader.find(asked, limits, AbortSignal.timeout(1));
  await expect(found).rejects.toThrow("Nobody waits");
});

describe("around a line", () => {
  test("are its neighbours with their places", async () => {
    const path = fileWith(Array.from({ length: 50 }, (_, n) => `line ${n}`).join("\n"));
    const offset = 10 * "line 0\n".length + 5 * "line 10\n".length;
    const found = await reader.around(basename(path), offset + 3, 2);
    expect(found?.lines.map(({ text }) => text)).toEqual([
      "line 13",
      "line 14",
      "line 15",
      "line 16",
      "line 17",
    ]);
    expect(found?.lines[2]?.offset).toBe(offset);
    expect(await reader.around(basename(path), 100_000, 2)).toBeNull();
  });
});
