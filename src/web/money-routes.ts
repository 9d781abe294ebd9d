/** What trading came to, as JSON: the money bridge, its days and symbols, and round trips. */
import type { Hono } from "hono";
import { z } from "zod";
import { fixedToText } from "../kernel/fixed.ts";
import { BadParameter, oneOf, symbolParam, textParam, wholeParam } from "../monitor/params.ts";
import { type BridgeReport, bridgeReport } from "../pnl/bridge-report.ts";
import { type Bridge, netOfBridge } from "../pnl/money-lines.ts";
import { type Period, periodOf, periodOfDate, RANGES } from "../pnl/period.ts";
import type { RoundTripRow } from "../pnl/reading.ts";
import type { WebDeps } from "./deps.ts";
import type { EdgeEnv } from "./edge.ts";
import { isoOf } from "./monitor-rows.ts";
import { paramsOf } from "./parameters.ts";

/** One page: about 600 kB of JSON. `before` reaches the rest. */
const TRIPS_MAX = 1_000;
const NAME_CHARS_MAX = 40;

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a date such as 2026-11-21");
/** Whole days: a range that ends today, or one day by its date. */
const PERIOD = {
  range: oneOf(RANGES).default("today"),
  day: date.optional(),
  symbol: symbolParam().optional(),
  strategy: textParam(NAME_CHARS_MAX).optional(),
};
const BRIDGE = z.object(PERIOD);
const TRIPS = z.object({
  limit: wholeParam(1, TRIPS_MAX).default(100),
  before: wholeParam(1, Number.MAX_SAFE_INTEGER).optional(),
  from: wholeParam(0, Number.MAX_SAFE_INTEGER).optional(),
  to: wholeParam(0, Number.MAX_SAFE_INTEGER).optional(),
  symbol: symbolParam().optional(),
  strategy: textParam(NAME_CHARS_MAX).optional(),
});

type Asked = z.infer<typeof BRIDGE>;

export function moneyRoutes(app: Hono<EdgeEnv>, deps: WebDeps): void {
  const { money, nowMs, view } = deps;
  const queryOf = ({ symbol, strategy, ...asked }: Asked) => ({
    ...periodAsked(deps, asked),
    symbol,
    strategy,
  });
  app.get("/api/pnl/bridge", (c) => {
    const now = { nowMs: nowMs(), todayText: view().account.todayText };
    return c.json(bridgeRow(bridgeReport(money, queryOf(paramsOf(c, BRIDGE)), now)));
  });
  app.get("/api/pnl/days", (c) =>
    c.json(
      money.days(queryOf(paramsOf(c, BRIDGE))).map(({ key, bridge }) => ({
        date: money.day(key).date,
        startsAtMs: key,
        ...sumsRow(bridge),
      })),
    ),
  );
  app.get("/api/pnl/symbols", (c) =>
    c.json(
      money
        .symbols(queryOf(paramsOf(c, BRIDGE)))
        .map(({ key, bridge }) => ({ symbol: key, ...sumsRow(bridge) })),
    ),
  );
  app.get("/api/pnl/round-trips", (c) => {
    const { from, to, ...asked } = paramsOf(c, TRIPS);
    return c.json(money.roundTrips({ ...asked, fromMs: from, toMs: to }).map(tripRow));
  });
}

/** Throws BadParameter for a date that is none. */
function periodAsked(
  { money, nowMs }: WebDeps,
  { range, day }: Pick<Asked, "range" | "day">,
): Period {
  if (day === undefined) return periodOf(range, nowMs(), money.day);
  const period = periodOfDate(day, money.day);
  if (period !== null) return period;
  const wanted = "a date of the calendar";
  throw new BadParameter("day", wanted, `Parameter "day" must be ${wanted}; found "${day}".`);
}

/** Lines are what they did to the account: what was paid is negative. */
function sumsRow(bridge: Bridge) {
  const { sums, readings } = bridge;
  return {
    netUsdt: fixedToText(netOfBridge(bridge)),
    spreadUsdt: fixedToText(sums.spread),
    movedUsdt: fixedToText(sums.moved),
    notKnownUsdt: fixedToText(sums.notKnown),
    makerFeesUsdt: fixedToText(sums.makerFees),
    takerFeesUsdt: fixedToText(sums.takerFees),
    fundingUsdt: fixedToText(sums.funding),
    otherUsdt: fixedToText(sums.other),
    trips: readings.trips,
    tripsWon: readings.won,
    fills: readings.fills,
    valueUsdt: readings.value,
    makerValueUsdt: readings.makerValue,
  };
}

/** `bookedUsdt` is all lines but the open positions, whose change is null where it is not known. */
function bridgeRow(report: BridgeReport) {
  const { query, readings } = report;
  const { netUsdt: bookedUsdt, ...sums } = sumsRow(report);
  const after = (valueUsdt: number, moveUsdt: number) => ({ valueUsdt, moveUsdt });
  return {
    fromAtMs: query.fromMs,
    toAtMs: query.toMs,
    ...sums,
    bookedUsdt,
    openUsdt: report.open === null ? null : fixedToText(report.open),
    netUsdt: fixedToText(report.net),
    isBehind: report.isBehind,
    readings: {
      knownFills: readings.knownFills,
      knownValueUsdt: readings.knownValue,
      edgeUsdt: readings.edge,
      after1s: after(readings.value1s, readings.move1s),
      after5s: after(readings.value5s, readings.move5s),
      after30s: after(readings.value30s, readings.move30s),
    },
  };
}

function tripRow(trip: RoundTripRow) {
  const { openedAtMs, closedAtMs } = trip;
  return {
    id: trip.id,
    symbol: trip.symbol,
    side: trip.side === "buy" ? "long" : "short",
    strategy: trip.strategy,
    openedAt: isoOf(openedAtMs),
    openedAtMs,
    closedAt: isoOf(closedAtMs),
    closedAtMs,
    qty: trip.qtyText,
    entryPrice: trip.entryPriceText,
    exitPrice: trip.exitPriceText,
    enteredUsdt: fixedToText(trip.enteredValue),
    grossUsdt: fixedToText(trip.gross),
    feeUsdt: fixedToText(trip.fees),
    fundingUsdt: fixedToText(trip.funding),
    netUsdt: fixedToText(trip.net),
    netBps: trip.netBps,
    fills: trip.fills,
    makerShare: trip.makerShare,
    entryClientId: trip.entryClientId,
    exitClientId: trip.exitClientId,
    entryReason: trip.entryReason,
    exitReason: trip.exitReason,
    exitKind: trip.exitKind,
    isWhole: trip.isWhole,
  };
}
