/** The values lane: what it sends of a region whose numbers changed, and what it does not. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Live } from "../../src/web/live.ts";
import { LiveHub } from "../../src/web/live-hub.ts";
import { Meter, render } from "../../views/html.tsx";
import { V } from "../../views/value.tsx";
import { CONTRACT_MS_MAX } from "../support/patience.ts";
import { connectionOf, dashboard, type Reader, readerOf } from "./live-support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

describe("the values lane", () => {
  const cellsOf = (text: string): readonly (readonly string[])[] =>
    JSON.parse(/^event: values\ndata: (.*)$/m.exec(text)?.[1] ?? "[]");

  function board(): { live: Live; shown: { html: string }; reader: () => Reader } {
    const { fixture, live } = dashboard();
    const shown = { html: "" };
    const hub = new LiveHub({
      nowMs: fixture.deps.nowMs,
      monotonicMs: () => 0,
      pause: () => Bun.sleep(0),
      render: () => shown.html,
      onError: (error) => {
        throw error;
      },
    });
    const reader = (): Reader => {
      const keys = ["rows"];
      const connected = hub.connect(connectionOf("t", ...keys));
      if (!connected.ok) throw new Error(connected.problem);
      return readerOf(connected.value.stream);
    };
    return { live: { ...live, hub }, shown, reader };
  }
  const cell = (id: string, text: string, tone = ""): string =>
    render(V({ id, tone: tone === "" ? undefined : "up", children: text }));

  test("sends changed cells only, unescaped, with their tone", async () => {
    const { live, shown, reader } = board();
    shown.html = cell("a", "1") + cell("b", "2");
    const mine = reader();
    expect(await mine.next()).toContain("data-v=");
    shown.html = cell("a", "<3 & 'x'", "up") + cell("b", "2");
    await live.hub.tickValues();
    expect(cellsOf((await mine.next()) ?? "")).toEqual([["a", "<3 & 'x'", "up"]]);
  });
  test("a region goes whole only when its structure changed, and then with the tick", async () => {
    const { live, shown, reader } = board();
    shown.html = `<i>${cell("a", "1")}</i>`;
    const mine = reader();
    await mine.next();
    shown.html = `<b>${cell("a", "2")}</b>`;
    await live.hub.tickValues();
    const between = (await mine.next()) ?? "";
    expect(between).not.toContain("<b>");
    expect(cellsOf(between)).toEqual([["a", "2", ""]]);
    await live.hub.tick();
    expect(await mine.next()).toContain("<b>");
  });
  test("who comes between two ticks has the newest values too", async () => {
    const { live, shown, reader } = board();
    shown.html = `<i>${cell("a", "1")}</i>`;
    await reader().next();
    shown.html = `<b>${cell("a", "2")}</b>`;
    await live.hub.tickValues();
    shown.html = `<i>${cell("a", "2")}</i>`;
    expect(cellsOf((await reader().next()) ?? "")).toEqual([["a", "2", ""]]);
  });
  test("a reader that was away gets all values of the key once, the newest", async () => {
    const { live, shown, reader } = board();
    shown.html = cell("a", "0") + cell("b", "0") + cell("c", "0");
    const mine = reader();
    await mine.next();
    for (let round = 1; round <= 500; round++) {
      shown.html = cell("a", `${round}`) + cell("b", `${round % 2}`) + cell("c", "0");
      await live.hub.tickValues();
    }
    const text = (await mine.next()) ?? "";
    expect(cellsOf(text)).toEqual([
      ["a", "500", ""],
      ["b", "0", ""],
      ["c", "0", ""],
    ]);
    expect(text.match(/event: values/g)).toHaveLength(1);
  });
  test("values in attributes are found as well", async () => {
    const { live, shown, reader } = board();
    const meter = (value: number) => render(Meter({ label: "loss", max: 9, value, v: "m" }));
    shown.html = meter(1);
    const mine = reader();
    await mine.next();
    shown.html = meter(2.5);
    await live.hub.tickValues();
    expect(cellsOf((await mine.next()) ?? "")).toEqual([["m", "2.5", ""]]);
  });
  test("regions without values are not looked at between two ticks", async () => {
    const { live, shown, reader } = board();
    shown.html = "<p>1</p>";
    const mine = reader();
    await mine.next();
    shown.html = "<p>2</p>";
    await live.hub.tickValues();
    await live.hub.tick();
    expect(await mine.next()).toBe("data: <p>2</p>\n\n");
  });
});
