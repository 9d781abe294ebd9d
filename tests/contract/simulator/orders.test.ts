import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { type Sim, SocketClient, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let sim: Sim;
let stream: SocketClient;
const BTC = { category: "linear", symbol: "BTCUSDT" } as const;

beforeAll(async () => {
  sim = await startSim({ symbols: 5 });
  stream = await SocketClient.open(`${sim.ws}/v5/private`);
  stream.signIn();
  await stream.until((frame) => frame.op === "auth" && frame.success);
  stream.send({
    op: "subscribe",
    args: ["order", "execution", "execution.fast", "position", "wallet"],
  });
  await stream.until((frame) => frame.op === "subscribe" && frame.success);
});
afterEach(async () => {
  await sim.post("/v5/order/cancel-all", { category: "linear", settleCoin: "USDT" });
});
afterAll(() => sim.stop());

async function touch(): Promise<{ bid: number; ask: number }> {
  const { result } = await sim.get(
    "/v5/market/orderbook",
    "category=linear&symbol=BTCUSDT&limit=1",
  );
  return { bid: Number(result.b[0][0]), ask: Number(result.a[0][0]) };
}

async function place(fields: Record<string, unknown>) {
  return sim.post("/v5/order/create", {
    ...BTC,
    side: "Buy",
    orderType: "Limit",
    qty: "0.001",
    ...fields,
  });
}

function orderFrame(orderId: string, status: string) {
  return stream
    .until(
      (frame) =>
        frame.topic === "order" &&
        frame.data.some((row: any) => row.orderId === orderId && row.orderStatus === status),
    )
    .then((frame: any) =>
      frame.data.find((row: any) => row.orderId === orderId && row.orderStatus === status),
    );
}

describe("life of an order", () => {
  test("O-01 a resting order is New on the stream and in realtime, then Cancelled", async () => {
    const { bid } = await touch();
    const price = (bid * 0.985).toFixed(1);
    const created = await place({ price, orderLinkId: "o-01" });
    expect(created).toMatchObject({ retCode: 0, result: { orderLinkId: "o-01" } });
    const { orderId } = created.result;
    expect(await orderFrame(orderId, "New")).toMatchObject({
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      qty: "0.001",
      leavesQty: "0.001",
      price: `${price}0`,
      cumExecQty: "0.000",
      orderLinkId: "o-01",
      avgPrice: "",
    });
    const open = await sim.get("/v5/order/realtime", "category=linear&symbol=BTCUSDT");
    expect(open.result.list.map((row: any) => row.orderId)).toEqual([orderId]);
    const cancelled = await sim.post("/v5/order/cancel", { ...BTC, orderLinkId: "o-01" });
    expect(cancelled.result.orderId).toBe(orderId);
    expect(await orderFrame(orderId, "Cancelled")).toMatchObject({
      cancelType: "CancelByUser",
      leavesQty: "0.000",
      rejectReason: "EC_PerCancelRequest",
    });
    expect((await sim.post("/v5/order/cancel", { ...BTC, orderId })).retCode).toBe(110001);
    const history = await sim.get("/v5/order/history", `category=linear&orderId=${orderId}`);
    expect(history.result.list[0].orderStatus).toBe("Cancelled");
  });

  test("O-02 a client id is used once", async () => {
    const price = ((await touch()).bid * 0.985).toFixed(1);
    expect((await place({ price, orderLinkId: "o-02" })).retCode).toBe(0);
    expect((await place({ price, orderLinkId: "o-02" })).retCode).toBe(110072);
  });

  test("O-03 a market order fills, with fee, position and wallet on the stream", async () => {
    const before = (await sim.get("/v5/account/wallet-balance", "accountType=UNIFIED")).result
      .list[0];
    const { orderId } = (await place({ orderType: "Market", qty: "0.010" })).result;
    const filled = await orderFrame(orderId, "Filled");
    expect(filled).toMatchObject({ cumExecQty: "0.010", leavesQty: "0.000", timeInForce: "IOC" });
    const frame: any = await stream.until(
      (f) => f.topic === "execution" && f.data[0].orderId === orderId,
    );
    const [fill] = frame.data;
    expect(fill).toMatchObject({
      execType: "Trade",
      isMaker: false,
      feeRate: "0.00055",
      side: "Buy",
    });
    expect(Number(fill.execFee)).toBeCloseTo(Number(fill.execValue) * 0.00055, 8);
    await stream.until(
      (f) => f.topic === "execution.fast" && f.data[0].execId === fill.execId && f.id === undefined,
    );
    await stream.until(
      (f) =>
        f.topic === "position" &&
        f.data.some((row: any) => row.size === "0.010" && row.entryPrice > "0"),
    );
    await stream.until((f) => f.topic === "wallet" && f.data[0].coin[0].coin === "USDT");
    const { result } = await sim.get("/v5/position/list", "category=linear&settleCoin=USDT");
    expect(result.list).toHaveLength(1);
    expect(result.list[0]).toMatchObject({
      symbol: "BTCUSDT",
      side: "Buy",
      size: "0.010",
      avgPrice: filled.avgPrice,
    });
    const executions = (await sim.get("/v5/execution/list", `category=linear&orderId=${orderId}`))
      .result.list;
    const fees = executions.reduce((sum: number, row: any) => sum + Number(row.execFee), 0);
    const after = (await sim.get("/v5/account/wallet-balance", "accountType=UNIFIED")).result
      .list[0];
    expect(Number(before.totalWalletBalance) - Number(after.totalWalletBalance)).toBeCloseTo(
      fees,
      6,
    );

    const closed = await place({
      orderType: "Market",
      side: "Sell",
      qty: "0.010",
      reduceOnly: true,
    });
    await orderFrame(closed.result.orderId, "Filled");
    const flat = await sim.get("/v5/position/list", "category=linear&symbol=BTCUSDT");
    expect(flat.result.list[0]).toMatchObject({ size: "0.000", side: "" });
    const pnl = (await sim.get("/v5/position/closed-pnl", "category=linear&symbol=BTCUSDT")).result
      .list[0];
    expect(pnl).toMatchObject({
      orderId: closed.result.orderId,
      side: "Sell",
      closedSize: "0.010",
    });
    const log = (await sim.get("/v5/account/transaction-log", "category=linear&type=TRADE")).result
      .list;
    expect(log.length).toBeGreaterThanOrEqual(2);
    expect(Number(log[0].change)).toBeCloseTo(Number(log[0].cashFlow) - Number(log[0].fee), 8);
  });

  test("O-04 a post-only order that would cross is accepted, then cancelled on the stream", async () => {
    const { ask } = await touch();
    const reply = await place({ price: (ask * 1.002).toFixed(1), timeInForce: "PostOnly" });
    expect(reply.retCode).toBe(0);
    expect(await orderFrame(reply.result.orderId, "Cancelled")).toMatchObject({
      rejectReason: "EC_PostOnlyWillTakeLiquidity",
      cumExecQty: "0.000",
    });
  });

  test("O-05 a passive order at the touch is filled by the market as maker", async () => {
    const orderIds: string[] = [];
    let fill: any;
    for (let attempt = 0; attempt < 20 && fill === undefined; attempt++) {
      const { bid } = await touch();
      const { orderId } = (await place({ price: bid.toFixed(1), timeInForce: "PostOnly" })).result;
      orderIds.push(orderId);
      await Bun.sleep(300);
      fill = stream.frames
        .filter((frame) => frame?.topic === "execution")
        .flatMap((frame) => frame.data)
        .find((row: any) => orderIds.includes(row.orderId));
    }
    expect(fill).toMatchObject({ isMaker: true, feeRate: "0.0002", side: "Buy" });
    const fast: any = await stream.until(
      (f) => f.topic === "execution.fast" && f.data[0].execId === fill.execId,
    );
    expect(fast.data[0].orderLinkId).toBe("");
  });

  test("O-06 an amend changes the order in place, an empty one is refused", async () => {
    const { bid } = await touch();
    const { orderId } = (await place({ price: (bid * 0.985).toFixed(1) })).result;
    const price = (bid * 0.984).toFixed(1);
    expect(
      (await sim.post("/v5/order/amend", { ...BTC, orderId, price, qty: "0.002" })).retCode,
    ).toBe(0);
    const row = (await sim.get("/v5/order/realtime", `category=linear&orderId=${orderId}`)).result
      .list[0];
    expect(row).toMatchObject({ price: `${price}0`, qty: "0.002", orderStatus: "New" });
    expect((await sim.post("/v5/order/amend", { ...BTC, orderId, price })).retCode).toBe(10001);
    expect((await sim.post("/v5/order/amend", { ...BTC, orderId: "gone", price })).retCode).toBe(
      110001,
    );
  });

  test("O-07 open orders page by cursor, newest first", async () => {
    const price = ((await touch()).bid * 0.985).toFixed(1);
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) ids.push((await place({ price })).result.orderId);
    const first = (await sim.get("/v5/order/realtime", "category=linear&symbol=BTCUSDT&limit=3"))
      .result;
    const cursor = encodeURIComponent(first.nextPageCursor);
    const rest = (
      await sim.get("/v5/order/realtime", `category=linear&symbol=BTCUSDT&limit=3&cursor=${cursor}`)
    ).result;
    expect([...first.list, ...rest.list].map((row: any) => row.orderId).toSorted()).toEqual(
      ids.toSorted(),
    );
    expect(rest.nextPageCursor).toBe("");
    const all = await sim.post("/v5/order/cancel-all", { category: "linear", symbol: "BTCUSDT" });
    expect(all.result.list).toHaveLength(5);
    expect(all.result.success).toBe("1");
  });

  test("O-08 a stop attached to an entry waits as a reduce-only order", async () => {
    const { bid } = await touch();
    const stopLoss = (bid * 0.97).toFixed(1);
    const { orderId } = (await place({ orderType: "Market", stopLoss, slTriggerBy: "MarkPrice" }))
      .result;
    await orderFrame(orderId, "Filled");
    const stop: any = await stream.until(
      (f) =>
        f.topic === "order" &&
        f.data.some(
          (row: any) => row.stopOrderType === "StopLoss" && row.orderStatus === "Untriggered",
        ),
    );
    expect(stop.data.find((row: any) => row.stopOrderType === "StopLoss")).toMatchObject({
      reduceOnly: true,
      triggerPrice: `${stopLoss}0`,
      side: "Sell",
      triggerBy: "MarkPrice",
    });
    const position = (await sim.get("/v5/position/list", "category=linear&symbol=BTCUSDT")).result
      .list[0];
    expect(position.stopLoss).toBe(`${stopLoss}0`);
    await place({ orderType: "Market", side: "Sell", reduceOnly: true, qty: position.size });
  });
});

describe("refusals", () => {
  const cases: [string, Record<string, unknown>, number][] = [
    ["a wrong side", { side: "Up", price: "60000" }, 10001],
    ["an unknown symbol", { symbol: "NOPEUSDT", price: "60000" }, 10001],
    ["a missing price", {}, 10001],
    ["an off-tick price", { price: "60000.05" }, 10001],
    ["a quantity that is not a number", { price: "60000", qty: "many" }, 10001],
    ["a zero quantity", { price: "60000", qty: "0" }, 10001],
    [
      "a reduce-only order without a position",
      { orderType: "Market", side: "Sell", reduceOnly: true },
      110017,
    ],
    ["an order the wallet cannot carry", { orderType: "Market", qty: "100" }, 110007],
    ["a client id that is too long", { price: "60000", orderLinkId: "x".repeat(37) }, 10001],
    ["another category", { category: "spot", price: "60000" }, 10001],
    ["a trigger without a direction", { price: "60000", triggerPrice: "61000" }, 10001],
    ["a hedge side in one-way mode", { price: "60000", positionIdx: 1 }, 10001],
  ];
  for (const [name, fields, code] of cases) {
    test(`${name} is ${code}`, async () => {
      expect((await place(fields)).retCode).toBe(code);
    });
  }

  test("an order below 5 USDT is 110094", async () => {
    const ada = (await sim.get("/v5/market/tickers", "category=linear&symbol=DOGEUSDT")).result
      .list[0];
    const fields = { symbol: "DOGEUSDT", qty: "1", price: ada.bid1Price };
    expect((await place(fields)).retCode).toBe(110094);
  });

  test("leverage, mode and margin say when nothing changes", async () => {
    const twenty = { ...BTC, buyLeverage: "20", sellLeverage: "20" };
    expect((await sim.post("/v5/position/set-leverage", twenty)).retCode).toBe(0);
    expect((await sim.post("/v5/position/set-leverage", twenty)).retCode).toBe(110043);
    expect((await sim.post("/v5/position/switch-mode", { ...BTC, mode: 0 })).retCode).toBe(110025);
    expect(
      (await sim.post("/v5/order/disconnected-cancel-all", { timeWindow: 10 })).retCode,
    ).not.toBe(0);
  });
});

describe("batches and the trade socket", () => {
  test("B-01 a batch answers per order", async () => {
    const price = ((await touch()).bid * 0.985).toFixed(1);
    const order = { symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.001", price };
    const reply = await sim.post("/v5/order/create-batch", {
      category: "linear",
      request: [order, { ...order, side: "Up" }],
    });
    expect(reply.retCode).toBe(0);
    expect(reply.retExtInfo.list.map((row: any) => row.code)).toEqual([0, 10001]);
    expect(reply.result.list[0].orderId).not.toBe("");
    expect(reply.result.list[1]).toMatchObject({ orderId: "", createAt: "" });
  });

  test("B-02 orders over the trade socket: auth first, one reply a reqId, header with limits", async () => {
    const limited = await startSim({ symbols: 2, rateLimits: {} });
    const socket = await SocketClient.open(`${limited.ws}/v5/trade`);
    const header = { "X-BAPI-TIMESTAMP": String(Date.now()) };
    const args = [{ ...BTC, side: "Buy", orderType: "Market", qty: "0.001" }];
    socket.send({ reqId: "early", header, op: "order.create", args });
    expect((await socket.until((f) => f.reqId === "early")).retCode).not.toBe(0);
    socket.signIn();
    expect(await socket.until((f) => f.op === "auth")).toMatchObject({ retCode: 0, retMsg: "OK" });
    socket.signIn();
    await socket.until((f) => f.op === "auth" && f.retCode === 20001);
    socket.send({ reqId: "one", header, op: "order.create", args });
    const done = await socket.until((f) => f.reqId === "one");
    expect(done).toMatchObject({ retCode: 0, retMsg: "OK", op: "order.create", retExtInfo: {} });
    expect(done.data.orderId).toMatch(/^[0-9a-f-]{36}$/);
    expect(done.header).toMatchObject({ "X-Bapi-Limit": "10", "X-Bapi-Limit-Status": "9" });
    socket.send({ reqId: "one", header, op: "order.create", args });
    await socket.until((f) => f.reqId === "one" && f.retCode === 20006);
    socket.send({ reqId: "two", header, op: "order.nothing", args });
    expect((await socket.until((f) => f.reqId === "two")).retCode).toBe(10404);
    socket.send({ reqId: "three", header: { "X-BAPI-TIMESTAMP": "1" }, op: "order.create", args });
    expect((await socket.until((f) => f.reqId === "three")).retCode).toBe(10002);
    await limited.stop();
  });
});
