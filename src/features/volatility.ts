/** Standard deviation of one-second mid returns, fading with a half-life of about 23 s. */
import { partOf } from "./feature.ts";

/** After this silence a price jump is a gap between two markets, not volatility. */
const GAP_MS = 60_000;
const WEIGHT = 0.03;

export const volatility = partOf({
  gives: [
    // Two samples make the first return. The first returns weigh more, so that a start is not
    // taken for calm.
    { name: "volatilityBps", unit: "bps", version: 1, warmUp: { of: "sample", count: 2 } },
  ],
  needs: ["midTicks"],
  bind(columns) {
    const volatilityBps = columns.give("volatilityBps");
    const midTicks = columns.read("midTicks");
    const variances = columns.keep("variance");
    const counts = columns.keep("returns");
    const midBefore = columns.keep("midBefore");
    return {
      sample(id, { seconds, elapsedMs }) {
        const mid = midTicks[id] ?? Number.NaN;
        const before = midBefore[id] ?? 0;
        midBefore[id] = mid;
        if (!(before > 0 && mid > 0) || elapsedMs > GAP_MS) return;
        const returnBps = (mid / before - 1) * 10_000;
        const returns = (counts[id] ?? 0) + 1;
        counts[id] = returns;
        const keep = Math.min((1 - WEIGHT) ** seconds, 1 - 1 / returns);
        const perSecond = (returnBps * returnBps) / seconds;
        const variance = (variances[id] ?? 0) * keep + perSecond * (1 - keep);
        variances[id] = variance;
        volatilityBps[id] = Math.sqrt(variance);
      },
    };
  },
});
