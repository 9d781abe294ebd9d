/**
 * The bridge of a period with its last line: how much the value of open positions changed. That is
 * what the account's own net, which the engine keeps at every day's border, has beyond what was
 * booked; so that all lines are the net result of the account, to the last decimal.
 */
import type { Usdt } from "../domain/units.ts";
import { parseFixed } from "../kernel/fixed.ts";
import { type Bridge, netOfBridge } from "./money-lines.ts";
import type { MoneyQuery, MoneyReader } from "./reading.ts";

export interface BridgeReport extends Bridge {
  readonly query: MoneyQuery;
  /** All that executions booked. */
  readonly booked: Usdt;
  /**
   * Change of the value of open positions; null where it is not known: for a part of the account,
   * and where the program did not see the border.
   */
  readonly open: Usdt | null;
  /** booked + open, as far as that is known. */
  readonly net: Usdt;
  /** Some executions are not counted yet. */
  readonly isBehind: boolean;
}

interface Now {
  readonly nowMs: number;
  /** Net of the day so far as the engine has it, open positions included; "" before it has. */
  readonly todayText: string;
}

export function bridgeReport(reader: MoneyReader, query: MoneyQuery, now: Now): BridgeReport {
  const bridge = reader.bridge(query);
  const booked = netOfBridge(bridge);
  const open = openOf(reader, query, { ...now, booked });
  const isBehind = reader.isBehind();
  return { ...bridge, query, booked, open, net: booked + (open ?? 0n), isBehind };
}

function openOf(
  reader: MoneyReader,
  { fromMs, toMs, symbol, strategy }: MoneyQuery,
  { nowMs, todayText, booked }: Now & { readonly booked: Usdt },
): Usdt | null {
  if (symbol !== undefined || strategy !== undefined) return null;
  const before = reader.netAt(fromMs);
  const after = toMs > nowMs ? netNow(reader, { nowMs, todayText }) : reader.netAt(toMs);
  return before === null || after === null ? null : after - before - booked;
}

function netNow(reader: MoneyReader, { nowMs, todayText }: Now): Usdt | null {
  const start = reader.netAt(reader.day(nowMs).startsAtMs);
  const today = todayText === "" ? null : parseFixed(todayText);
  return start === null || today === null ? null : start + today;
}
