/** The risk limits as they hold at this moment for an account of this size. */
import { fixedToNumber } from "../kernel/fixed.ts";
import { limitsAt, type RiskLimits } from "../risk/limits.ts";
import type { MoneyPart, SettingsPart } from "./state-parts.ts";

/** Shares are of the equity that the day began with: a loss does not shrink its own limit. */
export function limitsNow(state: SettingsPart & MoneyPart): RiskLimits {
  const { limits, wallet, dayLossUsdt } = state;
  if (wallet === null) return limits;
  return limitsAt(limits, fixedToNumber(wallet.equity) + Math.max(0, dayLossUsdt));
}
