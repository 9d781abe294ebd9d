/** The two sockets: that they open, what they say when they cannot, that they stop; and that the
 * apps do not depend on the server that carries them. */

import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createServer, type IncomingMessage } from "node:http";
import { serve } from "@hono/node-server";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { type RunningWeb, startWeb } from "../../src/web/web-servers.ts";
import { given } from "../support/given.ts";
import { CONTRACT_MS_MAX } from "../support/patience.ts";
import { FIXTURE_PASSWORD, webFixture } from "../support/web-deps.ts";
import { STATIC_DIR } from "./scenario.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const running: RunningWeb[] = [];

function start(httpPort = 0, monitorPort = 0) {
  const fixture = webFixture({ symbols: 60 });
  const options = { host: "127.0.0.1", httpPort, monitorPort, staticDir: STATIC_DIR };
  const web = startWeb({ deps: fixture.deps, ...options });
  running.push(web);
  return { fixture, web };
}

afterEach(async () => {
  for (const web of running.splice(0)) await web.stop();
});

describe("startWeb", () => {
  test("answers on both ports with what it chose", async () => {
    const { fixture, web } = start();
    expect(web.ports.http).toBeGreaterThan(0);
    expect(web.dashboardUrl).toBe(`http://127.0.0.1:${web.ports.http}`);
    const page = await fetch(web.dashboardUrl, { redirect: "manual" });
    expect(page.headers.get("location")).toBe("/login");
    expect(await (await fetch(`${web.monitorUrl}/livez`)).json()).toEqual({ ok: true });
    expect(fixture.accessLines[0]).toMatchObject({ address: "127.0.0.1" });
  });
  test("HEAD through a real socket says the length of GET", async () => {
    const { web } = start();
    for (const path of ["/api/health", "/livez", "/api/monitor/logs", "/api/nothing"]) {
      const headers = { "accept-encoding": "identity" };
      const got = await (await fetch(web.monitorUrl + path, { headers })).arrayBuffer();
      const head = await fetch(web.monitorUrl + path, { method: "HEAD", headers });
      expect(head.headers.get("content-length")).toBe(String(got.byteLength));
    }
    const page = await (await fetch(`${web.dashboardUrl}/login`)).arrayBuffer();
    const headers = { "accept-encoding": "identity" };
    const head = await fetch(`${web.dashboardUrl}/login`, { method: "HEAD", headers });
    expect(head.headers.get("content-length")).toBe(String(page.byteLength));
    expect(head.headers.get("content-security-policy")).toContain("'none'");
  });
  test("a taken port is named, with what to do; nothing is left open", async () => {
    const { web } = start();
    const begin = (http: number, monitor: number) => () => start(http, monitor);
    expect(begin(web.ports.http, 0)).toThrow(
      new RegExp(`dashboard on 127.0.0.1:${web.ports.http}.*SCALPER_HTTP_PORT`, "s"),
    );
    const free = await freePort();
    expect(begin(free, web.ports.monitor)).toThrow(/monitor API.*SCALPER_MONITOR_PORT/s);
    start(free, 0);
  });
  test("a folder without style sheets is named", () => {
    const { deps } = webFixture({ symbols: 5 });
    const options = { host: "127.0.0.1", httpPort: 0, monitorPort: 0, staticDir: "/no/such" };
    expect(() => startWeb({ deps, ...options })).toThrow("wanted the folder /no/such");
  });
  test("stops although a stream is open, and the stream is told", async () => {
    const { fixture, web } = start();
    const headers = { cookie: fixture.cookieOf("viewer") };
    const stream = await fetch(`${web.dashboardUrl}/live/desk`, { headers });
    const text = stream.text();
    await web.stop();
    expect(await text).toContain('"reason":"restart"');
    expect(fetch(web.dashboardUrl)).rejects.toThrow();
  });
  test("assets are immutable, hashed and typed", async () => {
    const { web } = start();
    const page = await (await fetch(`${web.dashboardUrl}/login`)).text();
    const css = /href="(\/assets\/[0-9a-f]{12}\/scalper\.css)"/.exec(page)?.[1] ?? "";
    const answer = await fetch(web.dashboardUrl + css);
    expect(answer.headers.get("cache-control")).toContain("immutable");
    expect(answer.headers.get("content-type")).toStartWith("text/css");
    expect(await answer.text()).toStartWith("/* The order of the cascade");
    const missing = await fetch(`${web.dashboardUrl}/assets/000000000000/scalper.css`);
    expect(missing.status).toBe(404);
    const outside = await fetch(`${web.dashboardUrl}/assets/..%2f..%2fpackage.json`);
    expect(outside.status).toBe(404);
  });
  test("a login through real sockets ends on the overview", async () => {
    const { web } = start();
    const answer = await fetch(`${web.dashboardUrl}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { origin: web.dashboardUrl },
      body: new URLSearchParams({ name: "admin", password: FIXTURE_PASSWORD }),
    });
    expect(answer.status).toBe(303);
    const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const page = await fetch(web.dashboardUrl, { headers: { cookie } });
    expect(await page.text()).toContain("Flatten");
  });
});

describe("under another server", () => {
  test("both apps and the stream run on @hono/node-server", async () => {
    const { deps, cookieOf } = webFixture({ symbols: 60 });
    const apps = [dashboardApp(deps, { staticDir: STATIC_DIR }), monitorApp(deps)] as const;
    const servers = await Promise.all(apps.map((app) => nodeServer(app.fetch)));
    try {
      const [dashboard, monitor] = servers.map(({ url }) => url);
      const headers = { cookie: cookieOf("viewer") };
      expect(await (await fetch(`${dashboard}/symbols`, { headers })).text()).toContain("BTCUSDT");
      const rows: unknown = await (await fetch(`${monitor}/api/symbols`)).json();
      expect(rows).toHaveLength(60);
      const stream = await fetch(`${dashboard}/live/desk`, { headers });
      const reader = given(stream.body).getReader();
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toContain("hx-partial");
      await reader.cancel();
    } finally {
      for (const { close } of servers) close();
    }
  });
});

type Fetch = (request: Request, edge: { address?: string }) => Response | Promise<Response>;

async function nodeServer(fetchApp: Fetch): Promise<{ url: string; close: () => void }> {
  return new Promise((resolve) => {
    const server = serve(
      {
        port: 0,
        hostname: "127.0.0.1",
        // By default it replaces the global Response, and every later test of this process fails.
        overrideGlobalObjects: false,
        fetch: (request, env) => {
          const { incoming } = env as { incoming: IncomingMessage };
          return fetchApp(request, { address: incoming.socket.remoteAddress ?? "" });
        },
      },
      ({ port }) => resolve({ url: `http://127.0.0.1:${port}`, close: () => server.close() }),
    );
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
