/** Replays of recordings that are damaged, mixed or odd: nothing is skipped in silence. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { EngineEvent } from "../../src/domain/event.ts";
import { virtualClock } from "../../src/runtime/clocks.ts";
import { marketConsumer, runReplay } from "../../src/venue/replay/run-replay.ts";

const folder = mkdtempSync(join(tmpdir(), "replay-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileOf(lines: readonly (object | string)[], packed = false): string {
  const text = lines
    .map((line) => (typeof line === "string" ? line : JSON.stringify(line)))
    .join("\n");
  const path = join(folder, `tape-${++files}.jsonl${packed ? ".gz" : ""}`);
  writeFileSync(path, packed ? gzipSync(text) : text);
  return path;
}

const recv = (ts: number, message: object | string) => ({
  ts,
  dir: "recv",
  data: typeof message === "string" ? message : JSON.stringify(message),
});
const book = (type: string, u: number, more: object = {}, depth = 50) => ({
  topic: `orderbook.${depth}.BTCUSDT`,
  type,
  ts: 5,
  data: { s: "BTCUSDT", b: [], a: [], u, seq: u, ...more },
});
const snapshot = book("snapshot", 10, { b: [["99.90", "1.000"]], a: [["100.10", "2.500"]] });
const good = { u: 10, bids: [["99.90", "1.000"]], asks: [["100.10", "2.500"]] };

async function books(lines: readonly (object | string)[], packed = false) {
  const file = fileOf(lines, packed);
  const { stdout, stderr, exitCode } = await runReplay({ file, print: "books", json: true });
  expect(exitCode).toBe(0);
  return { books: JSON.parse(stdout), stderr };
}

describe("damaged lines", () => {
  test("are counted and the first ones named; the rest is played", async () => {
    const bad = ["{", "[]", '{"ts":"x","dir":"recv","data":""}', { ts: 1, dir: "recv", data: {} }];
    const { books: printed, stderr } = await books([
      ...bad,
      { ts: 1, dir: "up", data: "" },
      "",
      recv(2, snapshot),
    ]);
    expect(printed).toEqual({ BTCUSDT: good });
    expect(stderr).toContain("5 of 7 lines are bad");
    expect(stderr).toContain("line 1: not a JSON object");
    expect(stderr).toContain('line 4: "data" is not a text');
    expect(stderr).toContain('line 5: "dir" is neither');
  });

  test("a line that never ends is bad and does not take the memory", async () => {
    const endless = `{"ts":1,"dir":"recv","data":"${"x".repeat(5_000_000)}"}`;
    const { books: printed, stderr } = await books([endless, recv(2, snapshot)]);
    expect(printed).toEqual({ BTCUSDT: good });
    expect(stderr).toContain("line 1: longer than");
  });

  test("what was sent is no input", async () => {
    const { books: printed, stderr } = await books([
      recv(1, snapshot),
      { ts: 2, dir: "send", data: JSON.stringify(book("delta", 99)) },
    ]);
    expect([printed, stderr]).toEqual([{ BTCUSDT: good }, ""]);
  });

  test("messages of other topics, garbage and faults are reported", async () => {
    const { stderr } = await books([
      recv(1, snapshot),
      recv(2, "nonsense"),
      recv(2, { topic: "allLiquidation.BTCUSDT", data: [] }),
      recv(3, { topic: "publicTrade.BTCUSDT", type: "snapshot", data: [{ s: "BTCUSDT" }] }),
    ]);
    expect(stderr).toContain("1 messages ignored (not json)");
    expect(stderr).toContain("1 messages ignored (unknown topic)");
    expect(stderr).toContain("1 messages are unusable: BTCUSDT trades message");
  });

  test("an empty file, a missing one and a broken archive say so", async () => {
    expect((await books([])).stderr).toContain("no received message");
    const missing = await runReplay({ file: join(folder, "nope"), print: "books", json: true });
    expect(missing).toMatchObject({ stdout: "", exitCode: 66 });
    expect(missing.stderr).toContain("cannot replay");
    const broken = join(folder, "broken.jsonl.gz");
    writeFileSync(broken, "this is no archive");
    const output = await runReplay({ file: broken, print: "trades", json: true });
    expect(output.exitCode).toBe(66);
  });

  test("Windows line ends, a packed copy and a last line without an end are fine", async () => {
    const lines = [recv(1, snapshot), recv(2, book("delta", 11, { b: [["99.90", "3.000"]] }))];
    const plain = (await books(lines)).books;
    expect(plain.BTCUSDT.bids).toEqual([["99.90", "3.000"]]);
    expect((await books(lines, true)).books).toEqual(plain);
    const windows = lines.map((line) => `${JSON.stringify(line)}\r`);
    expect((await books(windows)).books).toEqual(plain);
  });
});

describe("books that may not be believed", () => {
  test("are left out and named with the fault", async () => {
    const { books: printed, stderr } = await books([recv(1, snapshot), recv(2, book("delta", 12))]);
    expect(printed).toEqual({});
    expect(stderr).toContain("BTCUSDT (update id is 12, wanted 11)");
  });

  test("come back with a recorded snapshot and a quiet period", async () => {
    const gap = [recv(1, snapshot), recv(2, book("delta", 12)), recv(3, snapshot)];
    expect((await books([...gap, recv(3.4, book("delta", 11))])).books).toEqual({});
    const { books: printed, stderr } = await books([...gap, recv(3.6, book("delta", 11))]);
    expect(printed.BTCUSDT.u).toBe(11);
    expect(stderr).toBe("");
  });

  test("a truncated frame quarantines by the gap that it leaves", async () => {
    const cut = JSON.stringify(book("delta", 11)).slice(0, -5);
    const { books: printed } = await books([
      recv(1, snapshot),
      recv(2, cut),
      recv(3, book("delta", 12)),
    ]);
    expect(printed).toEqual({});
  });
});

test("of several depths the deepest wins, in whatever order they come", async () => {
  const deep = book(
    "snapshot",
    700,
    {
      b: [
        ["99.90", "1.000"],
        ["99.80", "1.000"],
      ],
      a: [],
    },
    200,
  );
  const shallow = book("snapshot", 3, { b: [["99.90", "9.000"]], a: [] }, 1);
  for (const order of [
    [shallow, deep],
    [deep, shallow],
    [shallow, deep, shallow],
  ]) {
    const { books: printed } = await books(order.map((message, at) => recv(at + 1, message)));
    expect(printed.BTCUSDT).toEqual({
      u: 700,
      bids: [
        ["99.90", "1.000"],
        ["99.80", "1.000"],
      ],
      asks: [],
    });
  }
});

describe("the exchange's own decimal text", () => {
  const levels = (b: string[][], a: string[][] = []) => recv(1, book("snapshot", 1, { b, a }));

  test("is kept where decimals are kept, and trimmed where zeros are dropped", async () => {
    const kept = [
      ["1.50", "0.100"],
      ["1.40", "2.000"],
    ];
    expect((await books([levels(kept)])).books.BTCUSDT.bids).toEqual(kept);
    const trimmed = [
      ["1.55", "0.125"],
      ["1.5", "0.1"],
      ["1", "20"],
    ];
    expect((await books([levels(trimmed)])).books.BTCUSDT.bids).toEqual(trimmed);
  });

  test("price and size have a style of their own, and so have books and trades", async () => {
    const mixed = [
      ["1.50", "7"],
      ["1.40", "12"],
    ];
    const trade = { T: 9, s: "BTCUSDT", S: "Buy", v: "0.5", p: "1.4", i: "t" };
    const lines = [
      levels(mixed),
      recv(2, {
        topic: "publicTrade.BTCUSDT",
        type: "snapshot",
        data: [trade, { ...trade, v: "0.25" }],
      }),
    ];
    expect((await books(lines)).books.BTCUSDT.bids).toEqual(mixed);
    const { stdout } = await runReplay({ file: fileOf(lines), print: "trades", json: true });
    expect(JSON.parse(stdout)).toEqual([
      { symbol: "BTCUSDT", execId: "t", side: "Buy", price: "1.4", size: "0.5", venueAtMs: 9 },
      { symbol: "BTCUSDT", execId: "t", side: "Buy", price: "1.4", size: "0.25", venueAtMs: 9 },
    ]);
  });

  test("books keep their zeros where trades have more decimals", async () => {
    const kept = [["1.50", "0.10"]];
    const trade = { T: 9, s: "BTCUSDT", S: "Buy", v: "0.125", p: "1.505", i: "t" };
    const message = { topic: "publicTrade.BTCUSDT", type: "snapshot", data: [trade] };
    const { books: printed, stderr } = await books([levels(kept), recv(2, message)]);
    expect([printed.BTCUSDT.bids, stderr]).toEqual([kept, ""]);
  });

  test("zeros that come and go are reported, since they cannot be told from the number", async () => {
    const { stderr } = await books([
      levels([
        ["1.55", "1"],
        ["1.50", "1"],
        ["1.4", "1"],
      ]),
    ]);
    expect(stderr).toContain("trailing zeros come and go in BTCUSDT");
  });
});

test("a consumer sees the instruments first, then each event at its line's time", async () => {
  const inner = marketConsumer();
  const clock = virtualClock(0);
  const seen: [EngineEvent["kind"], number][] = [];
  const accept = (event: EngineEvent) => {
    seen.push([event.kind, clock.nowMs()]);
    inner.accept(event);
  };
  const file = fileOf([
    recv(1.5, snapshot),
    recv(1.25, book("delta", 11)),
    recv(9, book("delta", 12)),
  ]);
  await runReplay({
    file,
    print: "books",
    json: true,
    consume: { clock, accept, market: inner.market },
  });
  expect(seen).toEqual([
    ["instruments", 1_500],
    ["book", 1_500],
    ["book", 1_500],
    ["book", 9_000],
  ]);
});

test("people get lines instead of JSON", async () => {
  const file = fileOf([recv(1, snapshot)]);
  const { stdout } = await runReplay({ file, print: "books", json: false });
  expect(stdout).toBe("BTCUSDT u=10 bid 99.90 × 1.000 ask 100.10 × 2.500 (1 bids, 1 asks)\n");
});
