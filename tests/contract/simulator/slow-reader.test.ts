import { expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

/** A client frame: final text, masked with zeros. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = 0x81;
  head[1] = 0x80 | 126;
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

test("a client that does not read is closed, others are served on", async () => {
  const sim = await startSim({ symbols: 60 });
  const socket = connect(sim.port, "127.0.0.1");
  const lines = [
    "GET /v5/public/linear HTTP/1.1",
    "Host: 127.0.0.1",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  await new Promise<void>((resolve) => socket.once("data", () => resolve()));
  socket.pause();
  const symbols = (
    await sim.get("/v5/market/instruments-info", "category=linear&limit=60")
  ).result.list.map((item: any) => item.symbol);
  let roundsServed = 0;
  for (let round = 0; round < 400 && sim.stats().clients > 0; round++) {
    roundsServed = round;
    for (const op of ["subscribe", "unsubscribe"]) {
      const args = symbols.map((symbol: string) => `orderbook.1000.${symbol}`);
      socket.write(textFrame(JSON.stringify({ op, args })));
    }
    await Bun.sleep(5);
  }
  expect(sim.stats().clients).toBe(0);
  expect(roundsServed).toBeGreaterThan(3);
  expect((await sim.send("/v5/market/time", {})).status).toBe(200);
  socket.destroy();
  await sim.stop();
});
