/** When a simulated venue settles funding, and how much of it. */
import type { Rate, Usdt } from "../../domain/units.ts";
import { mulFixed } from "../../kernel/fixed.ts";

export interface FundingModel {
  /** Whether the settlement of `dueAtMs` (venue time, 0 for none) is to be paid now. */
  isDue(dueAtMs: number, paidAtMs: number, atMs: number): boolean;
  /** What a position worth `value` (signed) pays at `rate`; positive is paid. */
  payment(value: Usdt, rate: Rate): Usdt;
}

/** Once a settlement, at the rate that stands then, on the value at the mark: as venues do. */
export const venueFunding: FundingModel = {
  isDue: (dueAtMs, paidAtMs, atMs) => dueAtMs > 0 && atMs >= dueAtMs && paidAtMs < dueAtMs,
  payment: (value, rate) => mulFixed(value, rate),
};
