/** How far the microprice lies from the mid, in bps: comparable between symbols. */
import { partOf } from "./feature.ts";

export const micropriceEdge = partOf({
  gives: [{ name: "micropriceBps", unit: "bps", version: 1, warmUp: { of: "book", count: 1 } }],
  needs: ["midTicks", "micropriceTicks"],
  bind(columns) {
    const micropriceBps = columns.give("micropriceBps");
    const midTicks = columns.read("midTicks");
    const micropriceTicks = columns.read("micropriceTicks");
    return {
      onBook(id) {
        const mid = midTicks[id] ?? Number.NaN;
        micropriceBps[id] = ((micropriceTicks[id] ?? Number.NaN) / mid - 1) * 10_000;
      },
    };
  },
});
