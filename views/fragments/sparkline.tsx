/** @jsxImportSource hono/jsx */
/**
 * A line without axes: the shape of the last hour, drawn in attributes only so that no style is
 * inline.
 */
import type { MonitorView } from "../../src/monitor/view.ts";
import { dateTimeUtc, fixed } from "../format.ts";
import type { Html } from "../html.tsx";

const WIDTH = 120;
const HEIGHT = 24;

export function Sparkline({ points }: { points: MonitorView["equity"] }): Html {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) {
    return <span class="flat">history builds up here</span>;
  }
  const values = points.map((point) => Number(point.equityText));
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const path = values
    .map((value, index) => {
      const x = (index * WIDTH) / (values.length - 1);
      const y = HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4);
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
  const [from, to] = [Number(first.equityText), Number(last.equityText)];
  const change = `${fixed(from, 2)} to ${fixed(to, 2)} USDT`;
  const label = `Equity since ${dateTimeUtc(first.atMs)} UTC: ${change}`;
  return (
    <svg
      class={`spark ${to >= from ? "up" : "down"}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}
