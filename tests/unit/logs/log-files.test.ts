import { describe, expect, test } from "bun:test";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { FREE_BYTES_MIN, type LogFilesOptions, openLogFiles } from "../../../src/logs/log-files.ts";
import { REDACTED, SECRETS_MAX, SecretTexts } from "../../../src/logs/redact.ts";
import {
  CHECK_EVERY_MS,
  GATHER_MS,
  PENDING_BYTES_MAX,
  RETRY_AFTER_MS,
} from "../../../src/logs/rotating-file.ts";
import { handClock, tempDir } from "../record/support.ts";

function setup(options: Partial<LogFilesOptions> = {}) {
  const clock = handClock();
  const dir = join(tempDir(), "logs");
  const files = openLogFiles({ dir, clock, ...options });
  const text = (name: string) => readFileSync(join(dir, name), "utf8");
  const lines = (name: string) =>
    text(name)
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { clock, dir, files, text, lines };
}

describe("a log line", () => {
  test("is one JSON object with time, level, component, message and data", async () => {
    const { files, lines, text } = setup();
    files.logger("engine").warn("book stale", { symbol: "BTCUSDT", ageMs: 5 });
    await files.flush();
    expect(lines("engine.log")).toEqual([
      {
        level: "warn",
        time: "2026-01-02T03:04:05.678Z",
        component: "engine",
        symbol: "BTCUSDT",
        ageMs: 5,
        msg: "book stale",
      },
    ]);
    expect(text("engine.log")).toEndWith("}\n");
  });

  test("goes to the file of its kind", async () => {
    const { files, lines } = setup();
    files.trade.info("fill", { execId: "e1" });
    files.access({ path: "/login", status: 200 });
    await files.flush();
    expect(lines("trade.log")).toMatchObject([{ msg: "fill", execId: "e1" }]);
    expect(lines("access.log")).toMatchObject([{ msg: "request", path: "/login", status: 200 }]);
    expect(files.stats().engine.lastOkAtMs).toBeNull();
  });

  test("is written together with what follows it at once, and nobody has to ask", async () => {
    const { clock, files, text } = setup();
    const log = files.logger("engine");
    log.info("order");
    clock.advance(GATHER_MS - 1);
    log.info("fill");
    await Bun.sleep(20);
    expect(text("engine.log")).toBe("");
    expect(clock.waiting()).toBe(1);
    clock.advance(1);
    for (let look = 0; look < 100 && text("engine.log") === ""; look++) await Bun.sleep(10);
    expect(text("engine.log").split("\n").length).toBe(3);
  });

  test("cannot be broken by its data", async () => {
    const { files, lines } = setup();
    const circular: Record<string, unknown> = { text: 'a\n"b"\u2028', big: 12n };
    circular.self = circular;
    const error = new TypeError("no", { cause: new Error("why") });
    files.logger("x").error("bad\nnews", { circular, error, msg: "mine", time: 1, level: "x" });
    await files.flush();
    const [line] = lines("engine.log");
    expect(line).toMatchObject({
      level: "error",
      msg: "bad\nnews",
      msg_: "mine",
      time_: 1,
      level_: "x",
    });
    expect(line.circular).toMatchObject({ text: 'a\n"b"\u2028', big: "12" });
    expect(line.error).toMatchObject({
      name: "TypeError",
      message: "no",
      cause: { message: "why" },
    });
  });

  test("is cut when it is absurdly long", async () => {
    const { files, text } = setup();
    files.logger("x").info("long", { text: "y".repeat(1_000_000), list: Array(100_000).fill(7) });
    await files.flush();
    expect(text("engine.log").length).toBeLessThan(6_000);
    expect(text("engine.log")).toContain("(1000000 characters)");
  });
});

describe("secrets", () => {
  const SECRET = 'canary+/secret="42"';

  test("are in no line, however they get there", async () => {
    const { files, text } = setup();
    expect(files.addSecret(SECRET)).toBe(true);
    const log = files.logger("rest");
    log.info(`signing with ${SECRET}`);
    log.error("failed", { error: new Error(`GET /v5?key=${encodeURIComponent(SECRET)}`) });
    log.warn(`url`, { url: `https://x/?a=${SECRET}`, nested: { deep: [{ note: SECRET }] } });
    log.info("basic", { header: Buffer.from(SECRET).toString("base64") });
    log.info("names", { [SECRET]: 1 });
    files.access({ path: `/x?token=${encodeURIComponent(SECRET)}` });
    files.trade.info(SECRET, { reason: SECRET });
    await files.flush();
    const all = text("engine.log") + text("access.log") + text("trade.log");
    expect(all).not.toContain("canary");
    expect(all).not.toContain(Buffer.from(SECRET).toString("base64"));
    expect(all.split(REDACTED).length - 1).toBe(10);
  });

  test.each([
    "apiKey",
    "apiSecret",
    "api_secret",
    "password",
    "Token",
    "signature",
    "cookie",
    "Set-Cookie",
    "Authorization",
    "X-BAPI-SIGN",
  ])("a value called %p is replaced without being registered", async (name) => {
    const { files, text } = setup();
    files
      .logger("x")
      .info("data", { [name]: "canary", nested: { list: [{ [name]: { a: "canary" } }] } });
    await files.flush();
    expect(text("engine.log")).not.toContain("canary");
    expect(text("engine.log")).toContain(name);
  });

  test("a text too short to be one, or one too many, is refused and says so", () => {
    const secrets = new SecretTexts();
    expect(secrets.add("USDT")).toBe(false);
    for (let n = 0; n < SECRETS_MAX; n++) expect(secrets.add(`secret-${n}`)).toBe(true);
    expect(secrets.add("secret-too-many")).toBe(false);
    expect(secrets.hide("USDT secret-63 secret-6")).toBe(`USDT ${REDACTED} ${REDACTED}`);
  });
});

describe("rotation", () => {
  const numbersIn = (dir: string) =>
    readdirSync(dir)
      .filter((name) => name.startsWith("engine."))
      .sort(
        (a, b) =>
          Number(b.split(".")[1]) - Number(a.split(".")[1]) || (a === "engine.log" ? 1 : -1),
      );

  test("while writing loses nothing and keeps the order", async () => {
    const { files, dir, text } = setup({ fileBytesMax: 10_000 });
    const log = files.logger("x");
    for (let n = 0; n < 3_000; n++) {
      log.info("line", { n });
      if (n % 700 === 0) await files.flush();
    }
    await files.close();
    const names = numbersIn(dir).filter((name) => name !== "engine.log");
    expect(names.length).toBeGreaterThan(20);
    const all = [...names, "engine.log"].map((name) => text(name)).join("");
    const seen = all
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).n);
    expect(seen).toEqual(Array.from({ length: 3_000 }, (_, n) => n));
    for (const name of names) expect(statSync(join(dir, name)).size).toBeLessThanOrEqual(10_000);
  });

  test("keeps the directory under its cap by deleting the oldest, and only ours", async () => {
    const { files, dir } = setup({ fileBytesMax: 1_000, dirBytesMax: 8_000 });
    await Bun.write(join(dir, "big.log"), "x".repeat(50_000));
    await Bun.write(join(dir, "engine.old.log"), "x".repeat(50_000));
    const log = files.logger("x");
    for (let n = 0; n < 500; n++) {
      log.info("line", { n });
      files.access({ n });
      files.trade.info("line", { n });
      if (n % 50 === 0) await files.flush();
    }
    await files.close();
    const ours = readdirSync(dir).filter((name) =>
      /^(engine|access|trade)(\.\d+)?\.log$/.test(name),
    );
    const bytes = ours.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(8_000);
    expect(bytes).toBeGreaterThan(4_000);
    expect(readFileSync(join(dir, "engine.log"), "utf8")).toContain('"n":499');
    expect(readdirSync(dir)).toContain("big.log");
    expect(readdirSync(dir)).toContain("engine.old.log");
  });

  test("noise in one log takes nothing of what another has kept", async () => {
    const { files, dir } = setup({ fileBytesMax: 1_000, dirBytesMax: 23_000 });
    for (let n = 0; n < 60; n++) files.trade.info("fill", { n });
    for (let n = 0; n < 60; n++) files.logger("x").info("line", { n });
    await files.flush();
    const kept = () => readdirSync(dir).filter((name) => /^(trade|engine)\.\d/.test(name));
    const before = kept();
    expect(before.length).toBeGreaterThan(6);
    for (let n = 0; n < 2_000; n++) {
      files.access({ n });
      if (n % 100 === 0) await files.flush();
    }
    await files.close();
    expect(kept()).toEqual(before);
  });

  test("a disk that is nearly full keeps the trade log and gives up the others' past", async () => {
    let free = 2 * FREE_BYTES_MIN;
    const options = { fileBytesMax: 1_000, freeBytes: () => Promise.resolve(free) };
    const { files, dir } = setup(options);
    const log = files.logger("x");
    const rotated = (name: string) =>
      readdirSync(dir).filter((file) => file.startsWith(`${name}.`)).length - 1;
    for (let n = 0; n < 60; n++) {
      files.trade.info("fill", { n });
      files.access({ n });
      log.info("line", { n });
    }
    await files.flush();
    const trades = rotated("trade");
    expect(rotated("access")).toBeGreaterThan(3);
    free = FREE_BYTES_MIN - 1_000_000;
    for (let n = 0; n < 20; n++) log.info("more", { n });
    await files.close();
    expect(rotated("access")).toBe(0);
    expect(rotated("engine")).toBe(0);
    expect(rotated("trade")).toBe(trades);
  });

  test("goes on where the last process stopped", async () => {
    const first = setup({ fileBytesMax: 400 });
    first.files.logger("x").info("first");
    await first.files.close();
    const second = openLogFiles({ dir: first.dir, clock: first.clock, fileBytesMax: 400 });
    for (let n = 0; n < 4; n++) second.logger("x").info("second", { n });
    await second.close();
    expect(first.text("engine.1.log")).toContain("first");
    expect(first.text("engine.1.log")).toContain("second");
  });

  test("a line longer than a whole file is written alone", async () => {
    const { files, lines } = setup({ fileBytesMax: 300 });
    const log = files.logger("x");
    log.info("short");
    log.info("long", { text: "y".repeat(1_000) });
    log.info("after");
    await files.close();
    expect(lines("engine.2.log")).toMatchObject([{ msg: "short" }]);
    expect(lines("engine.1.log")).toMatchObject([{ msg: "long" }]);
    expect(lines("engine.log")).toMatchObject([{ msg: "after" }]);
  });
});

describe("trouble", () => {
  test("each log is there, empty, before its first line", () => {
    const { dir } = setup();
    expect(readdirSync(dir).sort()).toEqual(["access.log", "engine.log", "trade.log"]);
    expect(statSync(join(dir, "engine.log")).mode & 0o777).toBe(0o640);
  });

  test.each([
    ["deleted", (path: string) => rmSync(path)],
    ["moved away", (path: string) => renameSync(path, `${path}.moved`)],
  ])("a file that was %s is opened anew", async (_, hurt) => {
    const { files, dir, clock, lines } = setup();
    const log = files.logger("x");
    log.info("before");
    await files.flush();
    hurt(join(dir, "engine.log"));
    clock.advance(CHECK_EVERY_MS);
    log.info("after");
    await files.flush();
    expect(lines("engine.log")).toMatchObject([{ msg: "after" }]);
  });

  test("a deleted directory is made again", async () => {
    const { files, dir, clock, lines } = setup();
    files.logger("x").info("before");
    await files.flush();
    rmSync(dir, { recursive: true });
    clock.advance(CHECK_EVERY_MS);
    files.logger("x").info("after");
    await files.flush();
    expect(lines("engine.log")).toMatchObject([{ msg: "after" }]);
  });

  test("a truncated file goes on at its end, without a hole", async () => {
    const { files, dir, clock, text } = setup();
    files.logger("x").info("before");
    await files.flush();
    truncateSync(join(dir, "engine.log"));
    clock.advance(CHECK_EVERY_MS);
    files.logger("x").info("after");
    await files.flush();
    expect(text("engine.log")).toStartWith("{");
  });

  test("a disk that refuses holds lines back, and they are written when it recovers", async () => {
    const { files, dir, clock, lines } = setup();
    rmSync(dir, { recursive: true });
    writeFileSync(dir, "a file where the directory should be");
    files.logger("x").info("one");
    await files.flush();
    expect(files.stats().engine).toMatchObject({ lastOkAtMs: null, droppedLines: 0 });
    expect(files.stats().engine.lastError).not.toBe("");
    files.logger("x").info("two");
    rmSync(dir);
    mkdirSync(dir);
    clock.advance(RETRY_AFTER_MS);
    await files.flush();
    expect(lines("engine.log")).toMatchObject([{ msg: "one" }, { msg: "two" }]);
    expect(files.stats().engine.lastError).toBe("");
  });

  test("more than memory may hold is dropped, counted, and said in the log", async () => {
    const { files, lines } = setup();
    const log = files.logger("x");
    const text = "y".repeat(3_900);
    const count = Math.ceil(PENDING_BYTES_MAX / 3_900) + 100;
    for (let n = 0; n < count; n++) log.info("flood", { text });
    const { droppedLines, pendingBytes } = files.stats().engine;
    expect(pendingBytes).toBeLessThanOrEqual(PENDING_BYTES_MAX);
    expect(droppedLines).toBeGreaterThanOrEqual(100);
    await files.close();
    const written = lines("engine.log");
    expect(written.filter((line) => line.msg === "flood")).toHaveLength(count - droppedLines);
    expect(written.filter((line) => line.msg === "lines dropped")).toMatchObject([
      { dropped: droppedLines, level: "warn" },
    ]);
  });

  test("a dying process writes what it still holds", () => {
    const { files, lines } = setup();
    files.logger("x").error("last words");
    files.flushSync();
    expect(lines("engine.log")).toMatchObject([{ msg: "last words" }]);
  });
});
