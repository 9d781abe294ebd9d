/** How far the mid went over the last 1, 10 and 60 whole seconds. */
import { partOf } from "./feature.ts";
import { placeOf, RING_SECONDS } from "./second-ring.ts";

export const returns = partOf({
  gives: [
    { name: "returnBps1s", unit: "bps", version: 1, warmUp: { of: "second", count: 2 } },
    { name: "returnBps10s", unit: "bps", version: 1, warmUp: { of: "second", count: 11 } },
    { name: "returnBps60s", unit: "bps", version: 1, warmUp: { of: "second", count: 61 } },
  ],
  needs: ["midTicks"],
  bind(columns) {
    const horizons = [
      { seconds: 1, column: columns.give("returnBps1s") },
      { seconds: 10, column: columns.give("returnBps10s") },
      { seconds: 60, column: columns.give("returnBps60s") },
    ];
    const midTicks = columns.read("midTicks");
    const mids = columns.keep("mids", RING_SECONDS);
    const counts = columns.keep("count");
    return {
      onSecond(id, second) {
        const mid = midTicks[id] ?? Number.NaN;
        if (!(mid > 0)) return;
        const count = (counts[id] ?? 0) + 1;
        counts[id] = count;
        mids[placeOf(id, second)] = mid;
        for (const { seconds, column } of horizons) {
          if (count <= seconds) return;
          const before = mids[placeOf(id, second - seconds)] ?? Number.NaN;
          column[id] = (mid / before - 1) * 10_000;
        }
      },
    };
  },
});
