/** Faults of the wire and of the venue, drawn from a seed. */
import type { Prng } from "../../src/kernel/prng.ts";

type FaultInput = { readonly kind: string } & Readonly<Record<string, string | number>>;

const TOPICS = ["orderbook", "publicTrade", "tickers", "order", "execution", "position", "wallet"];
const SOCKETS = ["/v5/public/linear", "/v5/private", "/v5/trade"];
const ORDER_PATHS = [
  "/v5/trade/order.create",
  "/v5/trade/order.cancel",
  "/v5/order/create",
  "/v5/order/cancel",
  "/v5/position/trading-stop",
];
const REST_PATHS = [...ORDER_PATHS.slice(2), "/v5/order/realtime", "/v5/execution", "/v5/"];

/** An order whose answer and first report are both lost: only a question can tell of it. */
const LOST_ORDER: readonly FaultInput[] = [
  { kind: "timeout_after_accept", path: "/v5/trade/order.create", count: 1 },
  { kind: "drop", topic: "order", count: 1 },
];
const LOST_ORDER_EVERY = 10;

/** One fault, or two that belong together, for the simulator to play. */
export function drawFaults(prng: Prng): readonly FaultInput[] {
  return prng.int(LOST_ORDER_EVERY) === 0 ? LOST_ORDER : [drawFault(prng)];
}

/** What networks and venues do, in the proportions of a very bad day. */
function drawFault(prng: Prng): FaultInput {
  const pick = (items: readonly string[]): string => items[prng.int(items.length)] ?? "";
  const count = 1 + prng.int(4);
  const kind = pick([
    ...["drop", "drop", "duplicate", "duplicate", "reorder", "reorder", "delay", "skip_delta"],
    ...["disconnect", "half_open", "refuse_connect", "http_error", "http_error", "ret_code"],
    ...["timeout_after_accept", "timeout_after_accept", "slow_ack", "partial_fill", "truncate"],
  ]);
  switch (kind) {
    case "drop":
    case "duplicate":
    case "reorder":
    case "truncate":
      return { kind, topic: pick(TOPICS), count };
    case "delay":
      return { kind, topic: pick(TOPICS), count, delayMs: 50 + prng.int(3_000) };
    case "skip_delta":
      return { kind, topic: "orderbook", count };
    case "disconnect":
    case "half_open":
    case "refuse_connect":
      return { kind, path: pick(SOCKETS), count: 1 };
    case "http_error":
      return { kind, path: pick(REST_PATHS), count, status: 502 + prng.int(3) };
    case "ret_code":
      return { kind, path: pick(ORDER_PATHS), count, code: prng.int(2) === 0 ? 10_016 : 10_006 };
    case "timeout_after_accept":
    case "slow_ack":
      return { kind, path: pick(ORDER_PATHS), count, delayMs: 200 + prng.int(7_000) };
    default:
      return { kind };
  }
}
