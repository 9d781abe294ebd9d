/**
 * Realised volatility over the last 1, 10 and 60 whole seconds: the root of the sum of squared mid
 * returns from book to book, in bps of that span. It sees what `volatilityBps`, which looks once a
 * second and fades, does not: a price that shakes within the second.
 */
import { partOf } from "./feature.ts";
import { placeOf, RING_SECONDS } from "./second-ring.ts";

export const realisedVolatility = partOf({
  gives: [
    { name: "realisedBps1s", unit: "bps", version: 1, warmUp: { of: "second", count: 2 } },
    { name: "realisedBps10s", unit: "bps", version: 1, warmUp: { of: "second", count: 11 } },
    { name: "realisedBps60s", unit: "bps", version: 1, warmUp: { of: "second", count: 61 } },
  ],
  needs: ["midTicks"],
  bind(columns) {
    const horizons = [
      { seconds: 1, column: columns.give("realisedBps1s") },
      { seconds: 10, column: columns.give("realisedBps10s") },
      { seconds: 60, column: columns.give("realisedBps60s") },
    ];
    const midTicks = columns.read("midTicks");
    const midBefore = columns.keep("midBefore");
    /** Sum of squares of the running second, and of each of the last ones. */
    const squaresNow = columns.keep("squaresNow");
    const squares = columns.keep("squares", RING_SECONDS);
    const counts = columns.keep("count");
    return {
      onBook(id) {
        const mid = midTicks[id] ?? Number.NaN;
        const before = midBefore[id] ?? 0;
        midBefore[id] = mid;
        if (before === mid || !(before > 0)) return;
        const returnBps = (mid / before - 1) * 10_000;
        squaresNow[id] = (squaresNow[id] ?? 0) + returnBps * returnBps;
      },
      onSecond(id, second) {
        if (!((midTicks[id] ?? Number.NaN) > 0)) return;
        const count = (counts[id] ?? 0) + 1;
        counts[id] = count;
        squares[placeOf(id, second)] = squaresNow[id] ?? 0;
        squaresNow[id] = 0;
        let sum = 0;
        let summed = 0;
        for (const { seconds, column } of horizons) {
          // The first second is a part of one.
          if (count <= seconds) return;
          for (; summed < seconds; summed++) sum += squares[placeOf(id, second - summed)] ?? 0;
          column[id] = Math.sqrt(sum);
        }
      },
    };
  },
});
