/**
 * Relative strength of 14 bars, smoothed as Wilder does, 0 … 100; 50 where the price stood still.
 * A bar opens at the close before it, so that its own move is the move between closes.
 */
import type { BarSpan } from "../domain/bar.ts";
import { partOf } from "./feature.ts";

const BARS = 14;

export function rsiOn<const Span extends BarSpan>(span: Span) {
  const name = `rsi14@${span}` as const;
  return partOf({
    gives: [{ name, unit: "points", version: 1, warmUp: { of: "bar", count: BARS } }],
    needs: [],
    span,
    bind(columns) {
      const rsi = columns.give(name);
      const gains = columns.keep("gain");
      const losses = columns.keep("loss");
      const counts = columns.keep("count");
      return {
        onBar(id, { openTicks, closeTicks }) {
          const count = (counts[id] ?? 0) + 1;
          counts[id] = count;
          const weight = 1 / Math.min(count, BARS);
          const move = closeTicks - openTicks;
          const gain = (gains[id] ?? 0) + weight * (Math.max(0, move) - (gains[id] ?? 0));
          const loss = (losses[id] ?? 0) + weight * (Math.max(0, -move) - (losses[id] ?? 0));
          gains[id] = gain;
          losses[id] = loss;
          if (count >= BARS) rsi[id] = gain + loss > 0 ? (100 * gain) / (gain + loss) : 50;
        },
      };
    },
  });
}
