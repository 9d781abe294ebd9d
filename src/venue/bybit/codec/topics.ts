/** Topic names of the public socket (Bybit v5, websocket/public), to and from their parts. */
export type Topic =
  | { readonly kind: "book"; readonly symbol: string; readonly depth: number }
  | { readonly kind: "trades"; readonly symbol: string }
  | { readonly kind: "ticker"; readonly symbol: string }
  | { readonly kind: "bar"; readonly symbol: string; readonly intervalMin: number }
  | { readonly kind: "unknown"; readonly topic: string };

/** 500 was removed by the venue in 2025 and lives on in recordings. */
const BOOK_DEPTHS: ReadonlySet<string> = new Set(["1", "50", "200", "500", "1000"]);

const MINUTES_OF: Readonly<Record<string, number>> = {
  ...Object.fromEntries([1, 3, 5, 15, 30, 60, 120, 240, 360, 720].map((min) => [`${min}`, min])),
  D: 1_440,
  W: 10_080,
  M: 43_200,
};

export function parseTopic(topic: string): Topic {
  const [channel = "", first = "", second, third] = topic.split(".");
  if (third === undefined && first !== "") {
    if (channel === "publicTrade" && second === undefined) return { kind: "trades", symbol: first };
    if (channel === "tickers" && second === undefined) return { kind: "ticker", symbol: first };
    if (channel === "orderbook" && BOOK_DEPTHS.has(first) && second !== undefined) {
      return { kind: "book", symbol: second, depth: Number(first) };
    }
    const intervalMin = Object.hasOwn(MINUTES_OF, first) ? MINUTES_OF[first] : undefined;
    if (channel === "kline" && intervalMin !== undefined && second !== undefined) {
      return { kind: "bar", symbol: second, intervalMin };
    }
  }
  return { kind: "unknown", topic };
}

export const bookTopic = (symbol: string, depth: number): string => `orderbook.${depth}.${symbol}`;
export const tradesTopic = (symbol: string): string => `publicTrade.${symbol}`;
export const tickerTopic = (symbol: string): string => `tickers.${symbol}`;

/** Private topics that the account side needs. Not execution.fast: it carries no fee. */
export const PRIVATE_TOPICS = ["order", "execution", "position", "wallet"] as const;
