/** Average price of all that was traded in the last 20 bars; the last close where nothing was. */
import type { BarSpan } from "../domain/bar.ts";
import { partOf } from "./feature.ts";

const BARS = 20;

export function vwapOn<const Span extends BarSpan>(span: Span) {
  const name = `vwapTicks20@${span}` as const;
  return partOf({
    gives: [{ name, unit: "ticks", version: 1, warmUp: { of: "bar", count: BARS } }],
    needs: [],
    span,
    bind(columns) {
      const vwap = columns.give(name);
      const volumes = columns.keep("volume", BARS);
      const turnovers = columns.keep("turnover", BARS);
      const counts = columns.keep("count");
      return {
        onBar(id, { closeTicks, volumeSteps, turnover }) {
          const count = (counts[id] ?? 0) + 1;
          counts[id] = count;
          const first = id * BARS;
          volumes[first + (count % BARS)] = volumeSteps;
          turnovers[first + (count % BARS)] = turnover;
          if (count < BARS) return;
          let volume = 0;
          let value = 0;
          for (let place = first; place < first + BARS; place++) {
            volume += volumes[place] ?? 0;
            value += turnovers[place] ?? 0;
          }
          vwap[id] = volume > 0 ? value / volume : closeTicks;
        },
      };
    },
  });
}
