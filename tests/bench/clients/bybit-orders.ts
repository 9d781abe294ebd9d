/**
 * The reference: bybit-api's own socket clients. Listens to the books of a few contracts, and
 * answers a frame with submitNewOrder over its trade socket, at most ten a second: an order far
 * from the market that takes or leaves. `bun bybit-orders.ts WS_URL KEY SECRET SYMBOL…`.
 */
import { WebsocketAPIClient, WebsocketClient } from "bybit-api";

const ORDER_EVERY_MS = 100;

const [wsUrl = "", key = "", secret = "", ...symbols] = process.argv.slice(2);
const quiet = { trace() {}, info() {}, error() {} };
type Options = ConstructorParameters<typeof WebsocketClient>[0];
const at = (path: string) => ({ key, secret, wsUrl: `${wsUrl}${path}` }) as Options;

const desk = new WebsocketAPIClient(at("/v5/trade"), quiet);
await desk.getWSClient().connectWSAPI();

let lastAtMs = 0;
let sequence = 0;
const books = new WebsocketClient(at("/v5/public/linear"), quiet);
books.on("update", ({ topic }: { topic: string }) => {
  const symbol = topic.slice(topic.lastIndexOf(".") + 1);
  const nowMs = Date.now();
  if (nowMs - lastAtMs < ORDER_EVERY_MS) return;
  lastAtMs = nowMs;
  const sent = desk.submitNewOrder({
    category: "linear",
    symbol,
    side: "Buy",
    orderType: "Limit",
    qty: "0.01",
    price: "1",
    timeInForce: "IOC",
    orderLinkId: `bench-${++sequence}`,
  });
  // The exchange may refuse the price: what is measured is that the order left.
  sent.catch(() => {});
});
await Promise.all(
  books.subscribeV5(
    symbols.map((symbol) => `orderbook.50.${symbol}`),
    "linear",
  ),
);
console.log("ready");
process.on("SIGTERM", () => process.exit(0));
