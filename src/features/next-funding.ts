/** What the next settlement would cost a long, and when it comes, from the ticker. */
import { partOf } from "./feature.ts";

const MINUTE_MS = 60_000;

export const funding = partOf({
  gives: [
    /** The running prediction: a long pays it when it is positive. */
    { name: "fundingRate", unit: "fraction", version: 1, warmUp: { of: "ticker", count: 1 } },
    /** By our clock; cold where nothing is ever settled. */
    { name: "minutesToFunding", unit: "min", version: 1, warmUp: { of: "ticker", count: 1 } },
  ],
  needs: [],
  bind(columns) {
    const fundingRate = columns.give("fundingRate");
    const minutesToFunding = columns.give("minutesToFunding");
    const nextAtMs = columns.keep("nextAtMs");
    function note(id: number, atMs: number): void {
      const next = nextAtMs[id] ?? 0;
      if (next > 0) minutesToFunding[id] = Math.max(0, (next - atMs) / MINUTE_MS);
    }
    return {
      onTicker(id, ticker, atMs) {
        if (ticker.nextFundingAtMs === 0) return;
        fundingRate[id] = ticker.fundingRate;
        nextAtMs[id] = ticker.nextFundingAtMs;
        note(id, atMs);
      },
      onSecond: (id, second) => note(id, (second + 1) * 1_000),
    };
  },
});
