/** The risk limits as they hold at this moment for an account of this size. */
import { fixedToNumber } from "../kernel/fixed.ts";
import { limitsAt, type RiskLimits } from "../risk/limits.ts";
import type { MoneyPart, SettingsPart } from "./state-parts.ts";

type LimitsPart = SettingsPart & MoneyPart;

/** Shares are of the equity that the day began with: a loss does not shrink its own limit. */
export function limitsNow(state: LimitsPart): RiskLimits {
  const { limits, wallet, equity, dayLossUsdt } = state;
  if (wallet === null) return limits;
  return limitsAt(limits, fixedToNumber(equity ?? wallet.equity) + Math.max(0, dayLossUsdt));
}

/** Why the day's loss lets nothing be entered, with numbers; null while it is within its limit. */
export function dayLossReason(state: LimitsPart): string | null {
  const { dailyLossUsdtMax } = limitsNow(state);
  if (state.dayLossUsdt < dailyLossUsdtMax) return null;
  const limit = Number(dailyLossUsdtMax.toFixed(2));
  return `lost ${state.dayLossUsdt.toFixed(2)} USDT since ${dayStart(state)}, the limit is ${limit}`;
}

/** In words: the border of the operator's day. */
function dayStart({ options }: SettingsPart): string {
  return `00:00 ${options.dayTimeZone ?? "UTC"}`;
}
