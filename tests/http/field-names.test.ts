/**
 * One field, one name, one type on every JSON route: times say their unit, and what is called the
 * same is the same kind of value. The venue's own tickers are left out: their words are its own.
 */
import { expect, test } from "bun:test";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { webFixture } from "../support/web-deps.ts";

const { deps } = webFixture({ symbols: 60 });
const app = monitorApp(deps);
const VENUES_OWN = ["/api/monitor/tickers"];
/** 2001 in milliseconds: a whole number above it is a time. */
const TIME_FROM = 1e12;

interface Field {
  readonly route: string;
  readonly name: string;
  readonly value: unknown;
}

const routes = [...new Set(app.routes.map(({ path }) => path))].filter(
  (path) => !path.includes("*") && !VENUES_OWN.includes(path),
);

async function fieldsOf(path: string): Promise<Field[]> {
  const route = path.replace(":symbol", "BTCUSDT").replace(":id", "page-4");
  const answer = await app.request(route);
  expect(answer.status, route).toBe(200);
  const fields: Field[] = [];
  collect(await answer.json(), (name, value) => fields.push({ route: path, name, value }));
  return fields;
}

function collect(value: unknown, found: (name: string, value: unknown) => void): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner !== "object" || inner === null) found(name, inner);
      collect(inner, found);
    }
  }
}

const fields = (await Promise.all(routes.map(fieldsOf))).flat();

test("there is something to look at", () => {
  expect(routes.length).toBeGreaterThan(10);
  expect(new Set(fields.map(({ name }) => name)).size).toBeGreaterThan(80);
});

test("a time in milliseconds is called …AtMs, and its text …At", () => {
  const isTime = (value: unknown) => typeof value === "number" && value > TIME_FROM;
  const isText = (value: unknown) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);
  const wrong = fields.filter(({ name, value }) => {
    if (isTime(value)) return !/(^at|At)Ms$/.test(name);
    if (isText(value)) return !/(^at|At)$/.test(name);
    return /At$/.test(name) && value !== null;
  });
  expect(wrong).toEqual([]);
});

test("one name has one type on every route", () => {
  const types = new Map<string, Map<string, string>>();
  for (const { route, name, value } of fields) {
    if (value === null) continue;
    const byType = types.get(name) ?? new Map();
    byType.set(typeof value, route);
    types.set(name, byType);
  }
  const torn = [...types].filter(([, byType]) => byType.size > 1);
  expect(torn.map(([name, byType]) => [name, Object.fromEntries(byType)])).toEqual([]);
});

test("one thing does not go by another name", () => {
  /** Names that stood on some route, and what the thing is called now. */
  const FORMER: Readonly<Record<string, string>> = {
    equityText: "equityUsdt",
    availableText: "availableUsdt",
    realisedText: "realisedUsdt",
    realisedPnl: "realisedUsdt",
    unrealisedText: "unrealisedUsdt",
    fee: "feeUsdt",
    feesText: "feeUsdt",
    feesUsdt: "feeUsdt",
    funding: "fundingUsdt",
    fundingText: "fundingUsdt",
    value: "notionalUsdt",
    minNotionalValue: "minNotionalUsdt",
    turnover24h: "turnover24hUsdt",
    priceText: "price",
    qtyText: "qty",
    filledText: "filledQty",
    entryPriceText: "entryPrice",
    markText: "markPrice",
    stopLossText: "stopLossPrice",
    venueOrderId: "orderId",
    time: "venueAt",
    timeMs: "venueAtMs",
    launchTime: "launchedAt",
  };
  const names = new Set(fields.map(({ name }) => name));
  expect(Object.keys(FORMER).filter((name) => names.has(name))).toEqual([]);
});
