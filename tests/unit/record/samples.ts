/** Sample rows, a hand-moved clock and a log in memory; free of the test runner. */
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  NO_VENUE_ID,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../../src/domain/units.ts";
import type {
  AuditEntry,
  DenialAudit,
  Intervention,
  OrderAudit,
} from "../../../src/engine/audit.ts";
import { must } from "../../../src/kernel/assert.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import type { LedgerFill } from "../../../src/portfolio/fill.ts";
import type { TradingRecord } from "../../../src/record/open-record.ts";
import type { Clock } from "../../../src/runtime/ports/clock.ts";
import type { LogPort } from "../../../src/runtime/ports/log.ts";
import { tickOf } from "../../support/audit-ticks.ts";
import { START_MS } from "./support-open.ts";

export interface HandClock extends Clock {
  /** Moves time and fires what is due, in order of its time. */
  advance(ms: number): void;
  /** Timers that are set: a follower that sets its next one has finished its last poll. */
  waiting(): number;
}

export function handClock(startMs = START_MS): HandClock {
  let nowMs = startMs;
  let timers: { dueMs: number; callback: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { dueMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    waiting: () => timers.length,
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.dueMs <= untilMs);
        const next = due.sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.callback();
      }
      nowMs = untilMs;
    },
  };
}

export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function memoryLog(): LogPort & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: string) =>
    (text: string, data: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, text, data });
    };
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}

export const money = (text: string) => must(parseFixed(text), "a decimal in a test");

export function sampleFill(execId: string, change: Partial<LedgerFill> = {}): LedgerFill {
  return {
    execId: asExecId(execId),
    execKind: "trade",
    symbolId: 3 as SymbolId,
    symbol: "BTCUSDT",
    venueOrderId: asVenueOrderId("venue-1"),
    clientId: asClientOrderId("run-maker-1"),
    strategy: "maker",
    side: "buy",
    priceTicks: 1_000_005 as PriceTicks,
    qtySteps: 7 as QtySteps,
    priceText: "100000.50",
    qtyText: "0.007",
    value: money("700.0035"),
    fee: money("0.140000700000000001"),
    funding: 0n,
    realisedPnl: money("-0.000000000000000001"),
    positionSteps: -7,
    isMaker: true,
    venueAtMs: START_MS - 5,
    atMs: START_MS,
    ...change,
  };
}

export function sampleOrder(clientId: string, change: Partial<OrderAudit> = {}): OrderAudit {
  return {
    clientId: asClientOrderId(clientId),
    venueOrderId: NO_VENUE_ID,
    symbol: "SYMBOL3USDT",
    side: "sell",
    type: "limit",
    timeInForce: "post_only",
    priceText: "100001.00",
    qtyText: "0.007",
    filledText: "0.000",
    stopLossText: "101000.00",
    priceTicks: 1_000_010 as PriceTicks,
    qtySteps: 7 as QtySteps,
    filledSteps: 0 as QtySteps,
    stopLossTicks: 1_010_000 as PriceTicks,
    state: "submitting",
    purpose: "entry",
    strategy: "maker",
    reason: "imbalance 0.4",
    reduceOnly: false,
    detail: "",
    createdAtMs: START_MS,
    updatedAtMs: START_MS,
    ...change,
  };
}

export function sampleIntervention(change: Partial<Intervention> = {}): Intervention {
  return {
    id: "run1-1",
    atMs: START_MS,
    action: "halt",
    commandId: "",
    symbol: "",
    verdict: "executed",
    cause: "operator",
    by: "ann",
    reason: "news",
    isAutomatic: false,
    outcome: "entries stopped",
    isDone: true,
    outcomeAtMs: START_MS,
    ...change,
  };
}

export function sampleDenial(change: Partial<DenialAudit> = {}): DenialAudit {
  return {
    atMs: START_MS,
    symbol: "SYMBOL3USDT",
    side: "sell",
    purpose: "entry",
    strategy: "maker",
    reason: { code: "BOOK_MISSING" },
    ...change,
  };
}

/** Gives the readers of the record one tick with these entries. */
export function tell({ journal, equity }: TradingRecord, ...entries: AuditEntry[]): void {
  for (const reader of [journal, equity]) reader.onTick(tickOf(1, ...entries));
}

export function tellFill(record: TradingRecord, fill: LedgerFill): void {
  tell(record, { kind: "fill", fill, isEarlier: false });
}
