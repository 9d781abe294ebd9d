/**
 * The money bridge: from what the spread earned to what is left, in lines that add up exactly.
 *
 * Every execution's net (realised − fee − funding, as the ledger booked it) is divided into lines.
 * Realised profit of a trade is the spread that entry and exit earned against the middle of the
 * market at their fill, and what the middle moved between them: the first is measured
 * (`edgeOf`), the second is the rest, so that the two are the profit to the last decimal. Where the
 * middle was not known at the entry or at the exit, the whole profit of that close stands on a line
 * of its own and nothing is guessed. Executions of other kinds (liquidation, deleveraging,
 * settlement, a size taken over) are one line with their fees.
 *
 * The move 1, 5 and 30 s after a fill is a reading beside the bridge and not a part of the sum: it
 * lies inside what the middle moved while we held.
 */
import type { Usdt } from "../domain/units.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import { netOfFill } from "../portfolio/fill.ts";
import { type ExecutionRow, edgeOf, moveOf } from "./execution-row.ts";
import type { TripStep } from "./round-trip.ts";

/** The lines in their order. Each is what it did to the account: what was paid is negative. */
export const BRIDGE_LINES = [
  "spread",
  "moved",
  "notKnown",
  "makerFees",
  "takerFees",
  "funding",
  "other",
] as const;
type BridgeLine = (typeof BRIDGE_LINES)[number];
type BridgeSums = Readonly<Record<BridgeLine, Usdt>>;

/** Readings beside the sum, in USDT and counts, for display. */
export const BRIDGE_READINGS = [
  /** Round trips that it closed, and those of them with a net above zero. */
  "trips",
  "won",
  "fills",
  "value",
  "makerValue",
  /** Of executions whose mid is known: their value, and what they were better than it. */
  "knownFills",
  "knownValue",
  "edge",
  "value1s",
  "move1s",
  "value5s",
  "move5s",
  "value30s",
  "move30s",
] as const;
type BridgeReading = (typeof BRIDGE_READINGS)[number];
type BridgeReadings = Readonly<Record<BridgeReading, number>>;

export interface Bridge {
  readonly sums: BridgeSums;
  readonly readings: BridgeReadings;
}

const sumsOf = (of: (line: BridgeLine) => Usdt): BridgeSums => ({
  spread: of("spread"),
  moved: of("moved"),
  notKnown: of("notKnown"),
  makerFees: of("makerFees"),
  takerFees: of("takerFees"),
  funding: of("funding"),
  other: of("other"),
});

const readingsOf = (of: (name: BridgeReading) => number): BridgeReadings => ({
  trips: of("trips"),
  won: of("won"),
  fills: of("fills"),
  value: of("value"),
  makerValue: of("makerValue"),
  knownFills: of("knownFills"),
  knownValue: of("knownValue"),
  edge: of("edge"),
  value1s: of("value1s"),
  move1s: of("move1s"),
  value5s: of("value5s"),
  move5s: of("move5s"),
  value30s: of("value30s"),
  move30s: of("move30s"),
});

/** A bridge from one function a line, as a reader of rows has it. */
export const bridgeOf = (
  line: (name: BridgeLine) => Usdt,
  reading: (name: BridgeReading) => number,
): Bridge => ({ sums: sumsOf(line), readings: readingsOf(reading) });

export const NO_BRIDGE: Bridge = bridgeOf(
  () => 0n,
  () => 0,
);

export function addBridge(left: Bridge, right: Bridge): Bridge {
  return bridgeOf(
    (line) => left.sums[line] + right.sums[line],
    (name) => left.readings[name] + right.readings[name],
  );
}

/** What the account booked: all lines together. */
export function netOfBridge({ sums }: Bridge): Usdt {
  return BRIDGE_LINES.reduce((net, line) => net + sums[line], 0n);
}

/** What one execution adds, given what it did to its trip. */
export function bridgeStep(row: ExecutionRow, step: TripStep): Bridge {
  if (!row.isOurs) return NO_BRIDGE;
  const trips = step.closed === null ? 0 : 1;
  const won = step.closed !== null && step.closed.net > 0n ? 1 : 0;
  const isTrade = row.fill.execKind === "trade";
  const readings = isTrade ? readingsAt(row) : NO_BRIDGE.readings;
  return { sums: linesOf(row, step), readings: { ...readings, trips, won } };
}

function linesOf({ fill }: ExecutionRow, { closedEdge }: TripStep): BridgeSums {
  const { sums } = NO_BRIDGE;
  if (fill.execKind === "funding") return { ...sums, funding: -fill.funding };
  if (fill.execKind !== "trade") return { ...sums, other: netOfFill(fill) };
  const isKnown = closedEdge !== null;
  const spread = closedEdge ?? 0n;
  return {
    spread,
    moved: isKnown ? fill.realisedPnl - spread : 0n,
    notKnown: isKnown ? 0n : fill.realisedPnl,
    makerFees: fill.isMaker ? -fill.fee : 0n,
    takerFees: fill.isMaker ? 0n : -fill.fee,
    funding: -fill.funding,
    other: 0n,
  };
}

function readingsAt(row: ExecutionRow): Omit<BridgeReadings, "trips" | "won"> {
  const { fill, mids } = row;
  const value = fixedToNumber(fill.value);
  const edge = edgeOf(row);
  const known = (amount: Usdt | null): number => (amount === null ? 0 : value);
  const usdt = (amount: Usdt | null): number => (amount === null ? 0 : fixedToNumber(amount));
  const [at1s, at5s, at30s] = [
    moveOf(row, mids?.after1s ?? null),
    moveOf(row, mids?.after5s ?? null),
    moveOf(row, mids?.after30s ?? null),
  ];
  return {
    fills: 1,
    value,
    makerValue: fill.isMaker ? value : 0,
    knownFills: edge === null ? 0 : 1,
    knownValue: known(edge),
    edge: usdt(edge),
    value1s: known(at1s),
    move1s: usdt(at1s),
    value5s: known(at5s),
    move5s: usdt(at5s),
    value30s: known(at30s),
    move30s: usdt(at30s),
  };
}
