/**
 * Stands between a client and the exchange's sockets, on loopback: passes every frame on as it is,
 * and measures from outside how long an order takes after the newest public frame of its symbol.
 */
import WebSocket from "ws";

interface Relay {
  readonly url: string;
  /** Microseconds by client order id, from the frame that left here to the order that came back. */
  readonly answers: ReadonlyMap<string, number>;
  stop(): void;
}

interface Link {
  readonly path: string;
  upstream: WebSocket | null;
  /** What came before the upstream stood. */
  waiting: string[];
}

export function startRelay(exchangeUrl: string): Relay {
  const answers = new Map<string, number>();
  const frameAtMs = new Map<string, number>();

  const noteOrder = (text: string) => {
    if (!text.includes('"order.create"')) return;
    const nowMs = performance.now();
    const symbol = /"symbol":"([^"]+)"/.exec(text)?.[1] ?? "";
    const id = /"orderLinkId":"([^"]+)"/.exec(text)?.[1] ?? "";
    const sentAtMs = frameAtMs.get(symbol);
    if (sentAtMs !== undefined) answers.set(id, (nowMs - sentAtMs) * 1_000);
  };

  const server = Bun.serve<Link>({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request, server) {
      const { pathname, search } = new URL(request.url);
      const data: Link = { path: pathname + search, upstream: null, waiting: [] };
      return server.upgrade(request, { data }) ? undefined : new Response(null, { status: 404 });
    },
    websocket: {
      open(client) {
        const link = client.data;
        const isPublic = link.path.includes("/v5/public");
        const upstream = new WebSocket(`${exchangeUrl}${link.path}`);
        upstream.onopen = () => {
          link.upstream = upstream;
          for (const text of link.waiting) upstream.send(text);
          link.waiting = [];
        };
        upstream.onmessage = ({ data }) => {
          const text = String(data);
          if (isPublic) frameAtMs.set(symbolOf(text), performance.now());
          client.send(text);
        };
        upstream.onclose = () => client.close();
      },
      message(client, data) {
        const text = String(data);
        if (client.data.path.includes("/v5/trade")) noteOrder(text);
        if (client.data.upstream === null) client.data.waiting.push(text);
        else client.data.upstream.send(text);
      },
      close(client) {
        client.data.upstream?.close();
      },
    },
  });
  return { url: `ws://127.0.0.1:${server.port}`, answers, stop: () => void server.stop(true) };
}

/** `{"topic":"orderbook.50.BTCUSDT",…`: what stands after the last dot of the topic. */
function symbolOf(text: string): string {
  const end = text.indexOf('"', 11);
  return text.slice(text.lastIndexOf(".", end) + 1, end);
}
