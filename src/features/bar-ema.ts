/** Exponential average of the last closes, begun with the plain mean of the first twenty. */
import type { BarSpan } from "../domain/bar.ts";
import { partOf } from "./feature.ts";

const BARS = 20;
const WEIGHT = 2 / (BARS + 1);

export function emaOn<const Span extends BarSpan>(span: Span) {
  const name = `emaTicks20@${span}` as const;
  return partOf({
    gives: [{ name, unit: "ticks", version: 1, warmUp: { of: "bar", count: BARS } }],
    needs: [],
    span,
    bind(columns) {
      const ema = columns.give(name);
      const sums = columns.keep("sum");
      const counts = columns.keep("count");
      return {
        onBar(id, { closeTicks }) {
          const count = (counts[id] ?? 0) + 1;
          counts[id] = count;
          if (count <= BARS) sums[id] = (sums[id] ?? 0) + closeTicks;
          if (count < BARS) return;
          const before = ema[id] ?? Number.NaN;
          ema[id] =
            count === BARS ? (sums[id] ?? 0) / BARS : before + WEIGHT * (closeTicks - before);
        },
      };
    },
  });
}
