import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { LOG_SEARCH_WORKER_URL } from "../../../src/embedded.ts";
import {
  BATCH_LINES_MAX,
  followFile,
  PART_BYTES_MAX,
  POLL_EVERY_MS,
} from "../../../src/logs/follow.ts";
import { openLogFiles } from "../../../src/logs/log-files.ts";
import { createLogReader } from "../../../src/logs/log-reader.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { type HandClock, handClock, tempDir } from "../record/support.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) stop();
});

/** Follows engine.log of a new directory on a hand-moved clock. */
async function following(content: string | null = "old\n") {
  const dir = tempDir();
  const path = join(dir, "engine.log");
  if (content !== null) writeFileSync(path, content);
  const clock = handClock();
  const batches: (readonly string[])[] = [];
  const stop = followFile({ path, clock, onLines: (lines) => batches.push(lines) });
  running.push(stop);
  await settled(clock);
  /** Lets polls happen until `count` lines came, or enough polls have shown that they do not. */
  const lines = async (count: number) => {
    for (let tries = 0; tries < 100 && batches.flat().length < count; tries++) {
      clock.advance(POLL_EVERY_MS);
      await settled(clock);
    }
    return batches.flat();
  };
  const quiet = async () => {
    for (let polls = 0; polls < 3; polls++) {
      clock.advance(POLL_EVERY_MS);
      await settled(clock);
    }
    return batches.flat();
  };
  return { dir, path, clock, batches, stop, lines, quiet };
}

/** A follower that was stopped plans no further poll: this long shows it. */
const IDLE_TRIES_MAX = 300;

/** Waits for the reads of one poll, however long they take: the next one is planned after them. */
async function settled(clock: HandClock): Promise<void> {
  let tries = 0;
  do await Bun.sleep(1);
  while (clock.waiting() === 0 && ++tries < IDLE_TRIES_MAX);
}

describe("following a file", () => {
  test("gives new lines only, each once it is whole", async () => {
    const { path, lines, quiet } = await following("old\n");
    appendFileSync(path, "one\ntw");
    expect(await lines(1)).toEqual(["one"]);
    expect(await quiet()).toEqual(["one"]);
    appendFileSync(path, "o\nthree\n");
    expect(await lines(3)).toEqual(["one", "two", "three"]);
  });

  test("cuts letters of several bytes nowhere", async () => {
    const { path, lines, quiet } = await following();
    const bytes = Buffer.from("日本\n");
    appendFileSync(path, bytes.subarray(0, 4));
    await quiet();
    appendFileSync(path, bytes.subarray(4));
    expect(await lines(1)).toEqual(["日本"]);
  });

  test("reads a rotated file to its end before the new one", async () => {
    const { dir, path, lines } = await following();
    appendFileSync(path, "one\n");
    renameSync(path, join(dir, "engine.1.log"));
    appendFileSync(join(dir, "engine.1.log"), "two\nlast without newline");
    writeFileSync(path, "three\n");
    expect(await lines(4)).toEqual(["one", "two", "last without newline", "three"]);
  });

  test("reads every file when several rotations came between two polls", async () => {
    const { dir, path, lines } = await following();
    appendFileSync(path, "one\n");
    renameSync(path, join(dir, "engine.3.log"));
    writeFileSync(join(dir, "engine.2.log"), "two\n");
    writeFileSync(join(dir, "engine.1.log"), "three\n");
    writeFileSync(path, "four\n");
    expect(await lines(4)).toEqual(["one", "two", "three", "four"]);
  });

  test("starts again at the front of a truncated file", async () => {
    const { path, lines } = await following("a long old line\n");
    truncateSync(path);
    appendFileSync(path, "new\n");
    expect(await lines(1)).toEqual(["new"]);
  });

  test("starts again at the front of a truncated file that has outgrown its old place", async () => {
    const { path, lines } = await following("a long old line\n");
    truncateSync(path);
    appendFileSync(path, "the first new line\nthe second new line\n");
    expect(await lines(2)).toEqual(["the first new line", "the second new line"]);
  });

  test("waits for a deleted file to come back", async () => {
    const { path, lines, quiet } = await following();
    rmSync(path);
    expect(await quiet()).toEqual([]);
    writeFileSync(path, "again\n");
    expect(await lines(1)).toEqual(["again"]);
  });

  test("reads a file that was not there from its front", async () => {
    const { path, lines } = await following(null);
    writeFileSync(path, "first\n");
    expect(await lines(1)).toEqual(["first"]);
  });

  test("hands over in batches that a page can take", async () => {
    const { path, lines, batches } = await following();
    appendFileSync(path, "x\n".repeat(3 * BATCH_LINES_MAX + 1));
    expect(await lines(3 * BATCH_LINES_MAX + 1)).toHaveLength(3 * BATCH_LINES_MAX + 1);
    expect(Math.max(...batches.map((batch) => batch.length))).toBe(BATCH_LINES_MAX);
  });

  test("does not collect a line without an end", async () => {
    const { path, lines } = await following();
    appendFileSync(path, "x".repeat(3 * PART_BYTES_MAX));
    const [part] = await lines(1);
    expect(part?.length).toBeGreaterThanOrEqual(PART_BYTES_MAX);
    expect(part?.length).toBeLessThan(2 * PART_BYTES_MAX);
  });

  test("gives nothing after it was stopped", async () => {
    const { path, stop, quiet } = await following();
    stop();
    appendFileSync(path, "late\n");
    expect(await quiet()).toEqual([]);
  });

  test("sees every line of a log that rotates under it", async () => {
    const dir = tempDir();
    const clock = handClock();
    const files = openLogFiles({ dir, clock, fileBytesMax: 5_000 });
    const log = files.logger("x");
    log.info("before");
    await files.flush();
    const seen: number[] = [];
    const onLines = (lines: readonly string[]) => {
      for (const line of lines) seen.push(JSON.parse(line).n);
    };
    running.push(followFile({ path: join(dir, "engine.log"), clock, onLines }));
    await settled(clock);
    for (let n = 0; n < 1_000; n++) {
      log.info("line", { n });
      if (n % 97 !== 0) continue;
      await files.flush();
      clock.advance(POLL_EVERY_MS);
      await settled(clock);
    }
    await files.close();
    for (let tries = 0; tries < 100 && seen.length < 1_000; tries++) {
      clock.advance(POLL_EVERY_MS);
      await settled(clock);
    }
    expect(seen).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });
});

describe("the log reader", () => {
  function reading() {
    const root = tempDir();
    const dir = join(root, "logs");
    mkdirSync(join(dir, "folder.log"), { recursive: true });
    writeFileSync(join(root, "secret.log"), "secret\n");
    writeFileSync(join(dir, "engine.log"), "one\ntwo\n");
    writeFileSync(join(dir, "scalper.db"), "not a log\n");
    symlinkSync(join(root, "secret.log"), join(dir, "link.log"));
    return {
      root,
      dir,
      reader: createLogReader({ dir, clock: handClock(), searchUrl: LOG_SEARCH_WORKER_URL }),
    };
  }

  test("lists plain log files only", () => {
    const { reader } = reading();
    expect(reader.files()).toEqual([
      { name: "engine.log", bytes: 8, modifiedAtMs: expect.any(Number) },
    ]);
  });

  test("reads the end of one, with or without a text", async () => {
    const { reader } = reading();
    expect(await reader.tail({ file: "engine.log", lines: 1 })).toEqual([
      { offset: 4, text: "two" },
    ]);
    const asked = { file: "engine.log", filter: { q: "one" }, order: "newest" } as const;
    const found = await reader.find(asked, { hitsMax: 9, bytesMax: 1_000, forMs: 1_000 });
    expect(found?.hits.map(({ text }) => text)).toEqual(["one"]);
  });

  test.each([
    "../secret.log",
    "link.log",
    "folder.log",
    "scalper.db",
    "absent.log",
    "/etc/passwd",
    "logs/../engine.log",
    "./engine.log",
    "engine.log\0",
    "",
    ".",
  ])("knows no file %p, for reading or following", async (file) => {
    const { reader } = reading();
    expect(await reader.tail({ file, lines: 5 })).toBeNull();
    expect(reader.search({ file, filter: {}, order: "newest" })).toBeNull();
    expect(await reader.around(file, 0, 5)).toBeNull();
    const seen: unknown[] = [];
    reader.follow(file, (lines) => seen.push(lines))();
    expect(seen).toEqual([]);
  });

  test("without a directory there are no files", async () => {
    const reader = createLogReader({
      dir: join(tempDir(), "none"),
      clock: handClock(),
      searchUrl: LOG_SEARCH_WORKER_URL,
    });
    expect(reader.files()).toEqual([]);
    expect(await reader.tail({ file: "engine.log", lines: 1 })).toBeNull();
  });

  test("one page that fails or leaves does not disturb the others", async () => {
    const { dir } = reading();
    const clock = handClock();
    const reader = createLogReader({ dir, clock, searchUrl: LOG_SEARCH_WORKER_URL });
    const seen: string[] = [];
    const left: string[] = [];
    running.push(
      reader.follow("engine.log", () => {
        throw new Error("stream closed");
      }),
      reader.follow("engine.log", (lines) => seen.push(...lines)),
    );
    reader.follow("engine.log", (lines) => left.push(...lines))();
    await settled(clock);
    for (const line of ["three", "four"]) {
      appendFileSync(join(dir, "engine.log"), `${line}\n`);
      for (let tries = 0; tries < 100 && seen.at(-1) !== line; tries++) {
        clock.advance(POLL_EVERY_MS);
        await settled(clock);
      }
    }
    expect(seen).toEqual(["three", "four"]);
    expect(left).toEqual([]);
  });
});
