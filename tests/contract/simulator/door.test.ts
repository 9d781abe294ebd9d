/**
 * The simulator's port as others on the machine reach it: pages of a browser, other users, programs
 * that send too much.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { type Sim, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

let sim: Sim;
beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim.stop());

const TIME = "/v5/market/time";
const SKEW = JSON.stringify({ kind: "clock_skew", skewMs: 3_600_000 });

/** Status of a request with these headers. */
async function statusOf(path: string, headers: Record<string, string>, body?: string) {
  const init = body === undefined ? { headers } : { method: "POST", headers, body };
  return (await fetch(`${sim.base}${path}`, init)).status;
}

/** What is answered to bytes that no client library would send. */
function answerTo(bytes: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(sim.port, "127.0.0.1", () => socket.write(bytes));
  socket.once("data", (data) => {
    resolve(String(data));
    socket.destroy();
  });
  socket.on("close", () => resolve(""));
  socket.on("error", reject);
  return promise;
}

const upgrade = (headers: string) =>
  answerTo(
    `GET /v5/public/linear HTTP/1.1\r\n${headers}connection: upgrade\r\nupgrade: websocket\r\n` +
      "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );

test("a name that was pointed at this machine is not answered", async () => {
  for (const host of ["rebind.com", "rebind.com:8091", "127.0.0.1:80:evil.com", "[::1].evil.com"]) {
    expect([host, await statusOf(TIME, { host })]).toEqual([host, 421]);
  }
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:8091", "sim.localhost"]) {
    expect([host, await statusOf(TIME, { host })]).toEqual([host, 200]);
  }
});

test("a page of another site plants nothing and opens no socket", async () => {
  const evil = { origin: "http://evil.com" };
  expect(await statusOf("/sim/faults", evil, SKEW)).toBe(403);
  expect(await statusOf(TIME, { "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await statusOf(TIME, { "sec-fetch-site": "same-site" })).toBe(403);
  expect(await statusOf(TIME, { origin: "null" })).toBe(403);
  const host = `host: 127.0.0.1:${sim.port}\r\n`;
  expect(await upgrade(`${host}origin: http://evil.com\r\n`)).toStartWith("HTTP/1.1 403");
  expect(await upgrade("host: evil.com\r\norigin: http://evil.com\r\n")).toStartWith(
    "HTTP/1.1 421",
  );
  // Some socket libraries name the server itself.
  const own = await statusOf(TIME, { origin: `http://127.0.0.1:${sim.port}` });
  expect(own).toBe(200);
  expect(await (await sim.send("/sim/faults", {})).json()).toEqual({ faults: [] });
});

test("what changes the exchange asks for its key pair's secret", async () => {
  for (const authorization of ["", "Bearer", "Bearer wrong", "Basic x"]) {
    expect(await statusOf("/sim/faults", { authorization }, SKEW)).toBe(401);
    expect(await statusOf("/sim/status", { authorization })).toBe(401);
  }
  expect(await (await sim.send("/sim/faults", {})).json()).toEqual({ faults: [] });
});

test("a body above any of ours is refused before it is held", async () => {
  expect(await statusOf("/v5/order/create", {}, "x".repeat(65_537))).toBe(413);
  const before = process.memoryUsage.rss();
  const large = new Blob(["x".repeat(8_000_000)]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      fetch(`${sim.base}/v5/order/create`, { method: "POST", body: large }).then(
        ({ status }) => status,
        () => 413,
      ),
    ),
  );
  expect(new Set(answers)).toEqual(new Set([413]));
  expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000);
});

test("faults are taken all or none, and are short", async () => {
  const post = async (faults: unknown) =>
    (await sim.send("/sim/faults", { method: "POST", body: JSON.stringify(faults) })).status;
  expect(await post([{ kind: "drop" }, { kind: "no such kind" }])).toBe(400);
  expect(await post(Array.from({ length: 101 }, () => ({ kind: "drop", count: 1 })))).toBe(400);
  expect(await post({ kind: "drop", topic: "x".repeat(201) })).toBe(400);
  expect(await (await sim.send("/sim/faults", {})).json()).toEqual({ faults: [] });
});

test("a request that is none gets a line, and never source or stack", async () => {
  for (const host of ["[", "%", "@", "evil:99999", "a b", ""]) {
    const text = await answerTo(
      `GET ${TIME} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
    );
    expect(text.length).toBeLessThan(1_000);
    expect(text).not.toContain("at fetch");
    expect(text).not.toContain(process.cwd());
  }
});
