import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { KEY, type Sim, SocketClient, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let sim: Sim;
beforeAll(async () => {
  sim = await startSim({ symbols: 60 });
});
afterAll(() => sim.stop());

const linear = () => SocketClient.open(`${sim.ws}/v5/public/linear`);

/** A client's book: price text to size text. */
class Book {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  updateId = 0;
  seq = 0;

  apply(frame: any): void {
    const { data } = frame;
    if (frame.type === "snapshot") {
      this.bids.clear();
      this.asks.clear();
    } else {
      expect(data.u).toBe(this.updateId + 1);
      expect(data.b.length + data.a.length).toBeGreaterThan(0);
    }
    expect(data.seq).toBeGreaterThanOrEqual(this.seq);
    this.updateId = data.u;
    this.seq = data.seq;
    for (const [side, levels] of [
      [this.bids, data.b],
      [this.asks, data.a],
    ] as const) {
      for (const [price, size] of levels) {
        if (size === "0") expect(side.delete(price)).toBe(true);
        else side.set(price, size);
      }
    }
  }

  sides(): [string, string][][] {
    const sorted = (side: Map<string, string>, sign: number) =>
      [...side].sort((x, y) => sign * (Number(x[0]) - Number(y[0])));
    return [sorted(this.bids, -1), sorted(this.asks, 1)];
  }
}

describe("order books", () => {
  for (const depth of [50, 200]) {
    test(`W-01 depth ${depth}: u rises by one, seq never falls, the book equals REST at equal seq`, async () => {
      const socket = await linear();
      socket.send({ op: "subscribe", args: [`orderbook.${depth}.BTCUSDT`] });
      const book = new Book();
      let used = 0;
      let compared = 0;
      const catchUp = (): void => {
        for (; used < socket.frames.length; used++) {
          if (socket.frames[used].topic !== undefined) book.apply(socket.frames[used]);
        }
      };
      for (let attempt = 0; attempt < 400 && compared < 3; attempt++) {
        const { result } = await sim.get(
          "/v5/market/orderbook",
          `category=linear&symbol=BTCUSDT&limit=${depth}`,
        );
        await Bun.sleep(5);
        catchUp();
        if (book.seq !== result.seq) continue;
        expect(book.sides()).toEqual([result.b, result.a]);
        compared++;
      }
      expect(compared).toBe(3);
      expect(book.bids.size).toBeLessThanOrEqual(depth);
      socket.close();
    });
  }

  test("W-02 a late subscriber gets a cached snapshot and the missed deltas, and then the same book", async () => {
    const first = await linear();
    first.send({ op: "subscribe", args: ["orderbook.50.BTCUSDT"] });
    await first.untilTrue(() => first.frames.length > 40);
    const second = await linear();
    second.send({ op: "subscribe", args: ["orderbook.50.BTCUSDT"] });
    await second.untilTrue(
      () => second.frames.filter((frame) => frame.type === "delta").length > 30,
    );
    const books = [first, second].map((client) => {
      const book = new Book();
      for (const frame of client.frames) if (frame.topic) book.apply(frame);
      return book;
    });
    const at = (client: SocketClient, u: number) =>
      client.frames.find((frame) => frame.data?.u === u);
    expect(at(second, books[1]!.updateId)).toEqual(
      at(first, books[1]!.updateId) ?? at(second, books[1]!.updateId),
    );
    first.close();
    second.close();
  });

  test("W-03 level 1 knows snapshots only", async () => {
    const socket = await linear();
    socket.send({ op: "subscribe", args: ["orderbook.1.BTCUSDT"] });
    await socket.untilTrue(() => socket.frames.filter((frame) => frame.topic).length > 5);
    const books = socket.frames.filter((frame) => frame.topic);
    expect(books.every((frame) => frame.type === "snapshot" && frame.data.b.length === 1)).toBe(
      true,
    );
    expect(Object.keys(books[0])).toEqual(["topic", "ts", "type", "data", "cts"]);
    socket.close();
  });
});

describe("tickers, trades, bars", () => {
  test("W-04 the ticker's deltas lead to the REST ticker; sizes travel with prices", async () => {
    const socket = await linear();
    socket.send({ op: "subscribe", args: ["tickers.ETHUSDT"] });
    await socket.untilTrue(
      () => socket.frames.filter((frame) => frame.type === "delta").length > 8,
    );
    const frames = socket.frames.filter((frame) => frame.topic === "tickers.ETHUSDT");
    expect(frames[0].type).toBe("snapshot");
    expect(Object.keys(frames[0].data)).toHaveLength(27);
    for (const { data } of frames.slice(1)) {
      expect(data.symbol).toBe("ETHUSDT");
      expect(Object.keys(data).length).toBeGreaterThan(1);
      expect("bid1Size" in data && !("bid1Price" in data)).toBe(false);
    }
    socket.close();
  });

  test("W-05 trades carry the taker's side, a unique id, and end up in recent-trade", async () => {
    const socket = await linear();
    socket.send({ op: "subscribe", args: ["publicTrade.BTCUSDT"] });
    await socket.untilTrue(() => socket.frames.filter((frame) => frame.topic).length > 3);
    const trades = socket.frames.filter((frame) => frame.topic).flatMap((frame) => frame.data);
    const ids = trades.map((trade: any) => trade.i);
    expect(new Set(ids).size).toBe(ids.length);
    const recent = (
      await sim.get("/v5/market/recent-trade", "category=linear&symbol=BTCUSDT&limit=500")
    ).result.list;
    const known = new Map(recent.map((row: any) => [row.execId, row]));
    for (const trade of trades) {
      expect(known.get(trade.i)).toMatchObject({
        price: trade.p,
        size: trade.v,
        side: trade.S,
        time: String(trade.T),
      });
    }
    socket.close();
  });

  test("W-06 the running bar comes at once, closes with the price trades ended on", async () => {
    const socket = await linear();
    socket.send({
      op: "subscribe",
      args: ["kline.1.BTCUSDT", "kline.D.BTCUSDT", "priceLimit.BTCUSDT", "allLiquidation.BTCUSDT"],
    });
    const frame = await socket.until((f) => f.topic === "kline.1.BTCUSDT");
    const [bar] = frame.data;
    expect(bar.end - bar.start).toBe(59_999);
    expect(bar).toMatchObject({ interval: "1", confirm: false });
    expect(Number(bar.high)).toBeGreaterThanOrEqual(Number(bar.low));
    const day = await socket.until((f) => f.topic === "kline.D.BTCUSDT");
    expect(day.data[0].start % 86_400_000).toBe(0);
    expect(await socket.until((f) => f.topic === "priceLimit.BTCUSDT")).not.toHaveProperty("type");
    socket.close();
  });
});

describe("requests", () => {
  test("W-07 replies to subscribe, unsubscribe and ping, per socket", async () => {
    const socket = await linear();
    socket.send({ op: "subscribe", args: ["publicTrade.SOLUSDT"], req_id: "a" });
    expect(await socket.until((f) => f.req_id === "a")).toEqual({
      success: true,
      ret_msg: "",
      conn_id: expect.any(String),
      req_id: "a",
      op: "subscribe",
    });
    socket.send({ op: "unsubscribe", args: ["publicTrade.SOLUSDT"], req_id: "b" });
    expect(await socket.until((f) => f.req_id === "b")).toMatchObject({
      success: true,
      op: "unsubscribe",
    });
    socket.send({ op: "ping" });
    await socket.until((f) => f.op === "ping");
    expect(socket.texts.at(-1)).toMatch(
      /^\{"success":true,"ret_msg":"pong","conn_id":"[^"]+","req_id":"","op":"ping"\}$/,
    );
    socket.close();
    const spot = await SocketClient.open(`${sim.ws}/v5/public/spot`);
    spot.send({ op: "subscribe", args: ["tickers.BTCUSDT"] });
    const [reply, ticker] = [
      await spot.until((f) => f.op === "subscribe"),
      await spot.until((f) => f.topic),
    ];
    expect(reply).toEqual({
      success: true,
      ret_msg: "subscribe",
      conn_id: expect.any(String),
      op: "subscribe",
    });
    expect(Object.keys(ticker)).toEqual(["topic", "ts", "type", "cs", "data"]);
    spot.send({
      op: "subscribe",
      args: Array.from({ length: 11 }, (_, at) => `tickers.X${at}`),
      req_id: "many",
    });
    expect((await spot.until((f) => f.req_id === "many")).ret_msg).toBe("args size >10");
    spot.close();
  });

  test("W-08 one bad topic refuses the request, a second subscription and nonsense too", async () => {
    const socket = await linear();
    const refused = async (message: unknown, reqId: string): Promise<string> => {
      socket.send(message);
      const reply = await socket.until((f) => f.success === false && f.req_id === reqId);
      return reply.ret_msg;
    };
    expect(
      await refused(
        { op: "subscribe", args: ["tickers.BTCUSDT", "orderbook.50.NOPEUSDT"], req_id: "1" },
        "1",
      ),
    ).toBe("error:handler not found,topic:orderbook.50.NOPEUSDT");
    expect(
      await refused({ op: "subscribe", args: ["orderbook.25.BTCUSDT"], req_id: "2" }, "2"),
    ).toContain("handler not found");
    expect(await refused({ op: "subscribe", args: ["order"], req_id: "3" }, "3")).toContain(
      "handler not found",
    );
    socket.send({ op: "subscribe", args: ["tickers.BTCUSDT"], req_id: "4" });
    await socket.until((f) => f.req_id === "4" && f.success);
    expect(await refused({ op: "subscribe", args: ["tickers.BTCUSDT"], req_id: "5" }, "5")).toBe(
      "error:already subscribed,topic:tickers.BTCUSDT",
    );
    expect(await refused({ op: "jump", req_id: "6" }, "6")).toBe("error:invalid op");
    expect(await refused("not json", "")).toContain("Failed to decode incoming data");
    expect(socket.closed).toBeNull();
    socket.close();
  });

  test("W-09 21,000 characters of topics are the end of a connection's subscriptions", async () => {
    const socket = await linear();
    const { result } = await sim.get("/v5/market/instruments-info", "category=linear&limit=1000");
    const symbols = result.list.map((item: any) => item.symbol);
    const intervals = ["1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M"];
    const topics = symbols.flatMap((symbol: string) => [
      ...intervals.map((interval) => `kline.${interval}.${symbol}`),
      ...[1, 50, 200, 1000].map((depth) => `orderbook.${depth}.${symbol}`),
      ...["tickers", "publicTrade", "allLiquidation", "priceLimit"].map(
        (name) => `${name}.${symbol}`,
      ),
    ]);
    expect(topics.join("").length).toBeGreaterThan(21_000);
    let chars = 0;
    const fitting = topics.filter((topic: string) => {
      chars += topic.length;
      return chars <= 21_000;
    });
    socket.send({ op: "subscribe", args: fitting, req_id: "fits" });
    expect((await socket.until((f) => f.req_id === "fits")).success).toBe(true);
    socket.send({ op: "subscribe", args: topics.slice(fitting.length), req_id: "more" });
    expect((await socket.until((f) => f.req_id === "more")).success).toBe(false);
    socket.close();
  });

  test("W-10 the private socket wants a signature, and no mix of topic forms", async () => {
    const socket = await SocketClient.open(`${sim.ws}/v5/private`);
    socket.send({ op: "subscribe", args: ["order"], req_id: "0" });
    expect((await socket.until((f) => f.req_id === "0")).success).toBe(false);
    socket.signIn(String(Date.now() + 5_000));
    await socket.until((f) => f.op === "auth" && f.success);
    socket.send({ op: "subscribe", args: ["order", "execution.linear"], req_id: "1" });
    expect((await socket.until((f) => f.req_id === "1")).success).toBe(false);
    socket.send({ op: "subscribe", args: ["order.linear", "position.linear"], req_id: 2 });
    expect(await socket.until((f) => f.req_id === 2)).toMatchObject({
      success: true,
      op: "subscribe",
    });
    const body = {
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Market",
      qty: "0.001",
    };
    const { orderId } = (await sim.post("/v5/order/create", body)).result;
    const frame = await socket.until((f) => f.topic === "order.linear");
    expect(frame.data[0].orderId).toBe(orderId);
    await sim.post("/v5/order/create", { ...body, side: "Sell", reduceOnly: true });
    socket.send({ op: "ping", req_id: "p" });
    expect(await socket.until((f) => f.op === "pong")).toMatchObject({
      req_id: "p",
      args: [expect.stringMatching(/^\d{13}$/)],
    });
    socket.close();
  });

  test("W-11 a wrong signature or an expired one closes the private socket", async () => {
    for (const [expires, secret] of [
      [Date.now() + 5_000, "guess"],
      [Date.now() - 1, undefined],
    ] as const) {
      const socket = await SocketClient.open(`${sim.ws}/v5/private`);
      if (secret === undefined) socket.signIn(expires);
      else socket.signIn(expires, secret);
      expect((await socket.until((f) => f.op === "auth")).success).toBe(false);
      await socket.untilTrue(() => socket.closed !== null);
    }
  });
});

describe("faults", () => {
  const fault = (body: unknown) =>
    sim.send("/sim/faults", { method: "POST", body: JSON.stringify(body) });
  const clear = () => sim.send("/sim/faults", { method: "DELETE" });

  test("F-01 a skipped delta shows as a gap in u", async () => {
    const socket = await linear();
    socket.send({ op: "subscribe", args: ["orderbook.50.ETHUSDT"] });
    await socket.until((f) => f.type === "delta");
    expect(
      (await fault({ kind: "skip_delta", topic: "orderbook.50.ETHUSDT", count: 1 })).status,
    ).toBe(201);
    const gap = (): boolean => {
      const ids = socket.frames.filter((frame) => frame.topic).map((frame) => frame.data.u);
      return ids.some((id, at) => at > 0 && id !== ids[at - 1] + 1);
    };
    await socket.untilTrue(gap);
    expect(await (await sim.send("/sim/faults", {})).json()).toEqual({ faults: [] });
    socket.close();
  });

  test("F-02 truncated, duplicated and edited frames arrive as asked", async () => {
    const socket = await linear();
    socket.send({ op: "subscribe", args: ["publicTrade.BTCUSDT"] });
    await fault({ kind: "truncate", topic: "publicTrade.BTCUSDT", count: 1 });
    await socket.untilTrue(() => socket.frames.includes(null));
    await fault({ kind: "field_new", topic: "publicTrade.BTCUSDT", count: 1 });
    await socket.until((f) => f.data?.[0]?.newField === "new");
    await fault({ kind: "field_missing", field: "p", topic: "publicTrade.BTCUSDT", count: 1 });
    await socket.until((f) => f.topic && !("p" in f.data[0]));
    await fault({ kind: "duplicate", topic: "publicTrade.BTCUSDT", count: 1 });
    await socket.untilTrue(() => new Set(socket.texts).size < socket.texts.length);
    socket.close();
  });

  test("F-05 rows of a list that say something else, or nothing", async () => {
    const query = "category=linear&limit=5";
    const path = "/v5/market/instruments-info";
    const rows = async () => (await sim.get(path, query)).result.list as any[];
    const [first, second] = await rows();
    await fault({
      kind: "row",
      path,
      symbol: first.symbol,
      field: "status",
      value: null,
      count: 1,
    });
    const [changed, other] = await rows();
    expect(changed).toEqual({ ...first, status: null });
    expect(other).toEqual(second);
    await fault({ kind: "row", path, field: "status", count: 1 });
    expect((await rows()).map((row) => "status" in row)).not.toContain(true);
    expect((await rows())[0]).toEqual(first);
  });

  test("F-03 REST errors, return codes and lost answers, where the order still exists", async () => {
    await fault({ kind: "http_error", status: 502, path: "/v5/market", count: 1 });
    expect((await sim.send("/v5/market/time", {})).status).toBe(502);
    expect((await sim.send("/v5/market/time", {})).status).toBe(200);
    await fault({ kind: "ret_code", code: 10016, path: "/v5/account", count: 1 });
    expect((await sim.get("/v5/account/info")).retCode).toBe(10016);
    await fault({ kind: "timeout_after_accept", path: "/v5/order/create", delayMs: 1, count: 1 });
    const { bid1Price } = (await sim.get("/v5/market/tickers", "category=linear&symbol=BTCUSDT"))
      .result.list[0];
    const price = (Number(bid1Price) * 0.985).toFixed(1);
    const order = {
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Limit",
      qty: "0.001",
      price,
      orderLinkId: "lost",
    };
    expect((await sim.post("/v5/order/create", order)).retCode).toBe(10000);
    const found = (await sim.get("/v5/order/realtime", "category=linear&orderLinkId=lost")).result
      .list;
    expect(found[0].orderStatus).toBe("New");
    await sim.post("/v5/order/cancel", {
      category: "linear",
      symbol: "BTCUSDT",
      orderLinkId: "lost",
    });
  });

  test("F-04 a half-open socket falls silent, a disconnect storm closes all", async () => {
    const silent = await linear();
    silent.send({ op: "subscribe", args: ["orderbook.50.BTCUSDT"] });
    await silent.until((f) => f.type === "delta");
    await fault({ kind: "half_open", path: "/v5/public/linear" });
    const before = silent.frames.length;
    silent.send({ op: "ping" });
    const other = await linear();
    other.send({ op: "subscribe", args: ["orderbook.50.BTCUSDT"] });
    await other.untilTrue(() => other.frames.length > 10);
    expect(silent.frames.length - before).toBeLessThanOrEqual(2);
    expect(silent.closed).toBeNull();
    await fault({ kind: "disconnect" });
    await other.untilTrue(() => other.closed !== null);
    await silent.untilTrue(() => silent.closed !== null);
    expect(await (await sim.send("/sim/faults", {})).json()).toEqual({ faults: [] });
  });

  test("F-05 a clock skew moves the venue's time, bad faults are refused with a reason", async () => {
    await fault({ kind: "clock_skew", skewMs: 30_000 });
    const { time } = await sim.get("/v5/market/time");
    expect(time - Date.now()).toBeGreaterThan(29_000);
    expect((await sim.get("/v5/account/info")).retCode).toBe(10002);
    await clear();
    const refused = await fault({ kind: "drop", probability: 3 });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain("probability");
  });

  test("F-07 a partial fill leaves the rest of a resting order open", async () => {
    const { bid1Price } = (await sim.get("/v5/market/tickers", "category=linear&symbol=BTCUSDT"))
      .result.list[0];
    const price = (Number(bid1Price) * 0.995).toFixed(1);
    const order = {
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Limit",
      qty: "0.100",
      price,
    };
    const { orderId } = (await sim.post("/v5/order/create", order)).result;
    await fault({ kind: "partial_fill" });
    const row = (await sim.get("/v5/order/realtime", `category=linear&orderId=${orderId}`)).result
      .list[0];
    expect(row).toMatchObject({
      orderStatus: "PartiallyFilled",
      leavesQty: "0.050",
      cumExecQty: "0.050",
    });
    await sim.post("/v5/order/cancel", { category: "linear", symbol: "BTCUSDT", orderId });
    await sim.post("/v5/order/create", {
      ...order,
      side: "Sell",
      orderType: "Market",
      qty: "0.050",
      reduceOnly: true,
    });
  });

  test("F-08 the market goes on after a clock skew ends", async () => {
    await fault({ kind: "clock_skew", skewMs: 60_000 });
    await sim.get("/v5/market/time");
    await clear();
    const socket = await linear();
    socket.send({ op: "subscribe", args: ["orderbook.50.BTCUSDT"] });
    await socket.untilTrue(
      () => socket.frames.filter((frame) => frame.type === "delta").length > 5,
    );
    socket.close();
  });

  test("F-06 the status says what runs and no secret", async () => {
    const text = await (await sim.send("/sim/status", {})).text();
    expect(JSON.parse(text)).toMatchObject({ seed: "contract", symbols: 60 });
    expect(text).not.toContain(KEY);
  });
});
