/** (bought − sold) ÷ (bought + sold) of takers, fading with a half-life of about 7 s, -1 … 1. */
import { partOf } from "./feature.ts";

export const tradeFlow = partOf({
  gives: [
    // 0 where nobody traded: silence leans to no side.
    { name: "tradeFlow", unit: "ratio", version: 1, warmUp: { of: "sample", count: 1 } },
  ],
  needs: [],
  bind(columns) {
    const tradeFlow = columns.give("tradeFlow");
    const { boughtSteps, soldSteps } = columns.totals;
    const boughtCounted = columns.keep("boughtCounted");
    const soldCounted = columns.keep("soldCounted");
    const boughtFaded = columns.keep("boughtFaded");
    const soldFaded = columns.keep("soldFaded");
    return {
      sample(id, { flowKeep: keep }) {
        const boughtTotal = boughtSteps[id] ?? 0;
        const soldTotal = soldSteps[id] ?? 0;
        const bought = (boughtFaded[id] ?? 0) * keep + (boughtTotal - (boughtCounted[id] ?? 0));
        const sold = (soldFaded[id] ?? 0) * keep + (soldTotal - (soldCounted[id] ?? 0));
        boughtCounted[id] = boughtTotal;
        soldCounted[id] = soldTotal;
        boughtFaded[id] = bought;
        soldFaded[id] = sold;
        tradeFlow[id] = bought + sold > 0 ? (bought - sold) / (bought + sold) : 0;
      },
    };
  },
});
