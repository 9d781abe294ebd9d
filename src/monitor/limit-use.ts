/** How much of a risk limit is used, where that is one number. */
import type { LimitName } from "../risk/limit-terms.ts";
import type { MonitorView } from "./view.ts";

/** In the limit's own unit; null where nothing is used up: distances, times, rates. */
export function useOf(name: LimitName, { account, risk }: MonitorView): number | null {
  if (risk === null) return null;
  const equity = Number(account.equityText);
  switch (name) {
    case "symbolExposureUsdtMax":
      return risk.symbolExposureUsdt;
    case "totalExposureUsdtMax":
      return account.exposureUsdt;
    case "dailyLossUsdtMax":
      return Math.max(0, account.dayLossUsdt);
    case "drawdownUsdtMax":
      return risk.drawdownUsdt;
    case "symbolLossUsdtMax":
      return risk.symbolLossUsdt;
    case "strategyLossUsdtMax":
      return risk.strategyLossUsdt;
    case "marginUsePctMax":
      return equity > 0 ? (100 * risk.marginUsedUsdt) / equity : null;
    case "openOrdersMax":
      return risk.openOrders;
    default:
      return null;
  }
}
