/**
 * Average true range of 14 bars, smoothed as Wilder does, in bps of the last close. A bar opens at
 * the close before it, so that its range is the true one.
 */
import type { BarSpan } from "../domain/bar.ts";
import { partOf } from "./feature.ts";

const BARS = 14;

export function atrOn<const Span extends BarSpan>(span: Span) {
  const name = `atrBps14@${span}` as const;
  return partOf({
    gives: [{ name, unit: "bps", version: 1, warmUp: { of: "bar", count: BARS } }],
    needs: [],
    span,
    bind(columns) {
      const atrBps = columns.give(name);
      const atrs = columns.keep("atr");
      const counts = columns.keep("count");
      return {
        onBar(id, { highTicks, lowTicks, closeTicks }) {
          const count = (counts[id] ?? 0) + 1;
          counts[id] = count;
          const weight = 1 / Math.min(count, BARS);
          const before = atrs[id] ?? 0;
          const atr = before + weight * (highTicks - lowTicks - before);
          atrs[id] = atr;
          if (count >= BARS) atrBps[id] = (atr / closeTicks) * 10_000;
        },
      };
    },
  });
}
