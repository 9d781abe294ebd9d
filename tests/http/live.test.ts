/** The live stream: what it sends, what it shares, and what a reader that does not read costs. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { failure } from "../../src/kernel/result.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { FRAMES_MAX, frameOf, LiveClient, WRITE_MS_MAX } from "../../src/web/live-client.ts";
import { CLIENTS_MAX, CLIENTS_PER_USER_MAX, LiveHub } from "../../src/web/live-hub.ts";
import { LOG_CHANNELS_MAX, overlap } from "../../src/web/log-channels.ts";
import { CONTRACT_MS_MAX } from "../support/patience.ts";
import { connectionOf, dashboard, type Reader, readerOf } from "./live-support.ts";
import { STATIC_DIR } from "./scenario.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

describe("GET /live/:page", () => {
  test("sends every region of the page first, then only what changed", async () => {
    const { fixture, live, open } = dashboard();
    const answer = await open("/live/desk");
    expect(answer.headers.get("content-type")).toStartWith("text/event-stream");
    expect(answer.headers.get("content-encoding")).toBeNull();
    const reader = readerOf(answer.body);
    const first = (await reader.next()) ?? "";
    for (const id of ["status", "kpis", "desk-symbols", "orders", "tape", "denials"]) {
      expect(first).toContain(`<hx-partial hx-target="#live-${id}" hx-swap="innerMorph">`);
    }
    fixture.tick();
    await live.tick();
    const second = (await reader.next()) ?? "";
    expect(second).toContain('["slots.');
    expect(second).not.toContain("#live-denials");
    for (const line of second.trimEnd().split("\n")) {
      expect(line).toMatch(/^(data: |event: values$|id: k3f9a2\.|$)/);
    }
  });
  test("carries no form, no token and no htmx request attribute", async () => {
    const { open } = dashboard();
    for (const page of ["desk", "symbols", "symbol?symbol=BTCUSDT", "blotter", "health"]) {
      const text = (await readerOf((await open(`/live/${page}`)).body).next()) ?? "";
      expect(text).not.toMatch(/csrf|<form|<button|hx-(get|post|put|delete|trigger)=/);
      expect(text.length).toBeGreaterThan(200);
    }
  });
  test("follows the rows of the asked query", async () => {
    const { open } = dashboard();
    const answer = await open("/live/symbols?q=SOL&sort=symbol&order=asc&page=1");
    const text = (await readerOf(answer.body).next()) ?? "";
    expect(text).toContain("symbol-SOLUSDT");
    expect(text).not.toContain("symbol-BTCUSDT");
  });
  test("refuses a page that does not exist, by name", async () => {
    const answer = await dashboard().open("/live/nope");
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("page");
  });
  test("HEAD takes no place", async () => {
    const { fixture, live } = dashboard();
    const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR, live });
    const headers = { cookie: fixture.cookieOf("viewer") };
    const answer = await app.request("/live/desk", { method: "HEAD", headers });
    expect(answer.status).toBe(200);
    expect(live.hub.size).toBe(0);
  });
  test("lifts the idle timeout of this request", async () => {
    const { fixture, live } = dashboard();
    const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR, live });
    let lifted = 0;
    await app.request(
      "/live/desk",
      { headers: { cookie: fixture.cookieOf("viewer") } },
      { address: "127.0.0.1", liftIdleTimeout: () => lifted++ },
    );
    expect(lifted).toBe(1);
  });
  test("ends when the reader goes away", async () => {
    const { live, open } = dashboard();
    const answer = await open("/live/desk");
    expect(live.hub.size).toBe(1);
    await answer.body?.cancel();
    expect(live.hub.size).toBe(0);
  });
});

describe("the end of a session ends its streams", () => {
  test("at sign-out", async () => {
    const { fixture, live, open } = dashboard();
    const reader = readerOf((await open("/live/settings")).body);
    await reader.next();
    live.hub.closeSession("token-viewer");
    expect(await reader.next()).toBe(
      'event: bye\ndata: {"reason":"session","why":"signed out"}\n\n' +
        "event: session-end\ndata: signed out\n\n",
    );
    expect(await reader.next()).toBeNull();
    expect(fixture.deps.auth.session("token-viewer")).not.toBeNull();
  });
  test("when it expires, but not while it is used", async () => {
    const { fixture, live, open } = dashboard();
    const reader = readerOf((await open("/live/settings")).body);
    await reader.next();
    fixture.nowMs += 29 * 60_000;
    await open("/settings");
    fixture.nowMs += 2 * 60_000;
    await live.tick();
    expect(live.hub.size).toBe(1);
    fixture.nowMs += 30 * 60_000;
    await live.tick();
    expect(live.hub.size).toBe(0);
    expect(await reader.next()).toContain("event: session-end");
  });
  test("when it is revoked elsewhere", async () => {
    const { fixture, live, open } = dashboard();
    await open("/live/settings");
    fixture.deps.auth.logout("token-viewer");
    await live.tick();
    expect(live.hub.size).toBe(0);
  });
  test("and all of them at shut-down", async () => {
    const { live, open } = dashboard();
    const reader = readerOf((await open("/live/settings")).body);
    await reader.next();
    live.closeAll();
    expect(await reader.next()).toContain('event: bye\ndata: {"reason":"restart"');
    expect(await reader.next()).toBeNull();
    expect(live.hub.size).toBe(0);
  });
});

describe("the hub", () => {
  function hubOf(): { hub: LiveHub; rendered: string[]; clock: { ms: number } } {
    const rendered: string[] = [];
    const clock = { ms: 0 };
    const hub = new LiveHub({
      nowMs: () => clock.ms,
      monotonicMs: () => performance.now(),
      pause: () => Bun.sleep(0),
      render: (key) => {
        rendered.push(key);
        if (key === "broken") throw new Error("a fragment that fails");
        return `${key}@${clock.ms}`;
      },
      onError: () => undefined,
    });
    return { hub, rendered, clock };
  }

  test("renders a key once a tick, however many read it", async () => {
    const { hub, rendered, clock } = hubOf();
    for (let index = 0; index < 10; index++) hub.connect(connectionOf(`t${index}`, "a", "b"));
    rendered.length = 0;
    clock.ms = 1000;
    await hub.tick();
    expect(rendered.sort()).toEqual(["a", "b"]);
  });
  test("a broken fragment does not stop the others", async () => {
    const { hub } = hubOf();
    const connected = hub.connect(connectionOf("t", "broken", "fine"));
    if (!connected.ok) throw new Error(connected.problem);
    expect(await readerOf(connected.value.stream).next()).toBe("data: fine@0\n\n");
  });
  test("cuts a long tick into slices, and leaves out one that comes meanwhile", async () => {
    let atMs = 0;
    let pauses = 0;
    let rendered = 0;
    const hub: LiveHub = new LiveHub({
      nowMs: () => 0,
      monotonicMs: () => atMs,
      pause: async () => {
        pauses++;
        await hub.tick();
      },
      render: (key) => {
        rendered++;
        atMs += 1;
        return `${key}@${rendered}`;
      },
      onError: () => undefined,
    });
    const keys = Array.from({ length: 9 }, (_, index) => `k${index}`);
    hub.connect(connectionOf("t", ...keys));
    rendered = 0;
    await hub.tick();
    expect(rendered).toBe(9);
    expect(pauses).toBe(2);
  });
  test("a failing read model is logged and ends nothing", async () => {
    const { fixture, live, open } = dashboard();
    await open("/live/desk");
    const { view } = fixture.deps;
    Object.assign(fixture.deps, {
      view: () => {
        throw new Error("no view");
      },
    });
    await live.tick();
    expect(fixture.logLines.at(-1)?.text).toBe("a tick of the live streams failed");
    Object.assign(fixture.deps, { view });
    await live.tick();
    expect(live.hub.size).toBe(1);
  });
  test("is full at its limit, and one person cannot fill it", () => {
    const { hub } = hubOf();
    for (let index = 0; index < CLIENTS_PER_USER_MAX; index++) hub.connect(connectionOf("one"));
    expect(hub.connect(connectionOf("one"))).toEqual(failure("user full"));
    for (let index = hub.size; index < CLIENTS_MAX; index++) hub.connect(connectionOf(`t${index}`));
    expect(hub.connect(connectionOf("late"))).toEqual(failure("hub full"));
    expect(hub.size).toBe(CLIENTS_MAX);
  });
});

describe("a reader that does not read", () => {
  function clientOf(): { client: LiveClient; clock: { ms: number }; ended: LiveClient[] } {
    const clock = { ms: 0 };
    const ended: LiveClient[] = [];
    const client = new LiveClient({
      token: "t",
      expiresAtMs: 1e12,
      nowMs: () => clock.ms,
      onEnd: (it) => ended.push(it),
    });
    return { client, clock, ended };
  }

  test("gets the newest of each key, not the history", async () => {
    const { client } = clientOf();
    for (let index = 1; index <= 1000; index++) {
      client.offerLatest("a", frameOf(`a${index}`));
      client.offerLatest("b", frameOf(`b${index}`));
    }
    expect(await readerOf(client.stream).next()).toBe("data: a1000\n\ndata: b1000\n\n");
  });
  test("loses log frames beyond the limit, counted", async () => {
    const { client } = clientOf();
    const taken = Array.from({ length: FRAMES_MAX + 5 }, (_, index) =>
      client.offer(frameOf(`line ${index}`)),
    );
    expect(taken.filter(Boolean)).toHaveLength(FRAMES_MAX);
    expect(client.lostFrames).toBe(5);
    const text = (await readerOf(client.stream).next()) ?? "";
    expect(text).toContain(`line ${FRAMES_MAX - 1}\n`);
    expect(text).not.toContain(`line ${FRAMES_MAX}\n`);
  });
  test("is dropped at the write deadline", () => {
    const { client, clock, ended } = clientOf();
    client.offerLatest("a", frameOf("a"));
    clock.ms = WRITE_MS_MAX;
    client.tick();
    expect(ended).toHaveLength(0);
    clock.ms = WRITE_MS_MAX + 1;
    client.tick();
    expect(ended).toEqual([client]);
  });
  test("one that reads is never dropped, and hears a heartbeat in silence", async () => {
    const { client, clock, ended } = clientOf();
    const next = readerOf(client.stream).next();
    await Bun.sleep(0);
    clock.ms = 60_000;
    client.tick();
    expect(await next).toBe(": still here\n\n");
    expect(ended).toHaveLength(0);
  });
  test("a frame's text cannot break out of its event", () => {
    const text = new TextDecoder().decode(frameOf("a\n\nevent: x\rdata: y"));
    expect(text).toBe("data: a\ndata: \ndata: event: x\ndata: data: y\n\n");
  });
});

describe("the log tail", () => {
  const line = (text: string): string => JSON.stringify({ level: "info", msg: text });

  async function logReader(
    board: ReturnType<typeof dashboard>,
    headers: Record<string, string> = {},
    url = "/live/logs?file=engine.log",
  ): Promise<Reader> {
    const reader = readerOf((await board.open(url, headers)).body);
    await Bun.sleep(0);
    return reader;
  }

  test("shows the tail, then appends what comes", async () => {
    const board = dashboard();
    const reader = await logReader(board);
    const first = (await reader.next()) ?? "";
    expect(first).toContain('hx-target="#log-lines" hx-swap="innerHTML"');
    board.fixture.appendLog("engine.log", [line("one"), line("two <i>")]);
    await board.live.tick();
    const text = (await reader.next()) ?? "";
    expect(text).toContain('hx-target="#log-lines" hx-swap="beforeend"');
    expect(text).toContain("two &lt;i&gt;");
    expect(text).toMatch(/^id: k3f9a2-1:\d+$/m);
  });
  test("gives a returning reader exactly what it missed", async () => {
    const board = dashboard();
    const reader = await logReader(board);
    const id = /^id: (.+)$/m.exec((await reader.next()) ?? "")?.[1] ?? "";
    board.fixture.appendLog("engine.log", [line("while away")]);
    await board.live.tick();
    const back = (await (await logReader(board, { "last-event-id": id })).next()) ?? "";
    expect(back).toContain("while away");
    expect(back).toContain('hx-swap="beforeend"');
    expect(back.match(/<li/g)).toHaveLength(1);
  });
  test("says how many lines are gone when the ring has forgotten them", async () => {
    const board = dashboard();
    const reader = await logReader(board);
    const id = /^id: (.+)$/m.exec((await reader.next()) ?? "")?.[1] ?? "";
    for (let round = 0; round < 10; round++) {
      const lines = Array.from({ length: 40 }, (_, index) => line(`${round}-${index}`));
      board.fixture.appendLog("engine.log", lines);
      await board.live.tick();
    }
    const back = (await (await logReader(board, { "last-event-id": id })).next()) ?? "";
    expect(back).toContain("100 lines passed while away");
  });
  test("an id of another run gets the whole tail", async () => {
    const board = dashboard();
    const text = (await (await logReader(board, { "last-event-id": "old-1:7" })).next()) ?? "";
    expect(text).toContain('hx-swap="innerHTML"');
  });
  test("a burst is cut to its newest lines, and says so", async () => {
    const board = dashboard();
    const reader = await logReader(board);
    await reader.next();
    board.fixture.appendLog(
      "engine.log",
      Array.from({ length: 500 }, (_, index) => line(`burst ${index}`)),
    );
    await board.live.tick();
    const text = (await reader.next()) ?? "";
    expect(text).toContain("400 lines skipped");
    expect(text).toContain("burst 499");
    expect(text).not.toContain("burst 399<");
  });
  test("a filter passes only lines with the literal text", async () => {
    const board = dashboard();
    const reader = await logReader(board, {}, "/live/logs?file=engine.log&q=a.b");
    expect(await reader.next()).toContain('hx-swap="innerHTML"');
    board.fixture.appendLog("engine.log", [line("axb"), line("a.b here")]);
    await board.live.tick();
    const text = (await reader.next()) ?? "";
    expect(text).toContain("a.b here");
    expect(text).not.toContain("axb");
  });
  test("refuses politely beyond the number of tails", async () => {
    const board = dashboard();
    for (let index = 0; index < LOG_CHANNELS_MAX; index++) {
      await logReader(board, {}, `/live/logs?file=engine.log&q=${index}`);
    }
    const extra = await logReader(board, {}, "/live/logs?file=engine.log&q=extra");
    expect(await extra.next()).toContain("Too many log tails are open");
    expect(board.live.logs.size).toBe(LOG_CHANNELS_MAX);
  });
  test("lets go of a file a minute after its last reader", async () => {
    const board = dashboard();
    const answer = await board.open("/live/logs?file=engine.log");
    await Bun.sleep(0);
    await answer.body?.cancel();
    await board.live.tick();
    expect(board.live.logs.size).toBe(1);
    board.fixture.nowMs += 61_000;
    await board.live.tick();
    expect(board.live.logs.size).toBe(0);
  });
  test("finds what tail and follower both saw", () => {
    expect(overlap(["a", "b", "c"], ["b", "c", "d"])).toBe(2);
    expect(overlap(["a", "b"], ["c"])).toBe(0);
    expect(overlap([], ["a"])).toBe(0);
    expect(overlap(["x", "x"], ["x", "x", "x"])).toBe(2);
  });
});
