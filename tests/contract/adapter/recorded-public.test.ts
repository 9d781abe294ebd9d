/**
 * Every recorded public message: what the decoder makes of it, against a plain reading of its JSON.
 */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { BarFrame, MarketEvent, TickerFrame } from "../../../src/domain/event.ts";
import { toNumber } from "../../../src/kernel/decimal.ts";
import { PublicDecoder } from "../../../src/venue/bybit/codec/decode-public.ts";
import { SymbolTable } from "../../../src/venue/bybit/codec/symbol-table.ts";
import { textsOf } from "../../support/frames.ts";
import { given } from "../../support/given.ts";
import { recordedTable } from "../../support/listed.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { hasRecorded, payloadsOf, recordedFiles, SKIPPED } from "../../support/recorded.ts";
import { UNUSED_FILES } from "./recorded.data.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const FOLDERS = ["ws/orderbook", "ws/publicTrade", "ws/kline", "ws/tickers"];

describe.skipIf(!hasRecorded)(hasRecorded ? "recorded public messages" : SKIPPED, () => {
  const table = hasRecorded ? recordedTable() : new SymbolTable();

  for (const folder of FOLDERS) {
    for (const file of recordedFiles(folder)) {
      const unused = UNUSED_FILES[`${folder}/${file}`];
      test(`${folder}/${file}${unused === undefined ? "" : `: ${unused}`}`, () => {
        for (const text of payloadsOf(folder, file)) {
          const decoder = new PublicDecoder(table);
          const decoded = decoder.decode(text);
          if (unused !== undefined && !unused.startsWith("spot")) {
            expect(["unknown", "fault"]).toContain(decoded.kind);
          }
          if (unused !== undefined) continue;
          if (decoded.kind === "frame") check(decoded.event, JSON.parse(text));
          else if (decoded.kind === "frames") checkBars(decoded.events, JSON.parse(text));
          else expect.unreachable(`did not decode: ${JSON.stringify(decoded)}`);
        }
      });
    }
  }

  function check(event: MarketEvent, message: any): void {
    const instrument = given(table.at(event.symbolId));
    const price = (ticks: number) => toNumber(instrument.price, ticks);
    const size = (steps: number) => toNumber(instrument.qty, steps);
    if (event.kind === "book") {
      const [, depth, symbol] = message.topic.split(".");
      const side = (levels: Float64Array, count: number) =>
        Array.from({ length: count }, (_, at) => [
          price(given(levels[at * 2])),
          size(given(levels[at * 2 + 1])),
        ]);
      const plain = (levels: string[][]) => levels.map((level) => level.map(Number));
      expect(instrument.symbol).toBe(symbol);
      expect(side(event.bids, event.bidCount)).toEqual(plain(message.data.b));
      expect(side(event.asks, event.askCount)).toEqual(plain(message.data.a));
      expect(event).toMatchObject({
        depth: Number(depth),
        isSnapshot: message.type === "snapshot",
        updateId: message.data.u,
        sequence: message.data.seq,
        venueAtMs: message.cts ?? message.ts,
      });
    } else if (event.kind === "trades") {
      expect(
        event.trades.map((trade) => [
          trade.execId,
          trade.side,
          price(trade.priceTicks),
          size(trade.qtySteps),
          trade.venueAtMs,
        ]),
      ).toEqual(
        message.data.map((trade: any) => [
          trade.i,
          trade.S.toLowerCase(),
          Number(trade.p),
          Number(trade.v),
          trade.T,
        ]),
      );
    } else if (event.kind === "ticker") {
      expect(textsOf(event)).toEqual(message.data);
      checkNumbers(event, message.data);
      expect(event.isSnapshot).toBe(message.type === "snapshot");
      expect(event.venueAtMs).toBe(message.ts);
    }
  }

  /** What the engine reads of a ticker against the texts; a missing one is unchanged. */
  function checkNumbers(event: TickerFrame, data: Record<string, string | undefined>): void {
    const { price, qty } = given(table.at(event.symbolId));
    const said = (text: string | undefined) => (text === undefined ? Number.NaN : Number(text));
    expect([
      toNumber(price, event.lastTicks),
      toNumber(price, event.bidTicks),
      toNumber(qty, event.bidSteps),
      toNumber(price, event.askTicks),
      toNumber(qty, event.askSteps),
      event.markPrice,
      event.indexPrice,
      event.turnover24hUsdt,
      event.change24h,
      event.fundingRate,
      event.nextFundingAtMs,
    ]).toEqual([
      said(data.lastPrice),
      said(data.bid1Price),
      said(data.bid1Size),
      said(data.ask1Price),
      said(data.ask1Size),
      said(data.markPrice),
      said(data.indexPrice),
      said(data.turnover24h),
      said(data.price24hPcnt),
      said(data.fundingRate),
      said(data.nextFundingTime),
    ]);
  }

  function checkBars(events: readonly MarketEvent[], message: any): void {
    expect(events.length).toBe(message.data.length);
    const minutes: Record<string, number> = { "1": 1, "5": 5, M: 43_200 };
    for (const [index, event] of events.entries()) {
      const bar = event as BarFrame;
      const instrument = given(table.at(bar.symbolId));
      const plain = message.data[index];
      const price = (ticks: number) => toNumber(instrument.price, ticks);
      expect([bar.openTicks, bar.highTicks, bar.lowTicks, bar.closeTicks].map(price)).toEqual(
        [plain.open, plain.high, plain.low, plain.close].map(Number),
      );
      expect(toNumber(instrument.qty, bar.volumeSteps)).toBe(Number(plain.volume));
      expect(bar).toMatchObject({
        startAtMs: plain.start,
        turnoverUsdt: Number(plain.turnover),
        isClosed: plain.confirm,
        intervalMin: given(minutes[message.topic.split(".")[1]]),
      });
    }
  }
});
