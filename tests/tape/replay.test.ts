import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runReplay } from "../../src/venue/replay/run-replay.ts";
import { given } from "../support/given.ts";
import { PROPERTY_MS_MAX } from "../support/patience.ts";
import { hasRecorded, recordedPath, SKIPPED } from "../support/recorded.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const SESSIONS = ["cryptofeed-20260809-linear.jsonl", "cryptofeed-20260809-spot.jsonl"];

interface PlainBook {
  u: number;
  bids: Map<string, string>;
  asks: Map<string, string>;
}

/** The same answer by the plainest means: maps of texts, no ticks, none of our code. */
function recompute(file: string) {
  const books: Record<string, PlainBook> = {};
  const tickers: Record<string, Record<string, string>> = {};
  const trades: object[] = [];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line === "") continue;
    const { dir, data } = JSON.parse(line);
    const message = dir === "recv" ? JSON.parse(data) : {};
    const [channel] = String(message.topic ?? "").split(".");
    if (channel === "orderbook") {
      const { s, b, a, u } = message.data;
      const fresh = message.type === "snapshot";
      const book = fresh ? { u, bids: new Map(), asks: new Map() } : given(books[s]);
      for (const [price, size] of b)
        size === "0" ? book.bids.delete(price) : book.bids.set(price, size);
      for (const [price, size] of a)
        size === "0" ? book.asks.delete(price) : book.asks.set(price, size);
      book.u = u;
      books[s] = book;
    } else if (channel === "tickers") {
      const { symbol } = message.data;
      tickers[symbol] = {
        ...(message.type === "snapshot" ? {} : tickers[symbol]),
        ...message.data,
      };
    } else if (channel === "publicTrade") {
      for (const { s, i, S, p, v, T } of message.data) {
        trades.push({ symbol: s, execId: i, side: S, price: p, size: v, venueAtMs: T });
      }
    }
  }
  const sorted = (side: Map<string, string>, order: number) =>
    [...side].sort(([left], [right]) => order * (Number(left) - Number(right)));
  return {
    books: Object.fromEntries(
      Object.entries(books).map(([symbol, { u, bids, asks }]) => [
        symbol,
        { u, bids: sorted(bids, -1), asks: sorted(asks, 1) },
      ]),
    ),
    tickers,
    trades,
  };
}

describe.skipIf(!hasRecorded)(hasRecorded ? "replay of recorded sessions" : SKIPPED, () => {
  for (const session of SESSIONS) {
    const file = recordedPath("ws/_sessions", session);
    for (const print of ["books", "tickers", "trades"] as const) {
      test(`${session}: ${print} equal a plain recomputation`, async () => {
        const { stdout, stderr, exitCode } = await runReplay({ file, print, json: true });
        expect(exitCode).toBe(0);
        expect(stderr).toBe("");
        const printed = JSON.parse(stdout);
        expect(Object.keys(printed).length).toBeGreaterThan(0);
        expect(printed).toEqual(recompute(file)[print]);
      });
    }

    test(`${session}: two runs and a packed copy give identical bytes`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "replay-"));
      const packed = join(folder, "session.jsonl.gz");
      writeFileSync(packed, gzipSync(readFileSync(file)));
      for (const print of ["books", "tickers", "trades"] as const) {
        const [first, again, unpacked] = await Promise.all([
          runReplay({ file, print, json: true }),
          runReplay({ file, print, json: true }),
          runReplay({ file: packed, print, json: true }),
        ]);
        expect(again).toEqual(first);
        expect(unpacked).toEqual(first);
      }
      rmSync(folder, { recursive: true });
    });
  }
});
