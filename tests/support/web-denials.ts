/** Orders that the gate refused, newest first. */
import type { MonitorView } from "../../src/monitor/view.ts";
import { FIXTURE_NOW_MS } from "./web-rows.ts";

export const fixtureDenials = () => [
  denial(1_200, "PEPEUSDT", { code: "BOOK_STALE", ageMs: 3_412, ageMsMax: 3_000 }),
  denial(8_450, "ETHUSDT", { code: "PRICE_OUTSIDE_BAND", distanceBps: 61.2, bandBps: 50 }),
  denial(61_000, "BTCUSDT", {
    code: "ORDER_NOTIONAL_ABOVE_MAX",
    notionalUsdt: 1_542.6,
    maxUsdt: 1_000,
  }),
];

function denial(
  agoMs: number,
  symbol: string,
  reason: MonitorView["recentDenials"][number]["reason"],
): MonitorView["recentDenials"][number] {
  return {
    atMs: FIXTURE_NOW_MS - agoMs,
    symbol,
    side: "buy",
    purpose: "entry",
    strategy: "maker",
    reason,
  };
}
