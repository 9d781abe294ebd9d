/**
 * The same events twice give the same effects; and whatever the venue says in whatever order, the
 * engine keeps its own rules. The scripts are drawn from a seed that the failure names.
 */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { isLive } from "../../../src/domain/order.ts";
import { asClientOrderId, asVenueOrderId } from "../../../src/domain/units.ts";
import { type Prng, prngOf } from "../../../src/kernel/prng.ts";
import { EXIT_SILENCE_MS, FLATTEN_SILENCE_MS } from "../../../src/orders/exit-doubt.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { PROPERTY_MS_MAX } from "../../support/patience.ts";
import { Tape } from "./tape.ts";

setDefaultTimeout(PROPERTY_MS_MAX);

const SEEDS = Array.from({ length: 12 }, (_, index) => `engine-${index}`);
const LINES = 1_500;

/** A line that some venue, operator or clock could produce next; many make no sense on purpose. */
function lineOf(prng: Prng, tape: Tape): string {
  const symbol = "AB"[prng.int(2)] ?? "A";
  const ids = [...tape.state.orders.all()].slice(-8).map((row) => row.clientId);
  const clientId = ids[prng.int(Math.max(1, ids.length))] ?? "t-maker-1";
  const id = clientId.replace("t-maker-", "#").replace("t-operator-", "o#");
  const row = tape.state.orders.find(asClientOrderId(clientId), asVenueOrderId(""));
  const left = row === undefined ? 10 : Math.max(1, row.intent.qtySteps - row.executedSteps);
  const bid = 990 + prng.int(20);
  const price = row?.intent.priceTicks ?? bid;
  const held = tape.state.ledger.stepsOf((symbol.charCodeAt(0) - 65) as never);
  const lines = [
    `book ${symbol} ${bid}x${1 + prng.int(9_000)} ${bid + 1 + prng.int(4)}x${1 + prng.int(9_000)}`,
    `book ${symbol} 1000x9000 1001x9000`,
    `wait ${prng.int(1_200)}`,
    `ticker ${symbol} ${(bid / 10).toFixed(1)}`,
    `accepted ${id}`,
    `report ${id} new`,
    `report ${id} new`,
    `exec ${id} ${1 + prng.int(left)} ${price}`,
    `exec ${id} ${left} ${price}`,
    `report ${id} filled ${row?.intent.qtySteps ?? 0}`,
    `report ${id} cancelled ${row?.executedSteps ?? 0}`,
    `position ${symbol} ${held} 950`,
    `${["unknown", "rejected", "failed", "gone", "cancel_failed"][prng.int(5)]} ${id}`,
    `answer ${id} ${["new", "none", "cancelled"][prng.int(3)]}`,
  ];
  const rare = [
    `fault ${symbol}`,
    `feed market ${prng.int(2) === 0 ? "up" : "down"}`,
    `feed private ${prng.int(3) === 0 ? "down" : "up"}`,
    `operator ${["halt", "resume", "resume", "cancel_all", "flatten"][prng.int(5)]}`,
    held === 0 ? "snapshot" : `snapshot position:${symbol}:${held}:950`,
    `snapshot position:${symbol}:${prng.int(200) - 100}:950`,
    `exec - ${1 + prng.int(50)} 1000 ${prng.int(2) === 0 ? "buy" : "sell"} ${symbol}`,
    `position ${symbol} ${prng.int(100) - 50}`,
  ];
  return prng.int(12) === 0
    ? (rare[prng.int(rare.length)] ?? "")
    : (lines[prng.int(lines.length)] ?? "");
}

function run(seed: string): { tape: Tape; script: string[] } {
  const prng = prngOf(seed);
  const tape = new Tape({}, 2).ready();
  const script: string[] = [];
  const ended = new Set<string>();
  for (let index = 0; index < LINES; index++) {
    const line = lineOf(prng, tape);
    script.push(line);
    tape.play(line);
    checkRules(tape, ended, `seed ${seed}, line ${index}: ${line}`);
  }
  return { tape, script };
}

/** What must hold after every event. `ended` gathers orders that were over at some time. */
function checkRules(tape: Tape, ended: Set<string>, where: string): void {
  const { orders, options } = tape.state;
  let live = 0;
  const entries = new Set<string>();
  const exitsAtMs = new Map<string, number>();
  for (const row of orders.all()) {
    if (!isLive(row.state)) ended.add(row.clientId);
    if (!isLive(row.state)) continue;
    live++;
    const { intent } = row;
    const isEntry = intent.purpose === "entry";
    if (isEntry && intent.stopLossTicks === null) throw new Error(`entry without a stop, ${where}`);
    if (isEntry === intent.reduceOnly) throw new Error(`an exit may add, ${where}`);
    const place = `${intent.symbolId} ${intent.side}`;
    // An order given up as lost and heard of again may double a place; only such a one may.
    if (ended.has(row.clientId)) continue;
    if (isEntry && entries.has(place)) throw new Error(`two orders stand in one place, ${where}`);
    if (isEntry) entries.add(place);
    if (isEntry) continue;
    // Save an exit that goes in the place of one that was silent, a second or a flatten's less.
    const silenceMs = intent.purpose === "flatten" ? FLATTEN_SILENCE_MS : EXIT_SILENCE_MS;
    const sinceMs = row.createdAtMs - (exitsAtMs.get(place) ?? Number.NEGATIVE_INFINITY);
    if (sinceMs < silenceMs) throw new Error(`two exits stand in one place, ${where}`);
    exitsAtMs.set(place, row.createdAtMs);
  }
  if (live !== orders.liveCount) throw new Error(`the live count is wrong, ${where}`);
  if (live > options.limits.openOrdersMax + 4) throw new Error(`too many orders, ${where}`);
}

const textOf = (value: unknown) =>
  JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? `${part}n` : part));

describe("determinism", () => {
  test.each(SEEDS)("%s: the same events give the same effects, byte for byte", (seed) => {
    const { tape, script } = run(seed);
    const again = new Tape({}, 2).ready();
    again.play(script.join("\n"));
    expect(textOf(again.effects)).toBe(textOf(tape.effects));
    expect(tape.effects.some((effect) => effect.kind === "submit")).toBe(true);
  });

  test("audit ticks follow one another without a gap", () => {
    const { tape } = run("audit");
    expect(tape.ticks.map((tick) => tick.seq)).toEqual(tape.ticks.map((_, index) => index + 1));
  });

  test("no second holds more orders than the exits' rate allows", () => {
    const { tape } = run("rate");
    const sent = new Map<string, number>();
    for (const { order } of entriesOf(tape.ticks, "order")) {
      sent.set(order.clientId, order.createdAtMs);
    }
    const times = [...sent.values()];
    expect(times.length).toBeGreaterThan(20);
    for (const from of times) {
      const inSecond = times.filter((atMs) => atMs >= from && atMs < from + 1_000).length;
      expect(inSecond).toBeLessThanOrEqual(DEFAULT_LIMITS.exitRateMax);
    }
  });
});

test("a step without effects returns one shared empty array", () => {
  const tape = new Tape({ autoTrade: false }).ready();
  const frame = () =>
    tape.send({
      kind: "trades",
      symbolId: 0 as never,
      trades: [],
    });
  expect(frame()).toHaveLength(0);
  expect(frame()).toBe(frame());
});

test("events out of sequence are a bug of the caller", () => {
  const tape = new Tape();
  tape.play("feed rest up\nfeed rest up");
  expect(() => {
    (tape as unknown as { seq: number }).seq = 0;
    tape.play("feed rest up");
  }).toThrow("event sequence numbers rise");
});
