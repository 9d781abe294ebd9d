/** What a simulated venue takes of a trade. */
import { type FeeSchedule, feeOf } from "../../domain/fees.ts";
import type { Usdt } from "../../domain/units.ts";

/** The fee of a trade of `value`, positive when paid. */
export type FeeModel = (value: Usdt, isMaker: boolean) => Usdt;

/** One rate a side, whatever was traded before: what an account without a tier pays. */
export const flatFees =
  (fees: FeeSchedule): FeeModel =>
  (value, isMaker) =>
    feeOf(fees, value, isMaker);
