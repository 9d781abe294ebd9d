/**
 * Order flow at the touch and trade flow over the last 1, 10 and 60 whole seconds: sums with sharp
 * ends, where `orderFlow` and `tradeFlow` fade. Each end of a second notes the totals, and a window
 * is the difference of two notes.
 */
import { partOf } from "./feature.ts";
import { placeOf, RING_SECONDS } from "./second-ring.ts";

export const flowWindows = partOf({
  gives: [
    { name: "orderFlowSteps1s", unit: "steps", version: 1, warmUp: { of: "second", count: 2 } },
    { name: "orderFlowSteps10s", unit: "steps", version: 1, warmUp: { of: "second", count: 11 } },
    { name: "orderFlowSteps60s", unit: "steps", version: 1, warmUp: { of: "second", count: 61 } },
    /** (bought − sold) ÷ (bought + sold) of takers; 0 where nobody traded. */
    { name: "tradeFlow1s", unit: "ratio", version: 1, warmUp: { of: "second", count: 2 } },
    { name: "tradeFlow10s", unit: "ratio", version: 1, warmUp: { of: "second", count: 11 } },
    { name: "tradeFlow60s", unit: "ratio", version: 1, warmUp: { of: "second", count: 61 } },
  ],
  // The count begins with the first book, for both.
  needs: ["midTicks"],
  bind(columns) {
    const horizons = [
      [1, columns.give("orderFlowSteps1s"), columns.give("tradeFlow1s")],
      [10, columns.give("orderFlowSteps10s"), columns.give("tradeFlow10s")],
      [60, columns.give("orderFlowSteps60s"), columns.give("tradeFlow60s")],
    ] as const;
    const midTicks = columns.read("midTicks");
    const { flowSteps, boughtSteps, soldSteps } = columns.totals;
    const flows = columns.keep("flows", RING_SECONDS);
    const buys = columns.keep("buys", RING_SECONDS);
    const sells = columns.keep("sells", RING_SECONDS);
    const counts = columns.keep("count");
    return {
      onSecond(id, second) {
        if (!((midTicks[id] ?? Number.NaN) > 0)) return;
        const count = (counts[id] ?? 0) + 1;
        counts[id] = count;
        const now = placeOf(id, second);
        flows[now] = flowSteps[id] ?? 0;
        buys[now] = boughtSteps[id] ?? 0;
        sells[now] = soldSteps[id] ?? 0;
        for (const [seconds, flow, balance] of horizons) {
          if (count <= seconds) return;
          const before = placeOf(id, second - seconds);
          const bought = (buys[now] ?? 0) - (buys[before] ?? 0);
          const sold = (sells[now] ?? 0) - (sells[before] ?? 0);
          flow[id] = (flows[now] ?? 0) - (flows[before] ?? 0);
          balance[id] = bought + sold > 0 ? (bought - sold) / (bought + sold) : 0;
        }
      },
    };
  },
});
