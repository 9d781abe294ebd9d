/**
 * Every live region from literals: normal, empty, stale, quarantined, halted; and what it must not
 * say.
 */

import { describe, expect, test } from "bun:test";
import { denialText } from "../../../src/blotter/deny-text.ts";
import { fixedToNumber } from "../../../src/kernel/fixed.ts";
import { selectSymbols } from "../../../src/monitor/symbols-query.ts";
import type { MonitorView } from "../../../src/monitor/view.ts";
import { bridgeReport } from "../../../src/pnl/bridge-report.ts";
import { periodOf } from "../../../src/pnl/period.ts";
import type { LedgerFill } from "../../../src/portfolio/fill.ts";
import { LogLines, logParts } from "../../../views/fragments/log-lines.tsx";
import { Storage } from "../../../views/fragments/storage.tsx";
import { pageWithin, symbolsPath } from "../../../views/fragments/symbols.tsx";
import { render, SymbolLink } from "../../../views/html.tsx";
import type { Model } from "../../../views/page-model.ts";
import { REGIONS } from "../../../views/pages/list.ts";
import { partial, type Query } from "../../../views/region.tsx";
import { GALLERY } from "../../support/gallery.ts";
import { given } from "../../support/given.ts";
import { webFixture } from "../../support/web-deps.ts";

const fixture = webFixture({ symbols: 60 });

function modelWith(change: Partial<MonitorView> = {}, extra: Partial<Model> = {}): Model {
  const { deps } = fixture;
  return {
    run: deps.run,
    view: { ...deps.view(), ...change },
    health: deps.health(),
    nowMs: deps.nowMs(),
    stamp: deps.commands.stamp(),
    ...extra,
  };
}

function renderRegion(name: string, model: Model, query: Query = {}): string {
  const region = REGIONS.get(name);
  if (region === undefined) throw new Error(`there is no region ${name}`);
  return unmarked(region.contentOf({ sources: fixture.deps, model }, query));
}

/** What a person sees: without the marks by which the stream finds values that live. */
function unmarked(html: string): string {
  return html
    .replace(/<span data-v="[^"]*" class="num">([^<]*)<\/span>/g, "$1")
    .replace(/ data-v="[^"]*"( data-va="[^"]*")?/g, "");
}

/** A process that has just started. */
const EMPTY: Partial<MonitorView> = {
  seq: 0,
  atMs: 0,
  trading: { state: "starting", reason: "waiting for instruments" },
  instruments: new Map(),
  symbols: new Map(),
  positions: new Map(),
  openOrders: new Map(),
  recentOrders: [],
  recentFills: [],
  recentDenials: [],
  profiles: new Map(),
  feeds: {},
  account: {
    accountKey: "sim:1",
    equityText: "",
    availableText: "",
    realisedText: "",
    feesText: "",
    fundingText: "",
    unrealisedText: "",
    exposureUsdt: 0,
    fillCount: 0,
    dayLossUsdt: 0,
    todayText: "0",
    limits: null,
  },
};

describe("every region", () => {
  for (const [name, region] of REGIONS) {
    for (const state of [...GALLERY, started()]) {
      test(`${name}, ${state.name}, says nothing broken`, () => {
        const html = region.contentOf(state, state.query);
        expect(html).not.toMatch(/undefined|NaN|Infinity|\[object|null|style=|on[a-z]+="|1970/);
        expect(html).not.toContain("<b onclick");
      });
    }
  }
});

/** The engine runs, and has told nothing but that. */
function started() {
  const query = { symbol: "BTCUSDT" };
  return { name: "just started", sources: fixture.deps, model: modelWith(EMPTY), query };
}

describe("what the operator must see", () => {
  test("trading state and mode", () => {
    const status = (view: Partial<MonitorView>) => renderRegion("status", modelWith(view));
    expect(status({})).toContain('data-state="on"');
    expect(status({ trading: { state: "halted", reason: "anna" } })).toContain("HALTED");
    expect(status(EMPTY)).toContain("STARTING");
    for (const mode of ["SIM", "PAPER", "DEMO", "TESTNET", "LIVE"] as const) {
      const run = { ...fixture.deps.run, mode };
      const shown = renderRegion("status", modelWith({}, { run }));
      expect(shown).toContain(`>${mode}<`);
      // Paper's account does not survive a restart, and says so.
      expect(shown.includes("starts anew")).toBe(mode === "PAPER");
    }
  });
  test("banners only when something is wrong", () => {
    expect(renderRegion("banner", modelWith())).toBe("");
    expect(renderRegion("banner", modelWith(EMPTY))).toContain("has not reported yet");
    const nowMs = fixture.deps.nowMs();
    expect(renderRegion("banner", modelWith({ atMs: nowMs - 5_000 }))).toBe("");
    expect(renderRegion("banner", modelWith({ atMs: nowMs - 5_001 }))).toContain("silent for 5 s");
    const health = fixture.deps.health();
    const services = health.services.map((service) =>
      service.name === "rest"
        ? { ...service, status: "down" as const, detail: "10006 too many visits" }
        : service,
    );
    const down = modelWith({}, { health: { ...health, status: "down", services } });
    expect(renderRegion("banner", down)).toContain("Down: rest (10006 too many visits)");
  });
  test("a position without a stop", () => {
    const html = renderRegion("positions", modelWith());
    expect(html).toContain("no stop");
    expect(html.match(/<tr id="position-/g)).toHaveLength(3);
  });
  test("an order of unknown outcome comes first", () => {
    const html = renderRegion("orders", modelWith());
    expect(html.indexOf("unknown")).toBeLessThan(html.indexOf("submitting"));
  });
  test("a quarantined book, with the fault", () => {
    const html = renderRegion("symbol-now", modelWith(), { symbol: "DOGEUSDT" });
    expect(html).toContain("quarantined (update 812 followed 809)");
    expect(html).toContain("differed");
  });
  test("an old price", () => {
    const html = renderRegion("symbol-now", modelWith(), { symbol: "LTCUSDT" });
    expect(html).toContain("old: 9 s");
  });
  test("who halted and why, in full", () => {
    const reason = `halted by anna: ${"the spread of everything looks wrong. ".repeat(5).trim()}`;
    const halted = modelWith({ trading: { state: "halted", reason } });
    expect(renderRegion("banner", halted)).toContain(
      `Trading is halted:</strong> ${reason} (exits`,
    );
  });
  test("what entries wait for while trading is on", () => {
    const reason = "entries paused: address banned until 18:32:10 UTC";
    const paused = modelWith({ trading: { state: "on", reason } });
    expect(renderRegion("banner", paused)).toContain(`Trading is on, but:</strong> ${reason}`);
    const well = modelWith({ trading: { state: "on", reason: "" } });
    expect(renderRegion("banner", well)).not.toContain("but:");
  });
  test("the day against the loss limit, and exposure against its own", () => {
    const html = renderRegion("kpis", modelWith());
    expect(html).toContain("−16.50");
    expect(html).toContain("33 % of the loss limit 50");
    expect(html).toContain("980<small> of 2,000</small>");
    expect(html).toContain("Net realised since this start");
    const { account } = fixture.view;
    const at = (dayLossUsdt: number) =>
      renderRegion("kpis", modelWith({ account: { ...account, dayLossUsdt } }));
    expect(at(29.9)).toContain("today 60 % of");
    expect(at(30)).toContain('class="num warn">60 % of');
    expect(at(39.9)).toContain('class="num warn">80 % of');
    expect(at(40)).toContain('class="num bad">80 % of');
    expect(at(51)).toContain('class="num bad">102 % of');
    expect(at(-12)).toContain("+12.00");
    expect(at(-12)).toContain("today 0 % of the loss limit 50");
  });
  test("the limits themselves", () => {
    const html = renderRegion("limits", modelWith());
    expect(html).toContain("16.50 of 50 · 33 %");
    expect(html).toContain("980 of 2,000 · 49 %");
    expect(html).toContain("at most 500");
    expect(html).toContain("at most 250");
    expect(renderRegion("limits", modelWith(EMPTY))).toContain("has not reported its limits");
  });
  test("the market's age as the engine measured it, whatever the age of the page", () => {
    const nowMs = fixture.deps.nowMs() + 3_000;
    expect(renderRegion("status", modelWith({}, { nowMs }))).toContain("feed 38 ms<");
  });
  test("on a phone too: entry and mark, an order's quantity, an execution's price", () => {
    expect(renderRegion("positions", modelWith())).toMatch(
      /<tr class="second" id="more-position-BTCUSDT"><td colspan="8">entry [\d,.]+ · mark [\d,.]+/,
    );
    expect(renderRegion("orders", modelWith())).toContain("filled 0.004 of 0.012 · entry");
    expect(renderRegion("fills", modelWith())).toMatch(/0\.012 at [\d,.]+ · fee 0\.2314 · maker/);
  });
  test("a long name breaks where a reader would, and loses nothing", () => {
    const link = (symbol: string) => render(SymbolLink({ symbol }));
    expect(link("1000000BABYDOGEUSDT")).toContain(">1000000<wbr/>BABYDOGE<wbr/>USDT<");
    for (const symbol of ["BTCUSDT", "USDT", "10USDT", "ETHPERP", "BTC-26DEC25", "1000X"]) {
      expect(link(symbol).replaceAll(/<[^>]*>/g, "")).toBe(symbol);
    }
  });
  test("money rounded, exact in the title", () => {
    const html = renderRegion("kpis", modelWith());
    expect(html).toContain(">10,042.72<");
    expect(html).toContain('title="10,042.718344125 USDT"');
    // 61.482210004 - 24.9917731 - (-1.203311)
    expect(html).toContain("+37.69");
  });
  test("a chart once there are two points", () => {
    const equity = [
      {
        atMs: 1_700_000_000_000,
        equityText: "100",
        unrealisedText: "0",
        feesText: "0",
        exposureUsdt: 0,
      },
      {
        atMs: 1_700_000_010_000,
        equityText: "90",
        unrealisedText: "0",
        feesText: "0",
        exposureUsdt: 0,
      },
    ];
    expect(renderRegion("kpis", modelWith())).toContain("history builds up here");
    expect(renderRegion("kpis", modelWith({ equity }))).toContain('class="spark down"');
  });
  test("the parts of the day, which add up to what was booked and is open", () => {
    const { money } = fixture.deps;
    const model = modelWith();
    const period = periodOf("today", model.nowMs, money.day);
    const { todayText } = model.view.account;
    const report = bridgeReport(money, period, { nowMs: model.nowMs, todayText });
    const html = renderRegion("kpis", model);
    const part = String.raw`([+−\d.,]+)`;
    const line = new RegExp(`gross ${part} · fees ${part} · funding ${part} · open ${part}`);
    const sum = (line.exec(html) ?? [])
      .slice(1)
      .map((text) => Number(text.replace("−", "-").replaceAll(",", "")))
      .reduce((all, amount) => all + amount, 0);
    expect(Math.abs(sum - fixedToNumber(report.net))).toBeLessThan(0.025);
    expect(html).toMatch(line);
  });
  test("the last hour, as its round trips were closed", () => {
    const net = -36n * 10n ** 17n;
    const summary = { trips: 528, won: 269, net, wholeNet: -1n, wholeValue: 25_000n };
    const money = { ...fixture.deps.money, closedSince: () => summary };
    const sources = { ...fixture.deps, money };
    const html = REGIONS.get("kpis")?.contentOf({ sources, model: modelWith() }, {}) ?? "";
    expect(html).toContain("−3.60</span><small> USDT/h");
    expect(html).toContain("528 round trips · win 51 % · net −0.4 bps");
  });
  test("what every stop would cost, and that one is missing", () => {
    const html = renderRegion("kpis", modelWith());
    expect(html).toContain('class="num bad">2 of 3 stops held');
    const held = [...fixture.view.positions].map(
      ([symbol, row]) =>
        [symbol, { ...row, markText: "100", stopLossText: "99", qtyText: "2" }] as const,
    );
    const covered = renderRegion("kpis", modelWith({ positions: new Map(held) }));
    // Two longs lose 2 each; the short's stop locks 2 in.
    expect(covered).toContain(">−2.00<");
    expect(covered).toContain(" · 3 of 3 stops held");
  });
  test("what it does, by reason", () => {
    const html = renderRegion("kpis", modelWith());
    expect(html).toContain("Quoting 2, holding 3, waiting 6");
    expect(html).toContain("waiting: 2 too volatile");
    expect(html).toContain("last refusal 1 s ago: PEPEUSDT book stale");
  });
  test("how old the tiles are when the engine is silent", () => {
    const nowMs = fixture.deps.nowMs() + 180_000;
    expect(renderRegion("kpis", modelWith({}, { nowMs }))).toContain("Today net · 3 min old");
    expect(renderRegion("kpis", modelWith())).not.toContain("old<");
  });
});

describe("what an execution did to the account", () => {
  const UNIT = 10n ** 18n;
  const netOf = (fill: Partial<LedgerFill>): string => {
    const [row] = fixture.view.recentFills;
    const made = { ...row, side: "buy", fee: 0n, funding: 0n, realisedPnl: 0n, ...fill };
    const html = renderRegion("fills", modelWith({ recentFills: [made as LedgerFill] }));
    return /([+−]?\d\.\d{4})<\/span><\/td><td class="wide">/.exec(html)?.[1] ?? html;
  };
  for (const [what, fill, shown] of [
    ["an opening costs its fee", { fee: UNIT / 100n }, "−0.0100"],
    ["an opening with a rebate", { fee: -UNIT / 100n }, "+0.0100"],
    ["a close at its price without a fee", {}, "0.0000"],
    [
      "a close with a profit below its fee",
      { realisedPnl: UNIT / 100n, fee: UNIT / 50n },
      "−0.0100",
    ],
    ["a close with a loss", { realisedPnl: -UNIT / 2n, fee: UNIT / 10n }, "−0.6000"],
    ["funding that was paid", { execKind: "funding", funding: UNIT / 4n }, "−0.2500"],
  ] as const) {
    test(`${what}: ${shown}`, () => {
      expect(netOf(fill)).toBe(shown);
    });
  }
  test("with its parts in the title", () => {
    const [row] = fixture.view.recentFills;
    const made = { ...row, realisedPnl: 3n * UNIT, fee: UNIT, funding: 0n } as LedgerFill;
    const html = renderRegion("fills", modelWith({ recentFills: [made] }));
    expect(html).toContain("2 = realised 3 − fee 1 − funding 0 USDT");
  });
});

describe("strategies side by side", () => {
  const [order] = [...fixture.view.openOrders.values()];
  const line = { openPositions: 1, fundingText: "0", unrealisedText: "0.25", symbols: ["BTCUSDT"] };
  const shown = modelWith({
    strategies: [
      {
        ...line,
        name: "maker",
        title: "Maker",
        fillCount: 2,
        realisedText: "0.3",
        feesText: "0.25",
      },
      { ...line, name: "taker", title: "Taker", fillCount: 1, realisedText: "3", feesText: "1" },
      { ...line, name: "", title: "Not ours", fillCount: 9, realisedText: "-1", feesText: "0" },
    ],
    openOrders: new Map([
      [given(order).clientId, { ...given(order), strategy: "taker", state: "unknown" }],
    ]),
    recentOrders: [
      { ...given(order), strategy: "taker", reason: "imbalance 0.71", createdAtMs: 9e14 },
    ],
    recentDenials: [
      {
        atMs: 1,
        symbol: "ETHUSDT",
        side: "buy",
        purpose: "entry",
        strategy: "maker",
        reason: { code: "BOOK_MISSING" },
      },
    ],
  });
  const row = (name: string): string => {
    const rows = renderRegion("strategies", shown).split('<tr id="strategy-').slice(1);
    return rows.find((html) => html.startsWith(`${name}"`)) ?? "";
  };
  test("each with its own money, the net exact", () => {
    expect(row("maker")).toContain('title="0.05 USDT"');
    expect(row("taker")).toContain("+2.00");
    expect(row("")).toContain("Not ours");
    expect(row("")).toContain("−1.00");
  });
  test("each with its own orders, an unknown outcome said", () => {
    expect(row("taker")).toContain("1 unknown");
    expect(row("maker")).not.toContain("unknown");
  });
  test("each with what it wanted last, and what it was refused", () => {
    const html = renderRegion("strategy-reasons", shown);
    expect(html).toContain("imbalance 0.71");
    expect(html).toContain("last refused: ETHUSDT book missing");
    expect(html).not.toContain("Not ours");
  });
  test("before the first report nothing is said of anybody", () => {
    const html = renderRegion("strategies", modelWith({ ...EMPTY, strategies: [] }));
    expect(html).toContain("The engine has not reported yet.");
  });
});

describe("choosing symbols", () => {
  const rows = [...fixture.deps.view().symbols.values()];
  test("all of them, best score first", () => {
    const chosen = selectSymbols(rows, {});
    expect(chosen).toHaveLength(60);
    const scores = chosen.map((row) => row.score);
    expect(scores).toEqual([...scores].sort((left, right) => right - left));
  });
  test("by text in any case and by category", () => {
    expect(selectSymbols(rows, { q: " doge " })).toHaveLength(1);
    const majors = selectSymbols(rows, { category: "major" });
    expect(majors).toHaveLength(6);
  });
  test("what is not known sorts last, ties by name", () => {
    const [first, second, third] = rows;
    const odd = [
      { ...given(first), symbol: "B", spreadBps: Number.NaN },
      { ...given(second), symbol: "C", spreadBps: 1 },
      { ...given(third), symbol: "A", spreadBps: 1 },
    ];
    const names = (order: "asc" | "desc") =>
      selectSymbols(odd, { sort: "spread", order }).map((row) => row.symbol);
    expect(names("desc")).toEqual(["A", "C", "B"]);
  });
  test("a page beyond the last is the last", () => {
    expect([pageWithin(1, 0), pageWithin(99, 0)]).toEqual([1, 1]);
    expect([pageWithin(2, 50), pageWithin(2, 51), pageWithin(99, 611)]).toEqual([1, 2, 13]);
    const beyond = renderRegion("symbol-rows", modelWith(), { page: "9" });
    expect(beyond.match(/<tr id="symbol-/g)).toHaveLength(10);
  });
  test("an address says only what differs", () => {
    expect(symbolsPath({})).toBe("/symbols");
    expect(symbolsPath({ sort: "score", order: "desc", page: 1 })).toBe(
      "/symbols?sort=score&order=desc",
    );
    expect(symbolsPath({ q: "a&b", sort: "score", order: "desc", page: 3 })).toBe(
      "/symbols?q=a%26b&sort=score&order=desc&page=3",
    );
  });
});

describe("log lines", () => {
  test("NDJSON in pino's and in our own words", () => {
    expect(logParts('{"level":40,"time":1763703600123,"msg":"late","ageMs":12}')).toEqual({
      time: "05:40:00.123",
      level: "warn",
      symbol: "",
      text: "late",
      order: "",
      state: "",
      rest: "ageMs=12",
    });
    const own = logParts(
      '{"level":"info","time":"2026-11-21T05:39:57.000Z","msg":"x","o":{"a":1}}',
    );
    expect(own).toMatchObject({
      time: "05:39:57.000",
      level: "info",
      text: "x",
      rest: 'o={"a":1}',
    });
  });
  test("the symbol, the order and its state stand by themselves", () => {
    const line = '{"msg":"filled","symbol":"BTCUSDT","clientId":"m-1","state":"open","n":1}';
    expect(logParts(line)).toMatchObject({
      text: "filled",
      symbol: "BTCUSDT",
      order: "m-1",
      state: "open",
      rest: "n=1",
    });
  });
  test("anything else as it is", () => {
    for (const line of ["plain text", '{"broken', "[1,2]", "", "\u0000"]) {
      expect(logParts(line).text).toBe(line);
    }
  });
  test("a level that nobody planned cannot leave its attribute", () => {
    const text = '{"level":"x\\" onload=\\"y","msg":"<b>"}';
    const html = render(LogLines({ file: "engine.log", lines: [{ offset: 0, text }] }));
    expect(html).not.toContain('onload="y"');
    expect(html).toContain("&lt;b&gt;");
  });
  test("a line of a megabyte is cut", () => {
    expect(logParts("x".repeat(1_000_000)).text).toHaveLength(2_000);
  });
});

test("logs over their limit are told with the largest file", async () => {
  const storage = await fixture.deps.storage();
  const { logs } = storage;
  const shown = (bytes: number) =>
    render(Storage({ storage: { ...storage, logs: { ...logs, bytes } } }));
  expect(shown(logs.capBytes)).not.toContain("over the limit");
  const html = shown(logs.capBytes + 2_000_000);
  expect(html).toContain("2.0 MB over the limit; the largest is engine.log.");
  expect(html).toContain("banner warn");
});

test("a refusal says its numbers with their units", () => {
  expect(denialText({ code: "BOOK_STALE", ageMs: 3_412, ageMsMax: 3_000 })).toBe(
    "book stale · age 3,412 ms · age max 3,000 ms",
  );
  expect(
    denialText({ code: "ORDER_NOTIONAL_ABOVE_MAX", notionalUsdt: 1_542.60001, maxUsdt: 1_000 }),
  ).toBe("order notional above max · notional 1,542.6 USDT · max 1,000 USDT");
  expect(denialText({ code: "BOOK_MISSING" })).toBe("book missing");
});

test("a live message names its element and morphs it", () => {
  expect(partial("live-kpis", "<p>1</p>")).toBe(
    '<hx-partial hx-target="#live-kpis" hx-swap="innerMorph"><p>1</p></hx-partial>',
  );
});
