/**
 * A socket client and nothing else: subscribes what the engine subscribes (book 50, trades and
 * ticker of every trading contract, as many topics a socket as the venue allows) and drops every
 * frame, or only parses it. `bun bare.ts drop|parse REST_URL WS_URL`; prints "ready", and its count
 * of frames four times a second.
 */
import WebSocket from "ws";

/** Bybit v5, "Connect": characters of all topics of one connection. */
const ARGS_CHARS_MAX = 21_000;
const ARGS_PER_REQUEST = 500;

const [mode = "drop", restUrl = "", wsUrl = ""] = process.argv.slice(2);
let frames = 0;
let parsed = 0;
const read: (text: string) => void =
  mode === "parse"
    ? (text) => {
        frames++;
        if (JSON.parse(text) !== null) parsed++;
      }
    : () => {
        frames++;
      };

const shards: string[][] = [];
let chars = Number.POSITIVE_INFINITY;
for (const symbol of await tradingSymbols()) {
  const topics = [`orderbook.50.${symbol}`, `publicTrade.${symbol}`, `tickers.${symbol}`];
  const more = topics.join("").length + 3 * topics.length;
  if (chars + more > ARGS_CHARS_MAX) {
    shards.push([]);
    chars = 0;
  }
  chars += more;
  shards.at(-1)?.push(...topics);
}
await Promise.all(shards.map(open));
console.log("ready");
setInterval(() => console.log(`frames ${frames} ${parsed}`), 250);

async function tradingSymbols(): Promise<string[]> {
  const query = "category=linear&limit=1000";
  const response = await fetch(`${restUrl}/v5/market/instruments-info?${query}`);
  const answer = (await response.json()) as {
    result: { list: { symbol: string; status: string; quoteCoin: string }[] };
  };
  return answer.result.list
    .filter(({ status, quoteCoin }) => status === "Trading" && quoteCoin === "USDT")
    .map(({ symbol }) => symbol);
}

function open(topics: readonly string[]): Promise<void> {
  const socket = new WebSocket(`${wsUrl}/v5/public/linear`);
  socket.onmessage = ({ data }) => read(String(data));
  setInterval(() => socket.send('{"op":"ping"}'), 20_000);
  return new Promise((resolve) => {
    socket.onopen = () => {
      for (let from = 0; from < topics.length; from += ARGS_PER_REQUEST) {
        const args = topics.slice(from, from + ARGS_PER_REQUEST);
        socket.send(JSON.stringify({ op: "subscribe", args }));
      }
      resolve();
    };
  });
}
