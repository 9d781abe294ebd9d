/** Every recorded order, execution, position and wallet, by stream and by REST. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type {
  ExecutionReport,
  OrderReport,
  PositionReport,
  WalletReport,
} from "../../../src/domain/event.ts";
import { toNumber } from "../../../src/kernel/decimal.ts";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import {
  type Decoded,
  decodeExecution,
  decodeOrder,
  decodePosition,
  decodeWallet,
} from "../../../src/venue/bybit/codec/decode-account.ts";
import { decodePrivate } from "../../../src/venue/bybit/codec/decode-private.ts";
import { SymbolTable } from "../../../src/venue/bybit/codec/symbol-table.ts";
import { given } from "../../support/given.ts";
import { recordedTable } from "../../support/listed.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { hasRecorded, payloadsOf, recordedFiles, SKIPPED } from "../../support/recorded.ts";
import { SKIPPED_ITEMS, UNUSED_FILES } from "./recorded.data.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const STREAMS = ["ws/order", "ws/execution", "ws/execution.fast", "ws/position", "ws/wallet"];
const STATUS: Record<string, string> = {
  New: "new",
  PartiallyFilled: "partially_filled",
  Filled: "filled",
  Cancelled: "cancelled",
  PartiallyFilledCanceled: "cancelled",
  Rejected: "rejected",
  Untriggered: "untriggered",
};

/** A plain number that must be the exact decimal. */
const plainNumber = (text: string | undefined) => Number(text ?? "");
const orNull = (text: string | undefined) => (Number(text ?? "") === 0 ? null : Number(text));

describe.skipIf(!hasRecorded)(hasRecorded ? "recorded account payloads" : SKIPPED, () => {
  const table = hasRecorded ? recordedTable() : new SymbolTable();

  for (const folder of STREAMS) {
    for (const file of recordedFiles(folder)) {
      const name = `${folder}/${file}`;
      test(name, () => {
        for (const text of payloadsOf(folder, file)) {
          const decoded = decodePrivate(text, table);
          if (decoded.kind !== "events") throw new Error(`${decoded.kind}`);
          const message = JSON.parse(text);
          expect(decoded.faults).toEqual([]);
          const isLeftOut = name in SKIPPED_ITEMS || name in UNUSED_FILES;
          const read = decoded.events.filter((event) => event.kind !== "unreadable_row");
          expect(read.length).toBe(isLeftOut ? 0 : message.data.length);
          for (const [index, event] of read.entries()) {
            const plain = message.data[index];
            if (event.kind === "order_report") checkOrder(event, plain);
            else if (event.kind === "execution") checkExecution(event, plain);
            else if (event.kind === "position_report") checkPosition(event, plain);
            else checkWallet(event, plain, message.creationTime);
          }
        }
      });
    }
  }

  const lists: [string, (item: unknown) => Decoded<any>, (value: any, plain: any) => void][] = [
    ["rest/order-realtime", (item) => decodeOrder(item, table), checkOrder],
    ["rest/order-history", (item) => decodeOrder(item, table), checkOrder],
    ["rest/execution-list", (item) => decodeExecution(item, table), checkExecution],
    ["rest/position-list", (item) => decodePosition(item, table), checkPosition],
    [
      "rest/account-wallet-balance",
      (item) => decodeWallet(item, 77),
      (value, plain) => checkWallet(value, plain, 77),
    ],
  ];
  for (const [folder, decode, check] of lists) {
    for (const file of recordedFiles(folder)) {
      const name = `${folder}/${file}`;
      test(name, () => {
        const [text = ""] = payloadsOf(folder, file);
        const body = JSON.parse(text);
        const items = (body.result ?? body).list;
        expect(items.length).toBeGreaterThan(0);
        for (const item of items) {
          const decoded = decode(item);
          if (name in UNUSED_FILES) expect(decoded.kind).toBe("fault");
          else if (name in SKIPPED_ITEMS) expect(decoded.kind).toBe("skip");
          else if (decoded.kind === "ok") check(decoded.value, item);
          else expect.unreachable(JSON.stringify(decoded));
        }
      });
    }
  }

  function checkOrder(order: OrderReport, plain: any): void {
    const instrument = given(table.at(order.symbolId));
    const price = (ticks: number | null) =>
      ticks === null ? null : toNumber(instrument.price, ticks);
    expect({
      symbol: instrument.symbol,
      id: order.venueOrderId,
      link: order.clientId,
      side: order.side,
      status: order.status as string,
      price: price(order.priceTicks),
      trigger: price(order.triggerTicks),
      qty: toNumber(instrument.qty, order.qtySteps),
      filled: toNumber(instrument.qty, order.filledSteps),
      reduceOnly: order.reduceOnly,
      atMs: order.venueAtMs,
    }).toEqual({
      symbol: plain.symbol,
      id: plain.orderId,
      link: plain.orderLinkId,
      side: plain.side.toLowerCase(),
      status: given(STATUS[plain.orderStatus]),
      price: plain.orderType === "Market" ? null : orNull(plain.price),
      trigger: orNull(plain.triggerPrice),
      qty: plainNumber(plain.qty),
      filled: plainNumber(plain.cumExecQty),
      reduceOnly: plain.reduceOnly ?? false,
      atMs: Number(plain.updatedTime),
    });
  }

  function checkExecution(execution: ExecutionReport, plain: any): void {
    const instrument = given(table.at(execution.symbolId));
    expect({
      id: execution.execId,
      order: execution.venueOrderId,
      link: execution.clientId,
      kind: execution.execKind,
      side: execution.side,
      price: toNumber(instrument.price, execution.priceTicks),
      qty: toNumber(instrument.qty, execution.qtySteps),
      fee: Number(fixedToText(execution.fee)),
      isMaker: execution.isMaker,
      atMs: execution.venueAtMs,
    }).toEqual({
      id: plain.execId,
      order: plain.orderId,
      link: plain.orderLinkId,
      kind: "trade",
      side: plain.side.toLowerCase(),
      price: plainNumber(plain.execPrice),
      qty: plainNumber(plain.execQty),
      fee: plainNumber(plain.execFee),
      isMaker: plain.isMaker ?? false,
      atMs: Number(plain.execTime),
    });
  }

  function checkPosition(position: PositionReport, plain: any): void {
    const instrument = given(table.at(position.symbolId));
    const size = plainNumber(plain.size) * (plain.side === "Sell" ? -1 : 1);
    const stop = position.stopLossTicks;
    expect({
      symbol: instrument.symbol,
      size: toNumber(instrument.qty, position.positionSteps),
      entry: position.entryPriceText,
      stop: stop === null ? null : toNumber(instrument.price, stop),
      atMs: position.venueAtMs,
    }).toEqual({
      symbol: plain.symbol,
      size: size === 0 ? 0 : size,
      entry: size === 0 ? "" : (plain.entryPrice ?? plain.avgPrice),
      stop: orNull(plain.stopLoss),
      atMs: Number(plain.updatedTime),
    });
  }

  function checkWallet(wallet: WalletReport, plain: any, atMs: number): void {
    const ours = plain.coin.find(({ coin }: { coin: string }) => coin === "USDT");
    expect({
      equity: Number(fixedToText(wallet.equity)),
      balance: Number(fixedToText(wallet.walletBalance)),
      available: Number(fixedToText(wallet.available)),
      atMs: wallet.venueAtMs,
    }).toEqual({
      equity: Number(ours.equity),
      balance: Number(ours.walletBalance),
      available: Number(plain.totalAvailableBalance),
      atMs,
    });
  }
});
