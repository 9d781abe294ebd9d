/** @jsxImportSource hono/jsx */
/** The chart of the account's worth; the script fetches the range that is wanted. */
import { EQUITY_RANGES } from "../../src/monitor/equity-picture.ts";
import { NO_PARAMS } from "../../src/monitor/params.ts";
import type { MonitorView } from "../../src/monitor/view.ts";
import { clockUtc, dateTimeUtc, fixed, signed } from "../format.ts";
import { Empty, type Html } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { valueIn } from "../value.tsx";
import { ChartFigure } from "./chart.tsx";

const TWIN_ROWS = 20;
const LABELS = { "5m": "5 min", "1h": "1 h", "24h": "24 h", "7d": "7 days", "30d": "30 days" };
const CHOICES = Object.keys(EQUITY_RANGES).map((value) => ({ value, label: labelOf(value) }));

function labelOf(range: string): string {
  return Object.entries(LABELS).find(([name]) => name === range)?.[1] ?? range;
}

export const equity = regionOf<Record<never, never>, void>({
  name: "equity",
  params: NO_PARAMS,
  load: () => undefined,
  view: Stamp,
  element: ({ id, model, children }) => (
    <>
      <Figure view={model.view} />
      <div id={id} hidden>
        {children}
      </div>
    </>
  ),
});

function Stamp({ view }: Model): Html {
  const point = view.equity.at(-1);
  if (point === undefined) return <Empty>Nothing to follow yet.</Empty>;
  const { atMs, equityText } = point;
  return (
    <data {...valueIn("equity.now", "data-stamp", JSON.stringify([atMs, Number(equityText)]))} />
  );
}

function Figure({ view }: { view: MonitorView }): Html {
  const points = view.equity;
  const first = Number(points[0]?.equityText ?? 0);
  return (
    <ChartFigure
      id="chart-equity"
      kind="equity"
      size="low"
      sentence={sentenceOf(view)}
      choice={{ name: "range", label: "Range of the chart", all: CHOICES, now: "1h" }}
      twin={{
        columns: ["Time (UTC)", "Equity, USDT", "Since the first"],
        rows: points
          .slice(-TWIN_ROWS)
          .reverse()
          .map(({ atMs, equityText }) => [
            dateTimeUtc(atMs),
            fixed(Number(equityText), 2),
            signed(Number(equityText) - first, 2),
          ]),
      }}
    />
  );
}

/** "Net −1.50 today, low −2.11 at 13:08": of the day, and of the last hour against its first. */
function sentenceOf({ account, equity: points }: MonitorView): string {
  const today = account.todayText === "" ? "" : `Net ${signed(Number(account.todayText), 2)} today`;
  const [first] = points;
  if (first === undefined) return `${today || "Net equity"}, no point of the line yet`;
  const low = points.reduce((found, point) =>
    Number(point.equityText) < Number(found.equityText) ? point : found,
  );
  const fall = Number(low.equityText) - Number(first.equityText);
  return `${today}, low of the hour ${signed(fall, 2)} at ${clockUtc(low.atMs).slice(0, 5)}`;
}
