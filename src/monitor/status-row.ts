/** The state of trading in one small value, for an operator's terminal and for scripts. */
import type { HealthReport, MonitorView, RunInfo } from "./view.ts";

interface Known {
  readonly run: RunInfo;
  readonly view: MonitorView;
  readonly health: HealthReport;
  readonly nowMs: number;
}

export function statusRow({ run, view, health, nowMs }: Known) {
  const { runId, version, mode, venue, startedAtMs } = run;
  const open = [...view.positions.values()].filter(({ side }) => side !== "flat");
  const under = view.interventions.find(({ isDone }) => !isDone);
  return {
    runId,
    version,
    mode,
    venue,
    startedAt: new Date(startedAtMs).toISOString(),
    /** How old the engine's last word is: a working one speaks four times a second. */
    toldAgoMs: view.seq === 0 ? null : Math.max(0, nowMs - view.atMs),
    trading: view.trading.state,
    reason: view.trading.reason,
    missing: view.missing,
    openOrders: view.openOrders.size,
    positions: open.map(({ symbol, side, qtyText, notionalText, unrealisedText }) => ({
      symbol,
      side,
      qty: qtyText,
      notionalUsdt: notionalText,
      unrealisedUsdt: unrealisedText,
    })),
    symbolHalts: view.symbolHalts.map(({ symbol, kind, by, reason, sinceMs }) => ({
      symbol,
      kind,
      by,
      reason,
      sinceMs,
    })),
    equityUsdt: view.account.equityText,
    dayLossUsdt: view.account.dayLossUsdt,
    health: health.status,
    down: health.services.filter(({ status }) => status === "down").map(({ name }) => name),
    underWay: under === undefined ? null : { action: under.action, outcome: under.outcome },
  };
}
