/** The simulated exchange as a process of its own, so that it outlives an engine that is killed. */
import { FROM_SOURCE, freshDir } from "./product.ts";

const KEYS = { apiKey: "apart-key", apiSecret: "apart-secret" };
const RECV_WINDOW_MS = 5_000;

interface OpenOrder {
  readonly orderLinkId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly reduceOnly: boolean;
}

export interface ExchangeApart {
  /** What an engine needs to trade there. */
  readonly env: Readonly<Record<string, string>>;
  /** All orders that are open on the account, by its own signed REST. */
  openOrders(): Promise<readonly OpenOrder[]>;
  /** Those of an engine's form that could open or add. */
  entries(): Promise<readonly OpenOrder[]>;
  stop(): void;
}

export async function startExchangeApart(symbols: number): Promise<ExchangeApart> {
  const keyEnv = { SCALPER_SIM_API_KEY: KEYS.apiKey, SCALPER_SIM_API_SECRET: KEYS.apiSecret };
  const child = Bun.spawn(
    [...FROM_SOURCE, "sim", "--sim-port", "0", "--sim-symbols", String(symbols)],
    { cwd: freshDir(), stdout: "pipe", stderr: "ignore", env: { PATH: "", ...keyEnv } },
  );
  const port = await portIn(child.stdout);
  const base = `http://127.0.0.1:${port}`;
  const openOrders = () => readOrders(base);
  return {
    env: {
      ...keyEnv,
      SCALPER_VENUE: "sim",
      SCALPER_BYBIT_REST_URL: base,
      SCALPER_BYBIT_WS_URL: `ws://127.0.0.1:${port}`,
    },
    openOrders,
    entries: async () => {
      const orders = await openOrders();
      return orders.filter(
        ({ orderLinkId, reduceOnly }) => !reduceOnly && /^[0-9a-z]{8}_/.test(orderLinkId),
      );
    },
    stop: () => child.kill(),
  };
}

async function portIn(out: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  const reader = out.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the exchange did not start: ${text}`);
    text += decoder.decode(value, { stream: true });
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text) ?? [];
    if (port !== undefined) return port;
  }
}

async function readOrders(base: string): Promise<readonly OpenOrder[]> {
  const query = "category=linear&settleCoin=USDT&openOnly=0&limit=50";
  const at = String(Date.now());
  const signed = `${at}${KEYS.apiKey}${RECV_WINDOW_MS}${query}`;
  const reply = await fetch(`${base}/v5/order/realtime?${query}`, {
    headers: {
      "X-BAPI-API-KEY": KEYS.apiKey,
      "X-BAPI-TIMESTAMP": at,
      "X-BAPI-RECV-WINDOW": String(RECV_WINDOW_MS),
      "X-BAPI-SIGN": new Bun.CryptoHasher("sha256", KEYS.apiSecret).update(signed).digest("hex"),
    },
  });
  const body = (await reply.json()) as { readonly result: { readonly list: readonly OpenOrder[] } };
  return body.result.list;
}
