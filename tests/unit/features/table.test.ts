/** What every feature of the registry keeps: its warm-up, its column, its place in a vector. */
import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { FeatureTable } from "../../../src/features/feature-table.ts";
import { type FeatureSchema, schemaOf } from "../../../src/features/feature-vector.ts";
import { FEATURE_NAMES, type FeatureName } from "../../../src/features/registry.ts";
import { Ticker } from "../../../src/market/ticker.ts";
import { unsaidTicker } from "../../../src/venue/common/codec/unsaid-ticker.ts";
import { instrumentOf } from "../engine/tape.ts";
import { bookOf, ID } from "../strategy/support.ts";
import { tradesOf } from "./support.ts";

const START_MS = 1_700_000_000_000;

/** One of everything each second: after step n each kind of event was seen n + 1 times. */
function drive(table: FeatureTable, index: number): void {
  const atMs = START_MS + index * 1_000;
  const ticker = new Ticker();
  const said = { markPrice: 101, indexPrice: 100, fundingRate: 0.0001 };
  const nextFundingAtMs = START_MS + 3_600_000;
  const frame = { ...unsaidTicker(ID, true), ...said, nextFundingAtMs };
  ticker.apply(frame, instrumentOf(0), atMs);
  table.onTrades(ID, tradesOf(["buy", 3], ["sell", 1]), atMs);
  table.onBook(ID, bookOf([10_000 + (index % 3), 5], [10_003 + (index % 2), 7]), atMs);
  table.onTicker(ID, ticker, atMs);
  for (const span of ["1m", "5m"] as const) {
    table.onBar(ID, span, {
      startAtMs: 0,
      openTicks: 100,
      highTicks: 103,
      lowTicks: 99,
      closeTicks: 101,
      volumeSteps: 5,
      turnover: 505,
      isComplete: true,
    });
  }
}

test.each(FEATURE_NAMES)("%s is warm after its warm-up and not before", (name) => {
  const table = new FeatureTable([name]);
  table.load([instrumentOf(0)]);
  const { warmUp } = table.column(name);
  for (let index = 0; index < 70; index++) {
    drive(table, index);
    // The first frame only starts a second.
    const ends = warmUp.of === "sample" || warmUp.of === "second";
    const seen = ends ? index : index + 1;
    expect([index, table.isWarm([name], ID)]).toEqual([index, seen >= warmUp.count]);
  }
});

test("alone or together a feature is the same", () => {
  const all = new FeatureTable(FEATURE_NAMES);
  const alone = FEATURE_NAMES.map((name) => [name, new FeatureTable([name])] as const);
  for (const table of [all, ...alone.map(([, table]) => table)]) {
    table.load([instrumentOf(0)]);
    for (let index = 0; index < 65; index++) drive(table, index);
  }
  for (const [name, table] of alone) expect(table.at(name, ID)).toBe(all.at(name, ID));
});

describe("a vector", () => {
  const names: FeatureName[] = ["imbalance", "midTicks", "returnBps60s", "spreadBps"];
  const table = new FeatureTable(FEATURE_NAMES);
  table.load([instrumentOf(0), instrumentOf(1)]);
  const vector = table.vector(names);

  test("has the columns' numbers in the order asked for, and says whether all are warm", () => {
    drive(table, 0);
    const into = new Float64Array(6).fill(-1);
    expect(vector.fill(ID, into)).toBe(false);
    expect([...into]).toEqual([...names.map((name) => table.at(name, ID)), -1, -1]);
    for (let index = 1; index < 65; index++) drive(table, index);
    expect(vector.fill(ID, into)).toBe(true);
    expect([...into.subarray(0, 4)]).toEqual(names.map((name) => table.at(name, ID)));
    expect(vector.fill(1 as SymbolId, into)).toBe(false);
  });

  test("goes on reading the columns after instruments were added", () => {
    table.load([instrumentOf(40)]);
    drive(table, 65);
    const into = new Float64Array(4);
    vector.fill(ID, into);
    expect([...into]).toEqual(names.map((name) => table.at(name, ID)));
  });

  test("takes each feature once, and no array too short", () => {
    expect(() => table.vector(["midTicks", "midTicks"])).toThrow("once");
    expect(() => vector.fill(ID, new Float64Array(3))).toThrow("room");
  });
});

describe("a schema", () => {
  const terms = new FeatureTable(["spreadBps", "imbalance"]);
  const { schema } = terms.vector(["spreadBps", "imbalance"]);
  const changed = (edit: Partial<FeatureSchema["features"][number]>): string => {
    const [first, second] = schema.features;
    if (first === undefined || second === undefined) throw new Error("two features");
    return schemaOf([{ ...first, ...edit } as never, second as never]).hash;
  };

  test("is plain data with a hash of names, units, versions and order", () => {
    expect(schema).toEqual({
      features: [
        { name: "spreadBps", unit: "bps", version: 1 },
        { name: "imbalance", unit: "ratio", version: 1 },
      ],
      hash: "92a3d01028684b41",
    });
    expect(changed({})).toBe(schema.hash);
    expect(changed({ version: 2 })).not.toBe(schema.hash);
    expect(changed({ unit: "ticks" })).not.toBe(schema.hash);
    expect(changed({ name: "midTicks" })).not.toBe(schema.hash);
    expect(terms.vector(["imbalance", "spreadBps"]).schema.hash).not.toBe(schema.hash);
  });
});
