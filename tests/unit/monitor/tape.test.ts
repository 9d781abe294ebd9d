/** The tape of decisions: every kind in one order, in words, each with its reason, and bounded. */
import { describe, expect, test } from "bun:test";
import { asClientOrderId, asExecId } from "../../../src/domain/units.ts";
import { tapeOf } from "../../../src/monitor/tape.ts";
import type { MonitorView } from "../../../src/monitor/view.ts";
import { GALLERY } from "../../support/gallery.ts";
import { given } from "../../support/given.ts";
import { webFixture } from "../../support/web-deps.ts";

const { view } = webFixture({ symbols: 12 });
const [anyFill] = view.recentFills;
const [anyOrder] = view.openOrders.values();

const UNIT = 10n ** 18n;
const NONE: Partial<MonitorView> = {
  recentFills: [],
  openOrders: new Map(),
  recentOrders: [],
  recentDenials: [],
  universeChanges: [],
  interventions: [],
  incidents: [],
};
const linesOf = (change: Partial<MonitorView>): string[] =>
  tapeOf({ ...view, ...NONE, ...change }).map(
    ({ kind, symbol, words, netUsdt, reason }) =>
      `${kind}: ${symbol} ${words}${netUsdt === null ? "" : ` ${netUsdt}`} [${reason}]`,
  );

const fill = (change: object) => ({
  ...given(anyFill),
  symbol: "ENAUSDT",
  side: "buy" as const,
  qtyText: "475",
  priceText: "0.1172",
  isMaker: true,
  execKind: "trade" as const,
  fee: UNIT / 100n,
  funding: 0n,
  realisedPnl: UNIT / 20n,
  clientId: asClientOrderId("mine"),
  ...change,
});
const order = (change: object) => ({
  ...given(anyOrder),
  clientId: asClientOrderId("mine"),
  symbol: "ENAUSDT",
  side: "sell" as const,
  qtyText: "475",
  priceText: "0.1173",
  detail: "",
  reason: "aged 12 s",
  ...change,
});

describe("the tape", () => {
  test("an execution, with its net and the reason of its order", () => {
    const recentOrders = [order({ state: "filled", reason: "edge 4.5 bps" })];
    expect(linesOf({ recentFills: [fill({})], recentOrders })).toEqual([
      "fills: ENAUSDT bought 475 @ 0.1172 maker 0.04 [edge 4.5 bps]",
    ]);
    expect(linesOf({ recentFills: [fill({ isMaker: false, clientId: "" })] })[0]).toBe(
      "fills: ENAUSDT bought 475 @ 0.1172 taker 0.04 []",
    );
  });
  test("exits, and entries only when something is wrong with them", () => {
    const orders = [
      order({ clientId: "a", purpose: "exit", state: "open", updatedAtMs: 3 }),
      order({ clientId: "b", purpose: "entry", state: "open", updatedAtMs: 2 }),
      order({ clientId: "c", purpose: "entry", state: "unknown", updatedAtMs: 1 }),
    ];
    const openOrders = new Map(orders.map((row) => [row.clientId, row]));
    expect(linesOf({ openOrders })).toEqual([
      "orders: ENAUSDT exit sell 475 @ 0.1173 open [aged 12 s]",
      "orders: ENAUSDT entry sell 475 @ 0.1173 unknown [aged 12 s]",
    ]);
    const rejected = order({ purpose: "entry", state: "rejected", detail: "110007 no margin" });
    expect(linesOf({ recentOrders: [rejected] })).toEqual([
      "orders: ENAUSDT entry sell 475 @ 0.1173 rejected [110007 no margin · aged 12 s]",
    ]);
  });
  test("refusals, the operator and health in their own words", () => {
    expect(linesOf({ recentDenials: view.recentDenials.slice(0, 1) })[0]).toBe(
      "refusals: PEPEUSDT entry buy refused [book stale · age 3,412 ms · age max 3,000 ms]",
    );
    const incidents = [
      {
        id: "1",
        service: "storage" as const,
        severity: "down" as const,
        cause: "disk full",
        fromMs: 1,
        untilMs: 2,
      },
    ];
    expect(linesOf({ incidents })).toEqual(["health:  storage down, well again [disk full]"]);
  });
  test("newest first, a few of each kind, however many there are", () => {
    const busy = {
      recentFills: Array.from({ length: 200 }, (_, at) =>
        fill({ execId: asExecId(`e${at}`), atMs: 1_000 - at }),
      ),
      recentDenials: given(view.recentDenials[0]) && [{ ...given(view.recentDenials[0]), atMs: 5 }],
    };
    const entries = tapeOf({ ...view, ...NONE, ...busy });
    expect(entries).toHaveLength(13);
    expect(entries.at(-1)?.kind).toBe("refusals");
    const times = entries.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
  });
  test("an entry has one name, in every state of the world", () => {
    for (const { model } of GALLERY) {
      const ids = tapeOf(model.view).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
