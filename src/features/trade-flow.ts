/** (bought − sold) ÷ (bought + sold) of takers, fading with a half-life of about 7 s, -1 … 1. */
import { partOf } from "./feature.ts";

const WEIGHT = 0.1;

export const tradeFlow = partOf({
  gives: [
    // 0 where nobody traded: silence leans to no side.
    { name: "tradeFlow", unit: "ratio", version: 1, warmUp: { of: "sample", count: 1 } },
  ],
  needs: [],
  bind(columns) {
    const tradeFlow = columns.give("tradeFlow");
    const boughtNow = columns.keep("boughtNow");
    const soldNow = columns.keep("soldNow");
    const boughtSteps = columns.keep("bought");
    const soldSteps = columns.keep("sold");
    return {
      onTrades(id, trades) {
        for (const trade of trades) {
          const column = trade.side === "buy" ? boughtNow : soldNow;
          column[id] = (column[id] ?? 0) + trade.qtySteps;
        }
      },
      sample(id, seconds) {
        const keep = (1 - WEIGHT) ** seconds;
        const bought = (boughtSteps[id] ?? 0) * keep + (boughtNow[id] ?? 0);
        const sold = (soldSteps[id] ?? 0) * keep + (soldNow[id] ?? 0);
        boughtSteps[id] = bought;
        soldSteps[id] = sold;
        boughtNow[id] = 0;
        soldNow[id] = 0;
        tradeFlow[id] = bought + sold > 0 ? (bought - sold) / (bought + sold) : 0;
      },
    };
  },
});
