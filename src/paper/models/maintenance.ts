/** When a simulated venue takes an account's positions away. */
import type { Instrument } from "../../domain/instrument.ts";
import type { Usdt } from "../../domain/units.ts";

export interface LiquidationModel {
  /** Equity that an open position of that value (unsigned, at the mark) must be backed by. */
  maintenance(value: Usdt, instrument: Instrument): Usdt;
}

/**
 * The first risk tier of a contract: half of what its greatest leverage asks for at entry. Higher
 * tiers ask for more; a paper account does not get there.
 */
export const firstTier: LiquidationModel = {
  maintenance: (value, { leverageMax }) =>
    value / (2n * BigInt(Math.max(1, Math.floor(leverageMax)))),
};
