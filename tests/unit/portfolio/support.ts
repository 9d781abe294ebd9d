import type { ExecKind, ExecutionReport } from "../../../src/domain/event.ts";
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type Side,
  type SymbolId,
} from "../../../src/domain/units.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { instrumentOf } from "../engine/tape.ts";

export const INSTRUMENT = instrumentOf(0);
export const BOOKING = {
  instrument: INSTRUMENT,
  clientId: asClientOrderId("t-maker-1"),
  strategy: "maker",
  atMs: 1,
};

export interface Trade {
  readonly side: Side;
  readonly qty: number;
  readonly price: number;
  readonly fee?: string;
  readonly kind?: ExecKind;
  readonly id?: string;
  readonly venueAtMs?: number;
}

export function executionOf(trade: Trade, index = 0): ExecutionReport {
  return {
    kind: "execution",
    execKind: trade.kind ?? "trade",
    execId: asExecId(trade.id ?? `e${index}`),
    symbolId: 0 as SymbolId,
    venueOrderId: asVenueOrderId("v"),
    clientId: asClientOrderId("t-maker-1"),
    side: trade.side,
    priceTicks: trade.price as PriceTicks,
    qtySteps: trade.qty as QtySteps,
    fee: parseFixed(trade.fee ?? "0") ?? 0n,
    isMaker: true,
    venueAtMs: trade.venueAtMs ?? 1_000 + index,
  };
}
