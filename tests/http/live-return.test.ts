/** A reader that comes back, the compressed stream, the last places, and the hidden tab. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createGunzip } from "node:zlib";
import { failure } from "../../src/kernel/result.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { CLIENTS_MAX, CLIENTS_OF_VIEWERS_MAX, LiveHub } from "../../src/web/live-hub.ts";
import { absenceOf, heardOf, liveId } from "../../src/web/live-ids.ts";
import { given } from "../support/given.ts";
import { CONTRACT_MS_MAX } from "../support/patience.ts";
import { connectionOf, dashboard, type Reader, readerOf } from "./live-support.ts";
import { STATIC_DIR } from "./scenario.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const idIn = (text: string): string => /^id: (.+)$/m.exec(text)?.[1] ?? "";

describe("a reader that comes back", () => {
  test("gets only what became another, and the gap", async () => {
    const { fixture, live, open } = dashboard();
    const answer = await open("/live/health");
    const first = (await readerOf(answer.body).next()) ?? "";
    expect(first).not.toContain("event: gap");
    const fromMs = fixture.nowMs;
    fixture.nowMs += 14_000;
    await live.tick();
    const again = await open("/live/health", { "last-event-id": idIn(first) });
    const back = (await readerOf(again.body).next()) ?? "";
    expect(back).toContain(
      `event: gap\ndata: {"kind":"gap","fromMs":${fromMs},"toMs":${fixture.nowMs}}`,
    );
    expect(back.length).toBeLessThan(first.length / 2);
    expect(back).not.toContain("#live-venue-counters");
  });
  test("after a restart gets everything, and hears which run it knew", async () => {
    const { open } = dashboard();
    const headers = { "last-event-id": "k3f000.17.mwpzb1ig" };
    const text = (await readerOf((await open("/live/health", headers)).body).next()) ?? "";
    expect(text).toContain('event: restart\ndata: {"kind":"restart","runId":"k3f000"');
    expect(text).toContain("#live-venue-counters");
  });
  test("a moment is no gap, and an id of nobody is none", () => {
    const id = liveId("k3f", 7, 10_000);
    expect(absenceOf(heardOf(id), "k3f", 11_999)).toEqual({ kind: "none" });
    expect(absenceOf(heardOf(id), "k3f", 12_000)).toEqual({
      kind: "gap",
      fromMs: 10_000,
      toMs: 12_000,
    });
    expect(heardOf("k3f-2:17")).toEqual({ runId: "k3f", atMs: null });
    for (const odd of ["", "x", "<b>.1.2", "k3f.1", "k3f-a:1", "k3f.1.2.3"]) {
      expect(heardOf(odd)).toBeNull();
    }
  });
});

describe("a compressed stream", () => {
  function unpacked(stream: ReadableStream<Uint8Array> | null): Reader {
    const gunzip = createGunzip();
    const waiting: ((text: string | null) => void)[] = [];
    gunzip.on("data", (part: Buffer) => waiting.shift()?.(part.toString()));
    gunzip.on("end", () => waiting.shift()?.(null));
    const reader = given(stream).getReader();
    return {
      next: () =>
        new Promise((resolve) => {
          waiting.push(resolve);
          void reader.read().then(({ done, value }) => (done ? gunzip.end() : gunzip.write(value)));
        }),
    };
  }

  test("can be read after every chunk, to its last word", async () => {
    const { fixture, live, open } = dashboard();
    const answer = await open("/live/settings", { "accept-encoding": "gzip, br" });
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    const reader = unpacked(answer.body);
    expect(await reader.next()).toContain("#live-status");
    fixture.tick();
    await live.tickValues();
    expect(await reader.next()).toContain('["clock",');
    live.closeAll();
    expect(await reader.next()).toContain('"reason":"restart"');
    expect(await reader.next()).toBeNull();
  });
  test("a reader that goes away while bytes are made ready ends nothing else", async () => {
    const { fixture, live, open } = dashboard();
    const answers = await Promise.all(
      [1, 2].map(() => open("/live/settings", { "accept-encoding": "gzip" })),
    );
    const [gone, stays] = answers.map(({ body }) => given(body));
    const reader = given(stays).getReader();
    await reader.read();
    fixture.tick();
    await live.tickValues();
    await given(gone).cancel();
    expect(live.hub.size).toBe(1);
    expect((await reader.read()).done).toBe(false);
  });
});

describe("the last places", () => {
  test("are kept for those who can stop the trade", () => {
    const hub = new LiveHub({
      nowMs: () => 0,
      monotonicMs: () => 0,
      pause: () => Bun.sleep(0),
      render: () => "",
      onError: () => undefined,
    });
    const viewer = (name: string) => ({ ...connectionOf(name), isViewer: true });
    for (let index = 0; index < CLIENTS_OF_VIEWERS_MAX; index++) {
      expect(hub.connect(viewer(`v${index}`)).ok).toBe(true);
    }
    expect(hub.connect(viewer("late"))).toEqual(failure("kept for operators"));
    expect(hub.connect(connectionOf("operator")).ok).toBe(true);
    expect(hub.size).toBeLessThan(CLIENTS_MAX);
  });
  test("a refused page hears why", async () => {
    const { live, open } = dashboard();
    for (let index = 0; index < 100; index++) live.hub.connect(connectionOf(`t${index}`));
    const answer = await open("/live/settings");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("10");
    expect(await answer.text()).toContain('event: bye\ndata: {"reason":"full","why":"Every place');
  });
});

describe("a hidden tab", () => {
  test("asks in some 40 bytes, and does not keep its session alive", async () => {
    const { fixture, live, open } = dashboard();
    const answer = await open("/live/state");
    expect(await answer.json()).toEqual({ text: "−16.50 ● 12", tone: "good" });
    const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR, live });
    const headers = { cookie: fixture.cookieOf("viewer") };
    for (let minute = 0; minute < 31; minute++) {
      await app.request("/live/state", { headers });
      fixture.nowMs += 60_000;
    }
    expect((await app.request("/live/state", { headers })).status).toBe(401);
  });
  test("hears of a halt before anything else", async () => {
    const { fixture, open } = dashboard();
    fixture.view = { ...fixture.view, trading: { state: "halted", reason: "by admin" } };
    expect(await (await open("/live/state")).json()).toEqual({ text: "■ HALTED", tone: "bad" });
  });
});
