/** The limits and what is used of them, as a part of the account's row. */

import { exposedSymbols, exposureOf } from "./account-exposure.ts";
import { marginOf } from "./account-margin.ts";
import type { RiskAudit } from "./audit.ts";
import { limitsNow } from "./limits-now.ts";
import type { KnowledgePart } from "./state-parts.ts";

export function riskRow(state: KnowledgePart): RiskAudit {
  const { losses, orders } = state;
  return {
    set: state.limits,
    holds: limitsNow(state),
    drawdownUsdt: losses.drawdownUsdt,
    symbolLossUsdt: Math.max(0, ...losses.symbolLossUsdt.values()),
    strategyLossUsdt: Math.max(0, ...losses.strategyLossUsdt.values()),
    symbolExposureUsdt: Math.max(
      0,
      ...[...exposedSymbols(state)].map((id) => exposureOf(state, id)),
    ),
    marginUsedUsdt: marginOf(state)?.usedUsdt ?? 0,
    openOrders: orders.liveCount,
  };
}
