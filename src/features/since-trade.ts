/** How long nobody has traded, on our clock, as of the last frame or the last end of a second. */
import { partOf } from "./feature.ts";

export const sinceTrade = partOf({
  gives: [{ name: "sinceTradeMs", unit: "ms", version: 1, warmUp: { of: "trades", count: 1 } }],
  needs: [],
  bind(columns) {
    const sinceTradeMs = columns.give("sinceTradeMs");
    const tradedAtMs = columns.keep("tradedAtMs");
    function note(id: number, atMs: number): void {
      const lastAtMs = tradedAtMs[id] ?? 0;
      if (lastAtMs > 0) sinceTradeMs[id] = atMs - lastAtMs;
    }
    return {
      onBook: note,
      onTrades(id, _trades, atMs) {
        tradedAtMs[id] = atMs;
        sinceTradeMs[id] = 0;
      },
      onSecond: (id, second) => note(id, (second + 1) * 1_000),
    };
  },
});
