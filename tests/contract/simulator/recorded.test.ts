/**
 * The simulator's messages beside recorded ones: names, types and presence of every field.
 * Differences are allowed only when the table in recorded-differences.ts names and justifies them.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { differences, HAS_RECORDINGS, recordedMessages, shapeOf } from "./recorded.ts";
import { KNOWN_DIFFERENCES } from "./recorded-differences.ts";
import { type Sim, SocketClient, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

if (!HAS_RECORDINGS) console.log("skipped: no recorded payloads");

let sim: Sim;
let linear: SocketClient;
let spot: SocketClient;
let account: SocketClient;
let desk: SocketClient;
let orderId: string;

beforeAll(async () => {
  if (!HAS_RECORDINGS) return;
  sim = await startSim({ symbols: 12, rateLimits: { addressMax: 0 } });
  [linear, spot, account, desk] = (await Promise.all(
    ["public/linear", "public/spot", "private", "trade"].map((path) =>
      SocketClient.open(`${sim.ws}/v5/${path}`),
    ),
  )) as [SocketClient, SocketClient, SocketClient, SocketClient];
  account.signIn();
  desk.signIn();
  await account.until((f) => f.op === "auth");
  await desk.until((f) => f.op === "auth");
  account.send({
    op: "subscribe",
    args: ["order", "execution", "execution.fast", "position", "wallet"],
  });
  linear.send({
    op: "subscribe",
    args: ["tickers", "publicTrade", "kline.1", "orderbook.50", "orderbook.1", "priceLimit"].map(
      (name) => `${name}.BTCUSDT`,
    ),
  });
  spot.send({ op: "subscribe", args: ["tickers.BTCUSDT"] });
  const order = {
    category: "linear",
    symbol: "BTCUSDT",
    side: "Buy",
    orderType: "Market",
    qty: "0.002",
    orderLinkId: "recorded",
  };
  orderId = (await sim.post("/v5/order/create", order)).result.orderId;
  await sim.post("/v5/order/create", {
    ...order,
    side: "Sell",
    qty: "0.001",
    orderLinkId: "",
    reduceOnly: true,
  });
  const { bid1Price } = (await sim.get("/v5/market/tickers", "category=linear&symbol=BTCUSDT"))
    .result.list[0];
  const price = (Number(bid1Price) * 0.985).toFixed(1);
  await sim.post("/v5/order/create", {
    ...order,
    orderType: "Limit",
    price,
    orderLinkId: "resting",
  });
  await account.until((f) => f.topic === "wallet");
  await account.until((f) => f.topic === "order" && f.data[0].orderStatus === "New");
  for (const topic of ["tickers.BTCUSDT", "publicTrade.BTCUSDT", "orderbook.50.BTCUSDT"]) {
    await linear.until(
      (f) => f.topic === topic && f.type === (topic.startsWith("public") ? "snapshot" : "delta"),
    );
  }
  await spot.until((f) => f.topic);
});
afterAll(() => sim?.stop());

const from = (client: () => SocketClient, topic: string) => async () =>
  client().frames.filter((frame) => frame.topic === topic);
const get = (path: string, query: string) => async () => [await sim.get(`/v5/${path}`, query)];
const post = (path: string, body: () => unknown) => async () => [
  await sim.post(`/v5/${path}`, body()),
];

/** Name, recorded files, our messages. */
const CASES: [string, string[], () => Promise<unknown[]>][] = [
  [
    "instruments linear",
    ["rest/market-instruments-info/cryptofeed-20260809-linear-full.json"],
    get("market/instruments-info", "category=linear&limit=1000"),
  ],
  [
    "instruments spot",
    ["rest/market-instruments-info/cryptofeed-20260809-spot-full.json"],
    get("market/instruments-info", "category=spot"),
  ],
  ["tickers", ["rest/market-tickers/bybit-docs-3.json"], get("market/tickers", "category=linear")],
  [
    "orderbook",
    ["rest/market-orderbook/bybit-docs-1.json"],
    get("market/orderbook", "category=linear&symbol=BTCUSDT"),
  ],
  [
    "kline",
    ["rest/market-kline/bybit-docs-1.json"],
    get("market/kline", "category=linear&symbol=BTCUSDT&interval=1"),
  ],
  [
    "mark kline",
    ["rest/market-mark-price-kline/bybit-docs-1.json"],
    get("market/mark-price-kline", "category=linear&symbol=BTCUSDT&interval=1"),
  ],
  [
    "recent trade",
    ["rest/market-recent-trade/bybit-docs-1.json"],
    get("market/recent-trade", "category=linear&symbol=BTCUSDT"),
  ],
  [
    "funding",
    ["rest/market-funding-history/bybit-docs-1.json"],
    get("market/funding/history", "category=linear&symbol=BTCUSDT"),
  ],
  [
    "open interest",
    ["rest/market-open-interest/bybit-docs-1.json"],
    get("market/open-interest", "category=linear&symbol=BTCUSDT&intervalTime=1h"),
  ],
  [
    "account ratio",
    ["rest/market-account-ratio/bybit-docs-1.json"],
    get("market/account-ratio", "category=linear&symbol=BTCUSDT&period=1h"),
  ],
  [
    "price limit",
    ["rest/market-price-limit/bybit-docs-1.json"],
    get("market/price-limit", "category=linear&symbol=BTCUSDT"),
  ],
  [
    "risk limit",
    ["rest/market-risk-limit/hirokisan-1.json"],
    async () => [(await sim.get("/v5/market/risk-limit", "category=linear&symbol=BTCUSDT")).result],
  ],
  ["time", ["rest/market-time/bybit-docs-1.json"], get("market/time", "")],
  [
    "order create",
    ["rest/order-create/roq-1.json"],
    post("order/create", () => ({
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Market",
      qty: "0.001",
      orderLinkId: "shape",
    })),
  ],
  [
    "order batch",
    ["rest/order-create-batch/bybit-docs-1.json"],
    post("order/create-batch", () => ({
      category: "linear",
      request: [
        {
          symbol: "BTCUSDT",
          side: "Sell",
          orderType: "Market",
          qty: "0.001",
          orderLinkId: "batch",
        },
      ],
    })),
  ],
  [
    "order refused",
    ["rest/order-amend/roq-1.json"],
    post("order/amend", () => ({ category: "nope" })),
  ],
  [
    "open orders",
    ["rest/order-realtime/bybit-docs-1.json"],
    get("order/realtime", "category=linear&symbol=BTCUSDT"),
  ],
  [
    "order history",
    ["rest/order-history/bybit-docs-1.json"],
    get("order/history", "category=linear"),
  ],
  [
    "executions",
    ["rest/execution-list/bybit-docs-1.json"],
    get("execution/list", "category=linear"),
  ],
  [
    "positions",
    ["rest/position-list/roq-1.json"],
    get("position/list", "category=linear&symbol=BTCUSDT"),
  ],
  [
    "closed pnl",
    ["rest/position-closed-pnl/bybit-docs-1.json"],
    get("position/closed-pnl", "category=linear"),
  ],
  [
    "wallet",
    ["rest/account-wallet-balance/roq-1.json"],
    get("account/wallet-balance", "accountType=UNIFIED"),
  ],
  ["account info", ["rest/account-info/roq-1.json"], get("account/info", "")],
  [
    "fee rate",
    ["rest/account-fee-rate/bybit-docs-1.json"],
    get("account/fee-rate", "category=linear&symbol=BTCUSDT"),
  ],
  [
    "transaction log",
    ["rest/account-transaction-log/bybit-docs-1.json"],
    get("account/transaction-log", "category=linear&type=TRADE"),
  ],
  ["query api", ["rest/user-query-api/bybit-docs-1.json"], get("user/query-api", "")],
  [
    "cancel",
    ["rest/order-cancel/roq-1.json"],
    post("order/cancel", () => ({ category: "linear", symbol: "BTCUSDT", orderLinkId: "resting" })),
  ],
  [
    "cancel all",
    ["rest/order-cancel-all/roq-1.json"],
    post("order/cancel-all", () => ({ category: "linear", symbol: "BTCUSDT" })),
  ],
  [
    "ws ticker",
    ["ws/tickers/cryptofeed-20260809-linear-BTCUSDT.jsonl"],
    from(() => linear, "tickers.BTCUSDT"),
  ],
  [
    "ws ticker spot",
    ["ws/tickers/cryptofeed-20260809-spot-BTCUSDT.jsonl"],
    from(() => spot, "tickers.BTCUSDT"),
  ],
  [
    "ws trade",
    ["ws/publicTrade/cryptofeed-20260809-linear-BTCUSDT.jsonl"],
    from(() => linear, "publicTrade.BTCUSDT"),
  ],
  ["ws price limit", ["ws/priceLimit/bybit-docs-1.json"], from(() => linear, "priceLimit.BTCUSDT")],
  ["ws order", ["ws/order/roq-2.json", "ws/order/bybit-docs-1.json"], from(() => account, "order")],
  ["ws execution", ["ws/execution/roq-1.json"], from(() => account, "execution")],
  [
    "ws execution.fast",
    ["ws/execution.fast/bybit-docs-1.json"],
    from(() => account, "execution.fast"),
  ],
  ["ws position", ["ws/position/bybit-docs-1.json"], from(() => account, "position")],
  ["ws wallet", ["ws/wallet/bybit-docs-1.json"], from(() => account, "wallet")],
  [
    "ws linear reply",
    ["ws/_control/cryptofeed-20260809-linear-acks.jsonl"],
    async () => linear.frames.filter((f) => f.op === "subscribe"),
  ],
  [
    "ws spot reply",
    ["ws/_control/cryptofeed-20260809-spot-acks.jsonl"],
    async () => spot.frames.filter((f) => f.op === "subscribe"),
  ],
  [
    "ws private auth",
    ["ws/_control/bybit-docs-25.json"],
    async () => account.frames.filter((f) => f.op === "auth"),
  ],
  [
    "ws trade auth",
    ["ws/_control-trade/roq-1.json"],
    async () => desk.frames.filter((f) => f.op === "auth"),
  ],
  [
    "ws order reply",
    ["ws/trade-api/roq-1.json"],
    async () => {
      const args = [
        {
          category: "linear",
          symbol: "BTCUSDT",
          side: "Buy",
          orderType: "Market",
          qty: "0.001",
          orderLinkId: "desk",
        },
      ];
      desk.send({
        reqId: "shape",
        header: { "X-BAPI-TIMESTAMP": String(Date.now()) },
        op: "order.create",
        args,
      });
      return [await desk.until((f) => f.reqId === "shape")];
    },
  ],
];

describe.skipIf(!HAS_RECORDINGS)("messages beside recorded ones", () => {
  for (const [name, files, ours] of CASES) {
    test(name, async () => {
      const recorded = (await Promise.all(files.map(recordedMessages))).flat();
      const found = differences(shapeOf(recorded), shapeOf(await ours()));
      const known = (KNOWN_DIFFERENCES[name] ?? []).map(([line]) => line);
      expect(found).toEqual(known.toSorted());
    });
  }

  test("key order of hot frames is the recorded one", async () => {
    const keysOf = (frame: any) => [Object.keys(frame), Object.keys(frame.data[0] ?? frame.data)];
    const pairs: [string, string, (frame: any) => boolean][] = [
      [
        "ws/tickers/cryptofeed-20260809-linear-BTCUSDT.jsonl",
        "tickers.BTCUSDT",
        (f) => f.type === "snapshot",
      ],
      [
        "ws/publicTrade/cryptofeed-20260809-linear-BTCUSDT.jsonl",
        "publicTrade.BTCUSDT",
        () => true,
      ],
    ];
    for (const [file, topic, wanted] of pairs) {
      const recorded = (await recordedMessages(file)).find(wanted);
      const ours = linear.frames.find((frame) => frame.topic === topic && wanted(frame));
      expect(keysOf(ours)).toEqual(keysOf(recorded));
    }
    expect(orderId).toMatch(/^[0-9a-f]{8}-/);
  });
});
