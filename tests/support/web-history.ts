/** What the record of the web fixture has of the past: two runs, the older one killed. */
import type { Intervention } from "../../src/engine/audit.ts";
import type { HistoryReader, Page } from "../../src/runtime/ports/record.ts";

const HOUR_MS = 3_600_000;

/** Rows before `nowMs`, newest first. */
export function fixtureHistory(nowMs: number): HistoryReader {
  const intervention = (row: number, change: Partial<Intervention>) => ({
    row,
    runId: row > 2 ? "k3f9a2" : "k3f000",
    intervention: {
      id: `k-${row}`,
      atMs: nowMs - (5 - row) * HOUR_MS,
      action: "halt",
      commandId: row === 4 ? "page-4" : "",
      symbol: "",
      verdict: "executed",
      cause: "operator",
      by: "ann",
      reason: "news",
      isAutomatic: false,
      outcome: "entries stopped",
      isDone: true,
      outcomeAtMs: nowMs - (5 - row) * HOUR_MS,
      ...change,
    } satisfies Intervention,
  });
  const interventions = [
    intervention(4, { action: "flatten", outcome: "proved flat after 667 ms" }),
    intervention(3, { action: "resume", outcome: "trading is on" }),
    intervention(2, { by: "scalper", cause: "daily_loss", isAutomatic: true }),
    intervention(1, {}),
  ];
  const incidents = [3, 2, 1].map((row) => ({
    row,
    runId: row > 2 ? "k3f9a2" : "k3f000",
    isCut: row === 1,
    incident: {
      id: `k-${row}`,
      service: "market-feed" as const,
      severity: "down" as const,
      cause: "connection refused",
      fromMs: nowMs - (5 - row) * HOUR_MS,
      untilMs: row === 3 ? null : nowMs - (5 - row) * HOUR_MS + 2_500,
    },
  }));
  const curve = Array.from({ length: 200 }, (_, at) => ({
    runId: "k3f9a2",
    point: {
      atMs: nowMs - (200 - at) * 600_000,
      equityText: `${10_000 + at}.000000000000000001`,
      ...{ unrealisedText: "-0.25", feesText: "1.5", exposureUsdt: 12.5 },
    },
  }));
  const page = <Row extends { readonly row: number }>(rows: readonly Row[], of: Page) =>
    rows.filter(({ row }) => of.before === undefined || row < of.before).slice(0, of.limit);
  return {
    interventions: (of) => page(interventions, of),
    command: (id) =>
      interventions.find((row) => row.intervention.commandId === id)?.intervention ?? null,
    incidents: (of) => page(incidents, of),
    equity: ({ fromMs, toMs, points }) =>
      curve.filter(({ point }) => point.atMs >= fromMs && point.atMs <= toMs).slice(-points),
  };
}
