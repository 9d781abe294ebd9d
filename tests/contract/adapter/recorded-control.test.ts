/**
 * Recorded control messages, trade-socket replies, REST envelopes, errors, instruments, signatures.
 */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { toText } from "../../../src/kernel/decimal.ts";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import { controlOf, decodeTradeReply } from "../../../src/venue/bybit/codec/control-frames.ts";
import { decodePrivate } from "../../../src/venue/bybit/codec/decode-private.ts";
import { PublicDecoder } from "../../../src/venue/bybit/codec/decode-public.ts";
import {
  decodeEnvelope,
  decodeInstrument,
  decodeRestBook,
  decodeServerTime,
} from "../../../src/venue/bybit/codec/decode-rest.ts";
import { RET_CODES, retCodeOf } from "../../../src/venue/bybit/codec/ret-codes.ts";
import { signRest, signSocket } from "../../../src/venue/bybit/codec/sign.ts";
import { SymbolTable } from "../../../src/venue/bybit/codec/symbol-table.ts";
import { given } from "../../support/given.ts";
import { recordedTable } from "../../support/listed.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import {
  hasRecorded,
  payloadsOf,
  RECORDED,
  recordedFiles,
  SKIPPED,
} from "../../support/recorded.ts";
import { REQUEST_SUFFIX, SKIPPED_ITEMS, UNUSED_FILES, UNUSED_FOLDERS } from "./recorded.data.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

/** Folders that this and the neighbouring files go through file by file. */
const CHECKED_FOLDERS = [
  "rest/_errors",
  "rest/_signing",
  "rest/account-wallet-balance",
  "rest/execution-list",
  "rest/market-instruments-info",
  "rest/market-kline",
  "rest/market-orderbook",
  "rest/market-time",
  "rest/order-cancel",
  "rest/order-cancel-all",
  "rest/order-create",
  "rest/order-history",
  "rest/order-realtime",
  "rest/position-list",
  "rest/position-trading-stop",
  "ws/_control",
  "ws/_control-trade",
  "ws/_errors",
  "ws/_sessions",
  "ws/execution",
  "ws/execution.fast",
  "ws/kline",
  "ws/order",
  "ws/orderbook",
  "ws/position",
  "ws/publicTrade",
  "ws/tickers",
  "ws/trade-api",
  "ws/wallet",
];
/** Linear list of the files; options and spot have other instruments. */
const LINEAR_USDT = (item: any) =>
  item.settleCoin === "USDT" && item.contractType === "LinearPerpetual";

describe.skipIf(!hasRecorded)(hasRecorded ? "recorded control and REST payloads" : SKIPPED, () => {
  test("every recorded folder is checked, or says why it never arrives", () => {
    const folders = ["rest", "ws"].flatMap((kind) =>
      readdirSync(`${RECORDED}/${kind}`).map((name) => `${kind}/${name}`),
    );
    const unclaimed = folders.filter(
      (folder) =>
        !folder.endsWith(REQUEST_SUFFIX) &&
        !(folder in UNUSED_FOLDERS) &&
        !CHECKED_FOLDERS.includes(folder),
    );
    expect(unclaimed).toEqual([]);
    const listed = [...Object.keys(UNUSED_FILES), ...Object.keys(SKIPPED_ITEMS)];
    const gone = listed.filter((name) => {
      const cut = name.lastIndexOf("/");
      return !recordedFiles(name.slice(0, cut)).includes(name.slice(cut + 1));
    });
    expect(gone).toEqual([]);
  });

  for (const file of recordedFiles("ws/_control").filter(
    (name) => !(`ws/_control/${name}` in UNUSED_FILES),
  )) {
    test(`ws/_control/${file}`, () => {
      for (const text of payloadsOf("ws/_control", file)) {
        const message = JSON.parse(text);
        const decoded = decodePrivate(text, new SymbolTable());
        const reader = new PublicDecoder(new SymbolTable());
        expect(reader.decode(text)).toEqual(decoded as never);
        if (decoded.kind !== "control") throw new Error(decoded.kind);
        const { control } = decoded;
        const isPong = message.op === "pong" || message.ret_msg === "pong";
        expect(control.op).toBe(isPong ? "pong" : (message.op ?? "subscribe"));
        expect(control.success).toBe(message.success ?? true);
        expect(control.reqId).toBe(message.req_id ?? message.reqId ?? "");
      }
    });
  }

  test("ws/_errors/observed-public.jsonl: refusals are no success and keep their text", () => {
    for (const line of payloadsOf("ws/_errors", "observed-public.jsonl")) {
      const { payload } = JSON.parse(line);
      if (payload?.success !== false) continue;
      expect(controlOf(payload)).toMatchObject({ success: false, text: payload.ret_msg });
    }
  });

  for (const folder of ["ws/trade-api", "ws/_control-trade"]) {
    for (const file of recordedFiles(folder)) {
      test(`${folder}/${file}`, () => {
        const [text = ""] = payloadsOf(folder, file);
        const message = JSON.parse(text);
        const reply = decodeTradeReply(text);
        if (message.retCode === undefined) {
          expect(message.header).toBeDefined();
          expect(reply).toBeNull();
          return;
        }
        expect(reply).toEqual({
          reqId: message.reqId ?? "",
          op: message.op,
          retCode: message.retCode,
          retMsg: message.retMsg,
          venueOrderId: message.data?.orderId ?? "",
          header: message.header ?? {},
        });
      });
    }
  }

  test("recorded error codes are all in the table, and orders that are gone count as gone", () => {
    const codes = [
      ...payloadsOf("rest/_errors", "observed-errors.jsonl"),
      ...payloadsOf("ws/_errors", "observed-trade-api.jsonl"),
    ]
      .map((line) => JSON.parse(line))
      .map((entry) => ({ endpoint: entry.endpoint, code: entry.payload?.retCode }))
      .filter(({ code }) => typeof code === "number");
    expect(codes.length).toBeGreaterThan(15);
    const spotOrElsewhere = (code: number) => code >= 170_000 || code >= 3_000_000 || code === 0;
    const unlisted = codes.filter(({ code }) => !(code in RET_CODES) && !spotOrElsewhere(code));
    expect(unlisted).toEqual([]);
    expect(retCodeOf(110_001).class).toBe("gone");
    expect(retCodeOf(110_072).class).toBe("duplicate");
    expect(retCodeOf(10_002).class).toBe("clock");
    expect(retCodeOf(10_016).class).toBe("unknown");
    expect(retCodeOf(424_242)).toEqual({ class: "rejected", meaning: "code is not in the table" });
  });

  for (const folder of [
    "rest/order-create",
    "rest/order-cancel",
    "rest/order-cancel-all",
    "rest/position-trading-stop",
    "rest/_errors",
  ]) {
    for (const file of recordedFiles(folder).filter((name) => name.endsWith(".json"))) {
      test(`${folder}/${file}`, () => {
        const [text = ""] = payloadsOf(folder, file);
        const body = JSON.parse(text);
        const envelope = decodeEnvelope(text);
        if (body.retCode === undefined) {
          // Only the inner part of a reply, kept by a client: not an envelope, so the outcome is
          // unknown.
          expect(envelope).toBeNull();
          return;
        }
        expect(envelope).toEqual({
          retCode: body.retCode,
          retMsg: body.retMsg,
          result: body.result ?? {},
          venueAtMs: body.time ?? 0,
        });
      });
    }
  }

  test("rest/market-time", () => {
    for (const file of recordedFiles("rest/market-time")) {
      const [text = ""] = payloadsOf("rest/market-time", file);
      const envelope = decodeEnvelope(text);
      expect(decodeServerTime(given(envelope))).toBe(JSON.parse(text).time);
    }
  });

  for (const file of recordedFiles("rest/market-orderbook")) {
    test(`rest/market-orderbook/${file}`, () => {
      const [text = ""] = payloadsOf("rest/market-orderbook", file);
      const { result } = JSON.parse(text);
      const instrument = given(recordedTable().find(result.s));
      const book = decodeRestBook(result, instrument);
      if (`rest/market-orderbook/${file}` in UNUSED_FILES) {
        expect(book).toBeNull();
        return;
      }
      const level = ([ticks, steps]: readonly [number, number]) =>
        [toText(instrument.price, ticks), toText(instrument.qty, steps)].map(Number);
      expect(book?.bids.map(level)).toEqual(result.b.map((pair: string[]) => pair.map(Number)));
      expect(book?.asks.map(level)).toEqual(result.a.map((pair: string[]) => pair.map(Number)));
      expect(book?.updateId).toBe(result.u);
      expect(book?.venueAtMs).toBe(result.cts ?? result.ts);
    });
  }

  for (const file of recordedFiles("rest/market-instruments-info")) {
    const name = `rest/market-instruments-info/${file}`;
    if (name in UNUSED_FILES) continue;
    test(name, () => {
      const [text = ""] = payloadsOf("rest/market-instruments-info", file);
      const body = JSON.parse(text);
      const items = (body.result ?? body).list as any[];
      const decoded = items.map(decodeInstrument);
      expect(decoded.filter(({ kind }) => kind === "fault")).toEqual([]);
      const ours = decoded.filter(({ kind }) => kind === "ok");
      expect(ours.length).toBe(items.filter(LINEAR_USDT).length);
      for (const [index, result] of decoded.entries()) {
        if (result.kind !== "ok") continue;
        const { value } = result;
        const plain = items[index];
        const steps = (units: number) => Number(toText(value.qty, units));
        expect({
          symbol: value.symbol,
          tick: value.price.unitText,
          step: value.qty.unitText,
          min: steps(value.qtyStepsMin),
          notional: Number(fixedToText(value.notionalMin)),
          leverage: value.leverageMax,
          funding: value.fundingIntervalMin,
          launch: value.launchAtMs,
        }).toEqual({
          symbol: plain.symbol,
          tick: plain.priceFilter.tickSize,
          step: plain.lotSizeFilter.qtyStep,
          min: Number(plain.lotSizeFilter.minOrderQty),
          notional: Number(plain.lotSizeFilter.minNotionalValue ?? 0),
          leverage: Number(plain.leverageFilter.maxLeverage),
          funding: Number(plain.fundingInterval),
          launch: Number(plain.launchTime),
        });
        expect(steps(value.limitQtyStepsMax)).toBeLessThanOrEqual(
          Number(plain.lotSizeFilter.maxOrderQty),
        );
      }
    });
  }

  test("rest/_signing: every vector verifies", () => {
    const vectors = JSON.parse(
      given(payloadsOf("rest/_signing", given(recordedFiles("rest/_signing")[0]))[0]),
    );
    expect(vectors.length).toBeGreaterThan(5);
    for (const vector of vectors) {
      const { key: apiKey, secret: apiSecret, payload } = vector;
      const timestampMs = Number(vector.timestamp);
      const recvWindowMs = Number(vector.recvWindow);
      const signature =
        vector.kind === "ws-auth"
          ? signSocket(apiSecret, Number(vector.expires))
          : signRest({ apiKey, apiSecret, timestampMs, recvWindowMs, payload });
      expect(signature).toBe(vector.signature);
    }
  });
});
