/** What clients of other teams met: small differences that stopped them. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { KEY, SECRET, type Sim, SocketClient, startSim } from "./support.ts";

const ACCOUNT = { apiKey: KEY, apiSecret: SECRET, walletUsdt: "10000" };
const BTC = { category: "linear", symbol: "BTCUSDT" };
let sim: Sim;

beforeAll(async () => {
  sim = await startSim({ accounts: [{ ...ACCOUNT, disconnectCancel: true }] });
});
afterAll(() => sim.stop());

describe("nothing is instant", () => {
  test("a client that listens only after it sent its requests loses nothing", async () => {
    const socket = new WebSocket(`${sim.ws}/v5/public/linear`);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    socket.send(JSON.stringify({ op: "subscribe", args: ["orderbook.50.BTCUSDT"], req_id: "1" }));
    const sentAtMs = performance.now();
    const frames: any[] = [];
    const first = new Promise<number>((resolve) => {
      setTimeout(() => {
        socket.onmessage = ({ data }) => {
          frames.push(JSON.parse(String(data)));
          if (frames.length > 1) resolve(performance.now() - sentAtMs);
        };
      }, 1);
    });
    expect(await first).toBeGreaterThan(1.5);
    expect(frames.some(({ type }) => type === "snapshot")).toBe(true);
    expect(frames.some(({ success }) => success === true)).toBe(true);
    socket.close();
  });

  test("an answer takes as long as the setting says, and its events come after it", async () => {
    const slow = await startSim({ delayMs: [60, 80] });
    const fromMs = performance.now();
    await slow.get("/v5/account/info");
    const tookMs = performance.now() - fromMs;
    expect(tookMs).toBeGreaterThan(55);
    expect(tookMs).toBeLessThan(500);
    await slow.stop();
  });

  test("a delay that is none is refused", async () => {
    await expect(startSim({ delayMs: [5, 2] })).rejects.toThrow("cannot delay by 5 to 2 ms");
  });
});

describe("answers", () => {
  test("a wrong cursor is 10001 on every list that pages", async () => {
    const lists = [
      ["/v5/order/realtime", "category=linear&settleCoin=USDT"],
      ["/v5/order/history", "category=linear"],
      ["/v5/execution/list", "category=linear"],
      ["/v5/position/list", "category=linear&settleCoin=USDT"],
      ["/v5/position/closed-pnl", "category=linear"],
      ["/v5/account/transaction-log", ""],
      ["/v5/market/instruments-info", "category=linear"],
      ["/v5/market/open-interest", "category=linear&symbol=BTCUSDT&intervalTime=5min"],
    ];
    for (const [path = "", query = ""] of lists) {
      expect((await sim.get(path, query)).retCode).toBe(0);
      expect((await sim.get(path, `${query}&cursor=nonsense`)).retCode).toBe(10001);
      expect((await sim.get(path, `${query}&cursor=last%3Dforged`)).retCode).toBe(10001);
    }
  });

  test("fee-rate needs no category", async () => {
    const { list } = (await sim.get("/v5/account/fee-rate", "symbol=BTCUSDT")).result;
    expect(list[0].symbol).toBe("BTCUSDT");
  });

  test("a margin mode that cannot be set says why in the result", async () => {
    await sim.post("/v5/order/create", {
      ...BTC,
      side: "Buy",
      orderType: "Limit",
      qty: "0.01",
      price: await farBelow(),
    });
    const mode = { setMarginMode: "ISOLATED_MARGIN" };
    const reply = await sim.post("/v5/account/set-margin-mode", mode);
    expect(reply.retCode).toBe(3400045);
    expect(reply.result.reasons[0].reasonMsg).toContain("open positions or orders");
    await sim.post("/v5/order/cancel-all", BTC);
  });

  test("settings, instruments and disconnect-cancel of the account", async () => {
    expect((await sim.get("/v5/account/user-setting-config")).result.lpaPerp).toBe(false);
    const own = await sim.get("/v5/account/instruments-info", "category=linear&symbol=BTCUSDT");
    expect(own.result.list[0]).toMatchObject({ symbol: "BTCUSDT", myRpiPermission: false });
    const { dcpInfos } = (await sim.get("/v5/account/query-dcp-info")).result;
    expect(dcpInfos).toEqual([{ product: "DERIVATIVES", dcpStatus: "ON", timeWindow: "10" }]);
    const ordinary = await startSim();
    expect((await ordinary.get("/v5/account/query-dcp-info")).result.dcpInfos).toEqual([]);
    const wanted = { timeWindow: 40 };
    const refused = await ordinary.post("/v5/order/disconnected-cancel-all", wanted);
    expect(refused.retCode).toBe(10005);
    await ordinary.stop();
  });

  test("margin is added to an isolated position, and shows", async () => {
    const other = await startSim();
    await other.post("/v5/account/set-margin-mode", { setMarginMode: "ISOLATED_MARGIN" });
    await other.post("/v5/order/create", { ...BTC, side: "Buy", orderType: "Market", qty: "0.01" });
    const held = async () =>
      (await other.get("/v5/position/list", "category=linear&symbol=BTCUSDT")).result.list[0];
    const before = await held();
    expect(Number(before.positionBalance)).toBeCloseTo(Number(before.positionValue) / 10, 4);
    const added = await other.post("/v5/position/add-margin", { ...BTC, margin: "12.5" });
    expect(added.retCode).toBe(0);
    const after = await held();
    expect(Number(after.positionBalance) - Number(before.positionBalance)).toBeCloseTo(12.5, 6);
    expect(Number(after.liqPrice)).toBeLessThan(Number(before.liqPrice));
    const wrong = await other.post("/v5/position/add-margin", { ...BTC, margin: "1.00001" });
    expect(wrong.retCode).toBe(10001);
    const auto = { ...BTC, autoAddMargin: 1 };
    expect((await other.post("/v5/position/set-auto-add-margin", auto)).retCode).toBe(0);
    expect((await held()).autoAddMargin).toBe(1);
    await other.stop();
  });
});

describe("streams", () => {
  test("wallet, greeks and dcp stand beside either form of topics", async () => {
    const socket = await SocketClient.open(`${sim.ws}/v5/private`);
    socket.signIn();
    await socket.until((frame) => frame.op === "auth" && frame.success);
    const args = ["order.linear", "wallet", "greeks", "position.linear"];
    socket.send({ op: "subscribe", args, req_id: "1" });
    expect((await socket.until((frame) => frame.req_id === "1")).success).toBe(true);
    socket.close();
  });

  test("books start at update id 1, and anew when the fault says so", async () => {
    const fresh = await startSim({ symbols: 1 });
    const book = (await fresh.get("/v5/market/orderbook", "category=linear&symbol=BTCUSDT")).result;
    expect(book.u).toBeLessThan(2_000);
    const socket = await SocketClient.open(`${fresh.ws}/v5/public/linear`);
    socket.send({ op: "subscribe", args: ["orderbook.50.BTCUSDT", "orderbook.200.BTCUSDT"] });
    await socket.untilTrue(() => socket.frames.filter(({ type }) => type === "delta").length > 3);
    const before = socket.frames.length;
    const fault = { kind: "book_restart", topic: "orderbook.50" };
    await fresh.send("/sim/faults", { method: "POST", body: JSON.stringify(fault) });
    const isNew = (frame: any) => socket.frames.indexOf(frame) >= before && frame.data.u === 1;
    const restarted = await socket.until((frame) => frame.type === "snapshot" && isNew(frame));
    expect(restarted.topic).toBe("orderbook.50.BTCUSDT");
    const next = (frame: any) => socket.frames.indexOf(frame) > socket.frames.indexOf(restarted);
    const delta = await socket.until((f) => f.topic === restarted.topic && next(f));
    expect(delta).toMatchObject({ type: "delta", data: { u: 2 } });
    socket.close();
    await fresh.stop();
  });

  test("the 24 h sums change with trades only", async () => {
    const socket = await SocketClient.open(`${sim.ws}/v5/public/linear`);
    const args = ["publicTrade.BTCUSDT", "tickers.BTCUSDT"];
    socket.send({ op: "subscribe", args });
    await socket.untilTrue(() => socket.frames.filter(({ type }) => type === "delta").length > 25);
    const frames = socket.frames.filter(({ topic }) => topic !== undefined);
    let traded = true;
    for (const frame of frames) {
      if (frame.topic === "publicTrade.BTCUSDT") traded = true;
      else if (frame.type === "delta" && "volume24h" in frame.data) {
        expect(traded).toBe(true);
        traded = false;
      }
    }
    socket.close();
  });
});

test("disconnect-cancel-all ends the active orders of an account whose sockets are gone", async () => {
  await sim.post("/v5/order/disconnected-cancel-all", { timeWindow: 3 });
  const socket = await SocketClient.open(`${sim.ws}/v5/private`);
  socket.signIn();
  await socket.until((frame) => frame.op === "auth" && frame.success);
  socket.send({ op: "subscribe", args: ["dcp.future"], req_id: "1" });
  await socket.until((frame) => frame.req_id === "1");
  const order = { ...BTC, side: "Buy", orderType: "Limit", qty: "0.01", price: await farBelow() };
  const { orderId } = (await sim.post("/v5/order/create", order)).result;
  await Bun.sleep(1_200);
  socket.close();
  const state = async () =>
    (await sim.get("/v5/order/realtime", `category=linear&orderId=${orderId}`)).result.list[0];
  expect((await state()).orderStatus).toBe("New");
  for (let waited = 0; waited < 60 && (await state()).orderStatus === "New"; waited++) {
    await Bun.sleep(100);
  }
  expect(await state()).toMatchObject({ orderStatus: "Cancelled", cancelType: "CancelByDCP" });
}, 15_000);

async function farBelow(): Promise<string> {
  const { list } = (await sim.get("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).result;
  return (Math.floor(Number(list[0].lastPrice) * 0.995 * 10) / 10).toFixed(1);
}
