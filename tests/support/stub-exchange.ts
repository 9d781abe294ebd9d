/**
 * A tiny scriptable server that speaks just enough of the exchange to be disconnected, silenced and
 * made to lie. It shares nothing with the adapter's codecs or with the simulator.
 */
import type { Server, ServerWebSocket } from "bun";

type Socket = ServerWebSocket<{ path: string }>;

interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: any;
  readonly headers: Headers;
}

/** A result object, a whole Response, or null for "never answer". */
type StubAnswer = object | Response | null | undefined;

export const ok = (result: object, extra: object = {}): object => ({
  retCode: 0,
  retMsg: "OK",
  result,
  retExtInfo: {},
  time: Date.now(),
  ...extra,
});
export const refusal = (retCode: number, retMsg: string): object => ({
  retCode,
  retMsg,
  result: {},
  retExtInfo: {},
  time: Date.now(),
});

export function stubInstrument(symbol: string, more: object = {}): object {
  return {
    symbol,
    contractType: "LinearPerpetual",
    status: "Trading",
    baseCoin: symbol.replace("USDT", ""),
    quoteCoin: "USDT",
    settleCoin: "USDT",
    launchTime: "1585526400000",
    leverageFilter: { minLeverage: "1", maxLeverage: "100.00", leverageStep: "0.01" },
    priceFilter: { minPrice: "0.10", maxPrice: "1999999.80", tickSize: "0.10" },
    lotSizeFilter: {
      maxOrderQty: "1190.000",
      maxMktOrderQty: "500.000",
      minOrderQty: "0.001",
      qtyStep: "0.001",
      minNotionalValue: "5",
    },
    fundingInterval: 480,
    ...more,
  };
}

export class StubExchange {
  instruments: object[] = [stubInstrument("BTCUSDT"), stubInstrument("ETHUSDT")];
  readonly requests: StubRequest[] = [];
  /** What sockets were sent, newest last. */
  readonly texts: { readonly path: string; readonly message: any }[] = [];
  /** Answers REST paths before the defaults do. */
  readonly answers = new Map<string, (request: StubRequest) => StubAnswer>();
  /** Answers trade-socket operations; null: no answer. */
  onTrade: (message: any) => object | null = (message) => ({
    reqId: message.reqId,
    retCode: 0,
    retMsg: "OK",
    op: message.op,
    data: { orderId: `by-socket-${message.args[0].orderLinkId}`, orderLinkId: "" },
    header: { "X-Bapi-Limit": "10", "X-Bapi-Limit-Status": "9" },
  });
  readonly refusedTopics = new Set<string>();
  /** Topics whose snapshot is not sent. */
  readonly mutedTopics = new Set<string>();
  /** Sockets are open and say nothing, not even to pings. */
  silent = false;
  authFails = false;
  private server: Server<{ path: string }> | null = null;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  start(): this {
    this.server = Bun.serve<{ path: string }>({
      hostname: "127.0.0.1",
      port: this.port,
      fetch: (request, server) => this.serve(request, server),
      websocket: {
        open: (socket) => void this.sockets.add(socket),
        close: (socket) => void this.sockets.delete(socket),
        message: (socket, text) => this.hear(socket, String(text)),
      },
    });
    this.port = this.server.port ?? 0;
    return this;
  }

  /** Gone as a killed process: connections die, the port refuses. */
  async stop(): Promise<void> {
    await this.server?.stop(true);
    this.server = null;
    this.sockets.clear();
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  open(path: string): number {
    return [...this.sockets].filter((socket) => socket.data.path === path).length;
  }

  push(path: string, text: string | object): void {
    const frame = typeof text === "string" ? text : JSON.stringify(text);
    for (const socket of this.sockets) if (socket.data.path === path) socket.send(frame);
  }

  /** Closes every socket of a path. */
  drop(path: string): void {
    for (const socket of this.sockets) if (socket.data.path === path) socket.terminate();
  }

  sent(path: string, op: string): any[] {
    return this.texts
      .filter((entry) => entry.path === path && entry.message.op === op)
      .map(({ message }) => message);
  }

  asked(path: string): StubRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  private async serve(request: Request, server: Server<{ path: string }>) {
    const url = new URL(request.url);
    if (server.upgrade(request, { data: { path: url.pathname } })) return undefined;
    const text = await request.text();
    const body = text === "" ? null : JSON.parse(text);
    const coin = url.searchParams.get("settleCoin") ?? body?.settleCoin;
    const seen: StubRequest = {
      method: request.method,
      // What is asked about another settlement coin is a question of its own: "/v5/…?USDC".
      path: coin === "USDC" ? `${url.pathname}?USDC` : url.pathname,
      query: Object.fromEntries(url.searchParams),
      body,
      headers: request.headers,
    };
    this.requests.push(seen);
    const answer = this.answers.get(seen.path)?.(seen);
    if (answer === null) return await new Promise<Response>(() => {});
    if (answer instanceof Response) return answer;
    return Response.json(answer ?? this.defaultAnswer(seen));
  }

  private defaultAnswer({ path, body }: StubRequest): object {
    switch (path) {
      case "/v5/market/time":
        return ok({ timeSecond: "", timeNano: `${Date.now()}000000` });
      case "/v5/market/instruments-info":
        return ok({ category: "linear", list: this.instruments, nextPageCursor: "" });
      case "/v5/order/create":
        return ok({ orderId: `by-rest-${body.orderLinkId}`, orderLinkId: body.orderLinkId });
      case "/v5/user/query-api":
        return ok({ id: "1", apiKey: "key", userID: 7 });
      case "/v5/account/wallet-balance":
        return ok({
          list: [
            { totalEquity: "1000", totalWalletBalance: "900", totalAvailableBalance: "800.5" },
          ],
        });
      default:
        return ok({ list: [], nextPageCursor: "" });
    }
  }

  private hear(socket: Socket, text: string): void {
    const message = JSON.parse(text);
    const { path } = socket.data;
    this.texts.push({ path, message });
    if (this.silent) return;
    const say = (reply: object) => void socket.send(JSON.stringify(reply));
    if (path === "/v5/trade") {
      const answer =
        message.op === "auth"
          ? { retCode: this.authFails ? 10004 : 0, retMsg: "OK", op: "auth" }
          : message.op === "ping"
            ? { retCode: 0, retMsg: "OK", op: "pong" }
            : this.onTrade(message);
      if (answer !== null) say(answer);
      return;
    }
    const base = { req_id: message.req_id ?? "", op: message.op, conn_id: "c" };
    if (message.op === "ping") say({ ...base, success: true, ret_msg: "pong" });
    else if (message.op === "auth") say({ ...base, success: !this.authFails, ret_msg: "" });
    else this.subscribe(socket, message, say, base);
  }

  private subscribe(
    socket: Socket,
    message: any,
    say: (reply: object) => void,
    base: object,
  ): void {
    const refused = message.args.find((topic: string) => this.refusedTopics.has(topic));
    if (message.op === "subscribe" && refused !== undefined) {
      say({ ...base, success: false, ret_msg: `error:handler not found,topic:${refused}` });
      return;
    }
    say({ ...base, success: true, ret_msg: "" });
    if (message.op !== "subscribe") return;
    for (const topic of message.args as string[]) {
      if (topic.startsWith("orderbook.") && !this.mutedTopics.has(topic)) {
        socket.send(bookText(topic, { type: "snapshot", u: 100 }));
      }
    }
  }
}

/** A book message whose best bid is 99.90 and best ask 100.10. */
export function bookText(
  topic: string,
  shape: { type: string; u: number; b?: string[][] },
): string {
  const [, , symbol] = topic.split(".");
  const b = shape.b ?? [["99.90", "1.000"]];
  const a = shape.type === "snapshot" ? [["100.10", "2.000"]] : [];
  return JSON.stringify({
    topic,
    type: shape.type,
    ts: 1_700_000_000_003,
    data: { s: symbol, b, a, u: shape.u, seq: 1_000 + shape.u },
    cts: 1_700_000_000_000,
  });
}

/** Waits until `holds` is true; fails with `fact` after five seconds. */
export async function until(holds: () => boolean, fact: string): Promise<void> {
  const giveUpAtMs = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > giveUpAtMs) throw new Error(`did not come true: ${fact}`);
    await Bun.sleep(2);
  }
}
