/** How far the mark price stands above the index, in bps: what funding leans against. */
import { partOf } from "./feature.ts";

export const basis = partOf({
  gives: [{ name: "basisBps", unit: "bps", version: 1, warmUp: { of: "ticker", count: 1 } }],
  needs: [],
  bind(columns) {
    const basisBps = columns.give("basisBps");
    return {
      onTicker(id, { markPrice, indexPrice }) {
        if (markPrice > 0 && indexPrice > 0) basisBps[id] = (markPrice / indexPrice - 1) * 10_000;
      },
    };
  },
});
