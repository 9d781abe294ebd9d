/** Public trades a minute, fading with a half-life of about 60 s; a plain mean until then. */
import { partOf } from "./feature.ts";

const WEIGHT = 0.0115;

export const tradeRate = partOf({
  gives: [
    { name: "tradesPerMin", unit: "trades/min", version: 1, warmUp: { of: "sample", count: 1 } },
  ],
  needs: [],
  bind(columns) {
    const tradesPerMin = columns.give("tradesPerMin");
    const { trades } = columns.totals;
    const counted = columns.keep("counted");
    const rates = columns.keep("rate");
    const observedSec = columns.keep("observedSec");
    return {
      sample(id, { seconds }) {
        const observed = (observedSec[id] ?? 0) + seconds;
        observedSec[id] = observed;
        const total = trades[id] ?? 0;
        const perMin = ((total - (counted[id] ?? 0)) / seconds) * 60;
        counted[id] = total;
        const keep = Math.min((1 - WEIGHT) ** seconds, 1 - seconds / observed);
        rates[id] = (rates[id] ?? 0) * keep + perMin * (1 - keep);
        tradesPerMin[id] = rates[id] ?? 0;
      },
    };
  },
});
