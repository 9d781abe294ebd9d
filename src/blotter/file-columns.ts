/** The columns of files and of the API, each with its unit in its name. */

import { type Fixed, fixedToText } from "../kernel/fixed.ts";
import type { RoundTripRow } from "../pnl/reading.ts";
import { netOfFill } from "../portfolio/fill.ts";
import type { CellColumn } from "./cells.ts";
import { denialText } from "./deny-text.ts";
import type { FillRow, OrderRow, RefusalRow } from "./rows.ts";

/** Net in bps of the value, two decimals; null without a value. */
export function bpsOf(net: Fixed, value: Fixed): number | null {
  if (value <= 0n) return null;
  const hundredths = (net * 1_000_000n) / value;
  return Number(hundredths) / 100;
}

export const FILL_COLUMNS: readonly CellColumn<FillRow>[] = [
  { name: "id", kind: "number", of: (row) => row.id },
  { name: "venueAt", kind: "time", of: (row) => row.venueAtMs },
  { name: "venueAtMs", kind: "number", of: (row) => row.venueAtMs },
  { name: "symbol", kind: "text", of: (row) => row.symbol },
  { name: "side", kind: "text", of: (row) => row.side },
  { name: "kind", kind: "text", of: (row) => row.execKind },
  { name: "price", kind: "decimal", of: (row) => row.priceText },
  { name: "qty", kind: "decimal", of: (row) => row.qtyText },
  { name: "notionalUsdt", kind: "decimal", of: (row) => fixedToText(row.value) },
  { name: "realisedUsdt", kind: "decimal", of: (row) => fixedToText(row.realisedPnl) },
  { name: "feeUsdt", kind: "decimal", of: (row) => fixedToText(row.fee) },
  { name: "fundingUsdt", kind: "decimal", of: (row) => fixedToText(row.funding) },
  { name: "netUsdt", kind: "decimal", of: (row) => fixedToText(netOfFill(row)) },
  { name: "netBps", kind: "number", of: (row) => bpsOf(netOfFill(row), row.value) },
  { name: "isMaker", kind: "yes_no", of: (row) => row.isMaker },
  { name: "strategy", kind: "text", of: (row) => row.strategy },
  { name: "purpose", kind: "text", of: (row) => row.purpose },
  { name: "reason", kind: "text", of: (row) => row.reason },
  { name: "clientId", kind: "text", of: (row) => row.clientId },
  { name: "orderId", kind: "text", of: (row) => row.venueOrderId },
  { name: "execId", kind: "text", of: (row) => row.execId },
  { name: "runId", kind: "text", of: (row) => row.runId },
];

export const ORDER_COLUMNS: readonly CellColumn<OrderRow>[] = [
  { name: "id", kind: "number", of: (row) => row.id },
  { name: "createdAt", kind: "time", of: (row) => row.createdAtMs },
  { name: "createdAtMs", kind: "number", of: (row) => row.createdAtMs },
  { name: "updatedAt", kind: "time", of: (row) => row.updatedAtMs },
  { name: "updatedAtMs", kind: "number", of: (row) => row.updatedAtMs },
  { name: "symbol", kind: "text", of: (row) => row.symbol },
  { name: "side", kind: "text", of: (row) => row.side },
  { name: "type", kind: "text", of: (row) => row.type },
  { name: "timeInForce", kind: "text", of: (row) => row.timeInForce },
  { name: "price", kind: "decimal", of: (row) => row.priceText },
  { name: "qty", kind: "decimal", of: (row) => row.qtyText },
  { name: "filledQty", kind: "decimal", of: (row) => row.filledText },
  { name: "stopLossPrice", kind: "decimal", of: (row) => row.stopLossText },
  { name: "reduceOnly", kind: "yes_no", of: (row) => row.reduceOnly },
  { name: "state", kind: "text", of: (row) => row.state },
  { name: "purpose", kind: "text", of: (row) => row.purpose },
  { name: "strategy", kind: "text", of: (row) => row.strategy },
  { name: "reason", kind: "text", of: (row) => row.reason },
  { name: "detail", kind: "text", of: (row) => row.detail },
  { name: "clientId", kind: "text", of: (row) => row.clientId },
  { name: "orderId", kind: "text", of: (row) => row.venueOrderId },
  { name: "runId", kind: "text", of: (row) => row.runId },
];

export const REFUSAL_COLUMNS: readonly CellColumn<RefusalRow>[] = [
  { name: "id", kind: "number", of: (row) => row.id },
  { name: "at", kind: "time", of: (row) => row.atMs },
  { name: "atMs", kind: "number", of: (row) => row.atMs },
  { name: "symbol", kind: "text", of: (row) => row.symbol },
  { name: "side", kind: "text", of: (row) => row.side },
  { name: "purpose", kind: "text", of: (row) => row.purpose },
  { name: "strategy", kind: "text", of: (row) => row.strategy },
  { name: "gate", kind: "text", of: (row) => row.reason.code },
  { name: "reason", kind: "text", of: (row) => denialText(row.reason) },
  { name: "times", kind: "number", of: (row) => row.times },
  { name: "runId", kind: "text", of: (row) => row.runId },
];

export const TRIP_COLUMNS: readonly CellColumn<RoundTripRow>[] = [
  { name: "id", kind: "number", of: (row) => row.id },
  { name: "openedAt", kind: "time", of: (row) => row.openedAtMs },
  { name: "openedAtMs", kind: "number", of: (row) => row.openedAtMs },
  { name: "closedAt", kind: "time", of: (row) => row.closedAtMs },
  { name: "closedAtMs", kind: "number", of: (row) => row.closedAtMs },
  { name: "symbol", kind: "text", of: (row) => row.symbol },
  { name: "side", kind: "text", of: (row) => row.side },
  { name: "qty", kind: "decimal", of: (row) => row.qtyText },
  { name: "entryPrice", kind: "decimal", of: (row) => row.entryPriceText },
  { name: "exitPrice", kind: "decimal", of: (row) => row.exitPriceText },
  { name: "enteredUsdt", kind: "decimal", of: (row) => fixedToText(row.enteredValue) },
  { name: "realisedUsdt", kind: "decimal", of: (row) => fixedToText(row.gross) },
  { name: "feeUsdt", kind: "decimal", of: (row) => fixedToText(row.fees) },
  { name: "fundingUsdt", kind: "decimal", of: (row) => fixedToText(row.funding) },
  { name: "netUsdt", kind: "decimal", of: (row) => fixedToText(row.net) },
  { name: "netBps", kind: "number", of: (row) => row.netBps },
  { name: "fills", kind: "number", of: (row) => row.fills },
  { name: "makerShare", kind: "number", of: (row) => row.makerShare },
  { name: "strategy", kind: "text", of: (row) => row.strategy },
  { name: "entryReason", kind: "text", of: (row) => row.entryReason },
  { name: "exitReason", kind: "text", of: (row) => row.exitReason },
  { name: "exitKind", kind: "text", of: (row) => row.exitKind },
  { name: "entryClientId", kind: "text", of: (row) => row.entryClientId },
  { name: "exitClientId", kind: "text", of: (row) => row.exitClientId },
];
