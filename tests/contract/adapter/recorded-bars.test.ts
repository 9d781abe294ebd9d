/** Bars of the recorded exchange: its REST rows, and its own bars beside ours from its trades. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Bar } from "../../../src/domain/bar.ts";
import type { BarFrame, MarketEvent } from "../../../src/domain/event.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { toNumber } from "../../../src/kernel/decimal.ts";
import { Bars } from "../../../src/market/bar-builder.ts";
import { decodeBars } from "../../../src/venue/bybit/codec/decode-bars.ts";
import { PublicDecoder } from "../../../src/venue/bybit/codec/decode-public.ts";
import { decodeEnvelope } from "../../../src/venue/bybit/codec/decode-rest.ts";
import { instrumentOf } from "../../support/instruments.ts";
import { recordedTable } from "../../support/listed.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { hasRecorded, payloadsOf, SKIPPED } from "../../support/recorded.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

describe.skipIf(!hasRecorded)(hasRecorded ? "recorded bars" : SKIPPED, () => {
  test("rest/market-kline/bybit-docs-1.json, whose volume is in USD", () => {
    const [text = ""] = payloadsOf("rest/market-kline", "bybit-docs-1.json");
    const envelope = decodeEnvelope(text);
    if (envelope === null) return expect.unreachable();
    const instrument = instrumentOf({ symbol: "BTCUSD", tick: "0.5", step: "1" });
    const { result, venueAtMs } = envelope;
    const bars = decodeBars(result, { instrument, span: "1h", venueAtMs }) as Bar[];
    const price = (ticks: number) => toNumber(instrument.price, ticks);
    expect(
      bars.map((bar) => [
        bar.startAtMs,
        ...[bar.openTicks, bar.highTicks, bar.lowTicks, bar.closeTicks].map(price),
        bar.volumeSteps,
      ]),
    ).toEqual(
      JSON.parse(text)
        .result.list.toReversed()
        .map((row: string[]) => row.slice(0, 6).map(Number)),
    );
    // Each opens at the close before it: the rule that our own bars follow.
    for (const [index, bar] of bars.entries()) {
      if (index > 0) expect(bar.openTicks).toBe(bars[index - 1]?.closeTicks as number);
    }
  });

  test("rest/market-kline/nautilus-1.json: made up, starts on no minute", () => {
    const [text = ""] = payloadsOf("rest/market-kline", "nautilus-1.json");
    const envelope = decodeEnvelope(text);
    const instrument = instrumentOf({ symbol: "BTCUSDT", tick: "0.1", step: "0.001" });
    const terms = { instrument, span: "1m", venueAtMs: envelope?.venueAtMs ?? 0 } as const;
    expect(decodeBars(envelope?.result ?? {}, terms)).toContain("cannot be used");
  });

  /** Trades and the venue's own 1 m bars of one socket, in the order they came. */
  function session(): MarketEvent[] {
    const decoder = new PublicDecoder(recordedTable());
    return payloadsOf("ws/_sessions", "cryptofeed-20260809-linear.jsonl").flatMap((line) => {
      const { dir, data } = JSON.parse(line);
      if (dir !== "recv") return [];
      const decoded = decoder.decode(data);
      const events =
        decoded.kind === "frame"
          ? [decoded.event]
          : decoded.kind === "frames"
            ? decoded.events
            : [];
      // The frames are lent.
      return events.flatMap((event) =>
        event.kind === "trades" || event.kind === "bar" ? [{ ...event }] : [],
      );
    });
  }

  test("ws/_sessions: our bar of a whole minute's trades is the venue's", () => {
    const events = session();
    const closed = events.filter((event) => event.kind === "bar" && event.isClosed) as BarFrame[];
    expect(closed).toHaveLength(3);
    for (const { symbolId, startAtMs, closeTicks } of closed) {
      // The minute that begins within the session, from the close before it.
      const minute = startAtMs + 60_000;
      const bars = new Bars(new Map([["1m", 5]]), () => {});
      bars.load(Array.from({ length: symbolId + 1 }, (_, id) => id as SymbolId));
      bars.works(symbolId, 0);
      bars.keep(symbolId);
      bars.take("1m", symbolId, [flatBar(startAtMs, closeTicks)]);
      const theirs = events.findLast(
        (event) => event.kind === "bar" && event.symbolId === symbolId,
      ) as BarFrame;
      const toldAtMs = toldAt(theirs);
      for (const event of events) {
        if (event.kind !== "trades" || event.symbolId !== symbolId) continue;
        const trades = event.trades.filter(
          ({ venueAtMs }) => venueAtMs >= minute && venueAtMs <= toldAtMs,
        );
        bars.onTrades({ ...event, trades });
      }
      expect(bars.running("1m", symbolId)).toMatchObject({
        startAtMs: theirs.startAtMs,
        openTicks: theirs.openTicks,
        highTicks: theirs.highTicks,
        lowTicks: theirs.lowTicks,
        closeTicks: theirs.closeTicks,
        volumeSteps: theirs.volumeSteps,
      });
    }
  });

  /** Venue time of a kline message's picture: kept in the recording, not in the frame. */
  function toldAt(frame: BarFrame): number {
    const symbol = recordedTable().at(frame.symbolId)?.symbol;
    const messages = payloadsOf("ws/_sessions", "cryptofeed-20260809-linear.jsonl")
      .map((line) => JSON.parse(line))
      .filter(({ dir }) => dir === "recv")
      .map(({ data }) => JSON.parse(data))
      .filter(({ topic }) => topic === `kline.1.${symbol}`);
    return messages.at(-1)?.data.at(-1).timestamp ?? 0;
  }

  function flatBar(startAtMs: number, ticks: number): Bar {
    const price = { openTicks: ticks, highTicks: ticks, lowTicks: ticks, closeTicks: ticks };
    return { startAtMs, ...price, volumeSteps: 0, turnover: 0, isComplete: true };
  }
});
