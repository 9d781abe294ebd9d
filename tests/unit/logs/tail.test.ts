import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { LOG_SEARCH_WORKER_URL } from "../../../src/embedded.ts";
import {
  createLogReader,
  TAILS_AT_ONCE_MAX,
  TAILS_WAITING_MAX,
} from "../../../src/logs/log-reader.ts";
import { TAIL_BYTES_MAX, TAIL_LINES_MAX, tailBytes, tailLines } from "../../../src/logs/tail.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { tempDir } from "../record/support.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const dir = tempDir();
let files = 0;
function fileWith(content: string | Uint8Array): string {
  const path = join(dir, `file-${files++}.log`);
  writeFileSync(path, content);
  return path;
}

const realTail = (path: string, lines: number): Buffer =>
  Buffer.from(Bun.spawnSync(["tail", "-n", String(lines), path]).stdout);

const BLOCK = 64 * 1024;

const tailTexts = async (path: string, lines: number) =>
  (await tailLines(path, lines))?.map(({ text }) => text);

describe("the last lines", () => {
  test.each([
    ["an empty file", ""],
    ["one newline", "\n"],
    ["only newlines", "\n\n\n\n"],
    ["a line without its newline", "one\ntwo\nthree"],
    ["a line with its newline", "one\ntwo\nthree\n"],
    ["carriage returns", "one\r\ntwo\r\nthree\r\n"],
    ["empty lines at the end", "one\n\n\n"],
    ["a line longer than two blocks", `${"a".repeat(2 * BLOCK + 7)}\nb\n`],
    ["a newline at a block's edge", `${"a".repeat(10)}\n${"b".repeat(BLOCK - 1)}\n`],
    ["a newline just before a block", `x\n${"b".repeat(BLOCK - 2)}\n`],
    ["exactly one block", "abc\n".repeat(BLOCK / 4)],
    ["text outside ASCII", "größe\n日本語\n🚀\n"],
  ])("of %s are the bytes that tail prints", async (_, content) => {
    const path = fileWith(content);
    for (const lines of [0, 1, 2, 3, 4, 100, 20_000]) {
      expect((await tailBytes(path, lines))?.bytes).toEqual(realTail(path, lines));
    }
  });

  test("of any file are the bytes that tail prints", async () => {
    const line = fc.oneof(
      fc.string(),
      fc.constant(""),
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
      fc.integer({ min: BLOCK - 3, max: BLOCK + 3 }).map((length) => "x".repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.nat(35), async (parts, lines) => {
        const path = fileWith(Buffer.from(parts.join("\n"), "latin1"));
        expect((await tailBytes(path, lines))?.bytes).toEqual(realTail(path, lines));
      }),
      { numRuns: 150 },
    );
  });

  test("as text end where the bytes end", async () => {
    expect(await tailTexts(fileWith("one\ntwo\r\nthree"), 2)).toEqual(["two\r", "three"]);
    expect(await tailTexts(fileWith("one\ntwo\n\n"), 2)).toEqual(["two", ""]);
    expect(await tailTexts(fileWith(""), 5)).toEqual([]);
    expect(await tailTexts(fileWith("\uFEFFbom\n"), 5)).toEqual(["\uFEFFbom"]);
  });

  test("say where in the file they begin", async () => {
    const lines = await tailLines(fileWith("größe\ntwo\nthree\n"), 2);
    expect(lines).toEqual([
      { offset: 8, text: "two" },
      { offset: 12, text: "three" },
    ]);
  });

  test("with invalid UTF-8 are still text", async () => {
    const path = fileWith(Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0xc3, 0x0a]));
    expect(await tailTexts(path, 5)).toEqual(["a\uFFFD\uFFFD", "\uFFFD"]);
  });

  test("are at most so many, and at most so many bytes", async () => {
    const many = fileWith("x\n".repeat(TAIL_LINES_MAX + 10));
    expect(await tailTexts(many, Number.MAX_SAFE_INTEGER)).toHaveLength(TAIL_LINES_MAX);
    const wide = fileWith(Buffer.alloc(TAIL_BYTES_MAX + 3 * BLOCK, "y"));
    expect((await tailBytes(wide, 5))?.bytes.length).toBe(TAIL_BYTES_MAX);
  });

  test.each([-1, 0, Number.NaN])("%p lines are none", async (lines) => {
    expect(await tailTexts(fileWith("one\n"), lines)).toEqual([]);
  });

  test("of a file that is not there are null", async () => {
    expect(await tailLines(join(dir, "absent.log"), 5)).toBeNull();
  });
});

describe("many readers at once", () => {
  test("some read, some wait, the rest is turned away, and the places come free again", async () => {
    const dir = tempDir();
    writeFileSync(join(dir, "engine.log"), "one\ntwo\n");
    const reader = createLogReader({
      dir,
      clock: virtualClock(0),
      searchUrl: LOG_SEARCH_WORKER_URL,
    });
    const ask = () => reader.tail({ file: "engine.log", lines: 1 });
    const asked = TAILS_AT_ONCE_MAX + TAILS_WAITING_MAX + 3;
    const answers = await Promise.allSettled(Array.from({ length: asked }, ask));
    const refused = answers.filter(({ status }) => status === "rejected");
    expect(refused.map((answer) => (answer as PromiseRejectedResult).reason.name)).toEqual(
      Array.from({ length: 3 }, () => "LogsBusyError"),
    );
    expect(await ask()).toEqual([{ offset: 4, text: "two" }]);
  });

  test("a link put in place of a log leads nowhere", async () => {
    const dir = tempDir();
    symlinkSync("/etc/passwd", join(dir, "linked.log"));
    expect(await tailLines(join(dir, "linked.log"), 5)).toBeNull();
  });
});
