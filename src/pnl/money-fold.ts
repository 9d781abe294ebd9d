/**
 * Executions in the order of booking folded into what they came to: closed round trips, and sums by
 * trading day and by hour of it. The same fold makes the kept sums and reads what is not kept yet,
 * so that the two cannot differ.
 */
import type { TradingDay } from "../domain/trading-day.ts";
import type { Usdt } from "../domain/units.ts";
import type { ExecutionRow } from "./execution-row.ts";
import { addBridge, type Bridge, bridgeStep, NO_BRIDGE, netOfBridge } from "./money-lines.ts";
import { foldTrip, type OpenTrip, type RoundTrip } from "./round-trip.ts";

const HOUR_MS = 3_600_000;
/** A day whose clocks are set back has one hour more: it is counted with the last. */
const LAST_HOUR = 23;

interface DaySum {
  readonly startsAtMs: number;
  readonly symbol: string;
  readonly strategy: string;
  readonly bridge: Bridge;
}

interface HourSum {
  readonly dayStartsAtMs: number;
  /** Whole hours since the day began. */
  readonly hour: number;
  readonly symbol: string;
  readonly net: Usdt;
  readonly fills: number;
}

export class MoneyFold {
  readonly trips: RoundTrip[] = [];
  readonly days = new Map<string, DaySum>();
  readonly hours = new Map<string, HourSum>();
  /** By symbol: those that are open after the last execution. */
  readonly open: Map<string, OpenTrip>;
  /** Row number of the last execution, 0 before any. */
  throughId: number;
  private readonly dayOf: (atMs: number) => TradingDay;
  private day: TradingDay = { startsAtMs: 0, endsAtMs: 0 };

  constructor(
    from: { readonly open: ReadonlyMap<string, OpenTrip>; readonly throughId: number },
    dayOf: (atMs: number) => TradingDay,
  ) {
    this.open = new Map(from.open);
    this.throughId = from.throughId;
    this.dayOf = dayOf;
  }

  add(row: ExecutionRow): void {
    const { symbol } = row.fill;
    const step = foldTrip(this.open.get(symbol) ?? null, row);
    if (step.open === null) this.open.delete(symbol);
    else this.open.set(symbol, step.open);
    // A size that came and went without an execution of ours is no trip of ours.
    const closed = step.closed !== null && step.closed.fills > 0 ? step.closed : null;
    if (closed !== null) this.trips.push(closed);
    this.throughId = row.id;
    if (row.isOurs) this.count(row, bridgeStep(row, { ...step, closed }));
  }

  private count({ fill }: ExecutionRow, bridge: Bridge): void {
    const { symbol, strategy, atMs } = fill;
    // Executions come nearly in the order of time: the calendar is asked once a day.
    if (atMs < this.day.startsAtMs || atMs >= this.day.endsAtMs) this.day = this.dayOf(atMs);
    const { startsAtMs } = this.day;
    const dayKey = `${startsAtMs} ${symbol} ${strategy}`;
    const before = this.days.get(dayKey)?.bridge ?? NO_BRIDGE;
    this.days.set(dayKey, { startsAtMs, symbol, strategy, bridge: addBridge(before, bridge) });
    const hour = Math.min(LAST_HOUR, Math.floor((atMs - startsAtMs) / HOUR_MS));
    const hourKey = `${startsAtMs} ${hour} ${symbol}`;
    const known = this.hours.get(hourKey);
    this.hours.set(hourKey, {
      dayStartsAtMs: startsAtMs,
      hour,
      symbol,
      net: (known?.net ?? 0n) + netOfBridge(bridge),
      fills: (known?.fills ?? 0) + bridge.readings.fills,
    });
  }
}
