/** One small contract, held by both shells of the simulator. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { type Connection, KEYS, SHELLS, type Shell, ShellClient } from "./shells.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const SYMBOL = "BTCUSDT";
const ORDER = { category: "linear", symbol: SYMBOL, positionIdx: 0 };

for (const [name, start] of Object.entries(SHELLS)) {
  describe(name, () => {
    let shell: Shell;
    let client: ShellClient;
    beforeEach(async () => {
      shell = await start();
      client = new ShellClient(shell);
    });
    afterEach(() => shell.stop());

    async function openPrivate(): Promise<Connection> {
      const socket = await client.open("/v5/private");
      expect(await socket.signIn()).toMatchObject({ success: true });
      const topics = { op: "subscribe", args: ["order", "execution", "position", "wallet"] };
      const answer = await socket.ask(topics, (frame) => frame.op === "subscribe");
      expect(answer).toMatchObject({ success: true });
      return socket;
    }

    test("books come as a snapshot and then as deltas without gaps", async () => {
      const socket = await client.open("/v5/public/linear");
      const topic = `orderbook.50.${SYMBOL}`;
      const isBook = (frame: any) => frame.topic === topic;
      await socket.ask({ op: "subscribe", args: [topic] }, isBook);
      const books = await client.until(() => {
        const found = socket.frames.filter(isBook);
        return found.length >= 10 ? found : undefined;
      }, "ten book frames");
      expect(books.map(({ type }) => type).slice(0, 3)).toEqual(["snapshot", "delta", "delta"]);
      const first = books[0].data.u;
      expect(books.map(({ data }) => data.u)).toEqual(books.map((_, index) => first + index));
    });

    test("an order is placed, told, cancelled by socket and told again", async () => {
      const stream = await openPrivate();
      const trade = await client.open("/v5/trade");
      expect(await trade.signIn()).toMatchObject({ retCode: 0 });
      const { highestBuyPrice } = await bandOf(client);
      const price = String(Math.floor(Number(highestBuyPrice) * 0.96));
      const terms = { side: "Buy", orderType: "Limit", timeInForce: "PostOnly", qty: "0.002" };
      const body = { ...ORDER, ...terms, price, orderLinkId: "rests" };
      const placed = await client.post("/v5/order/create", body);
      expect(placed).toMatchObject({ retCode: 0, result: { orderLinkId: "rests" } });
      await client.until(() => stream.rows("order", "rests")[0], "the order is told");
      const header = { "X-BAPI-TIMESTAMP": String(shell.nowMs()) };
      const args = [{ category: "linear", symbol: SYMBOL, orderLinkId: "rests" }];
      const cancel = { reqId: "cancel-1", header, op: "order.cancel", args };
      const answer = await trade.ask(cancel, (frame) => frame.reqId === "cancel-1");
      expect(answer).toMatchObject({ retCode: 0, op: "order.cancel" });
      const rows = await client.until(() => {
        const told = stream.rows("order", "rests");
        return told.length >= 2 ? told : undefined;
      }, "the cancel is told");
      expect(rows.map(({ orderStatus }) => orderStatus)).toEqual(["New", "Cancelled"]);
      expect(rows[0].orderId).toBe(placed.result.orderId);
    });

    test("a fill shows in the streams, the position and the execution list alike", async () => {
      const stream = await openPrivate();
      const terms = { side: "Buy", orderType: "Market", qty: "0.002" };
      const body = { ...ORDER, ...terms, orderLinkId: "takes" };
      expect(await client.post("/v5/order/create", body)).toMatchObject({ retCode: 0 });
      const isDone = () =>
        stream.rows("order", "takes").find(({ orderStatus }) => orderStatus === "Filled");
      const order = await client.until(isDone, "the order is filled");
      const told = stream.rows("execution", "takes");
      const position = await client.get("/v5/position/list", `category=linear&symbol=${SYMBOL}`);
      expect(position.result.list[0]).toMatchObject({ side: "Buy", size: "0.002" });
      const query = `category=linear&orderId=${order.orderId}`;
      const listed = await client.get("/v5/execution/list", query);
      const figures = (rows: any[]) =>
        rows.map(({ execId, execQty, execFee }) => [execId, execQty, execFee]).toSorted();
      expect(told.length).toBeGreaterThan(0);
      expect(figures(listed.result.list)).toEqual(figures(told));
    });

    test("a bad signature is refused on both ways in", async () => {
      const headers = { "X-BAPI-API-KEY": "shell-key", "X-BAPI-SIGN": "00" };
      const stamped = { ...headers, "X-BAPI-TIMESTAMP": String(shell.nowMs()) };
      const refused = await client.send("/v5/account/info", { headers: stamped });
      expect(refused.retCode).toBe(10004);
      const socket = await client.open("/v5/private");
      const args = ["shell-key", shell.nowMs() + 5_000, "00"];
      const answer = await socket.ask({ op: "auth", args }, (frame) => frame.op === "auth");
      expect(answer.success).toBe(false);
      expect(await client.until(() => socket.closedCode, "the socket is closed")).toBe(1008);
    });

    test("faults cut sockets, refuse new ones and break answers", async () => {
      const socket = await client.open("/v5/public/linear");
      await plant(client, { kind: "disconnect", path: "/v5/public/linear" });
      expect(await client.until(() => socket.closedCode, "the socket is cut")).toBe(1006);
      await plant(client, { kind: "refuse_connect", path: "/v5/public/linear", count: 1 });
      const refused = new Promise<string>((resolve) => {
        const late = shell.openSocket("/v5/public/linear");
        late.onerror = ({ message }) => resolve(message);
      });
      let message: string | undefined;
      void refused.then((text) => {
        message = text;
      });
      expect(await client.until(() => message, "the connection is refused")).toContain("503");
      await plant(client, { kind: "http_error", path: "/v5/market/time", count: 1, status: 502 });
      expect(await client.send("/v5/market/time", {})).toBe("Bad Gateway");
      expect(await client.send("/v5/market/time", {})).toMatchObject({ retCode: 0 });
    });
  });
}

async function bandOf(client: ShellClient): Promise<{ highestBuyPrice: string }> {
  const answer = await client.send(`/v5/market/price-limit?category=linear&symbol=${SYMBOL}`, {});
  return { highestBuyPrice: answer.result.buyLmt };
}

async function plant(client: ShellClient, fault: object): Promise<void> {
  const headers = { authorization: `Bearer ${KEYS.apiSecret}` };
  const init = { method: "POST", body: JSON.stringify(fault), headers };
  expect(await client.send("/sim/faults", init)).toHaveProperty("faults");
}
