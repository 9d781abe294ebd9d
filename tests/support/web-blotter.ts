/** A blotter of literals: filtered by the language's own meaning, in memory. */

import { denialText } from "../../src/blotter/deny-text.ts";
import { type Facts, matches, sizeOf } from "../../src/blotter/row-match.ts";
import type {
  BlotterRows,
  BlotterTotals,
  FillRow,
  ListName,
  ListQuery,
  OrderRow,
  OrderStory,
} from "../../src/blotter/rows.ts";
import { isLive } from "../../src/domain/order.ts";
import type { DenialAudit, OrderAudit } from "../../src/engine/audit.ts";
import type { MonitorView } from "../../src/monitor/view.ts";
import type { RoundTripRow } from "../../src/pnl/reading.ts";
import { type LedgerFill, netOfFill } from "../../src/portfolio/fill.ts";
import type { BlotterReader } from "../../src/runtime/ports/blotter.ts";
import { given } from "./given.ts";

interface BlotterLiterals {
  readonly fills: readonly (LedgerFill & { readonly id: number })[];
  readonly orders: readonly OrderAudit[];
  readonly denials: readonly DenialAudit[];
}

/** The same as a view has them; executions newest first. */
export function blotterOf(view: MonitorView, fills: BlotterLiterals["fills"]): BlotterReader {
  const orders = [...view.openOrders.values(), ...view.recentOrders];
  return fixtureBlotter({ fills, orders, denials: view.recentDenials });
}

/** Rows newest first. */
export function fixtureBlotter({ fills, orders, denials }: BlotterLiterals): BlotterReader {
  const reasonOf = (fill: LedgerFill) =>
    fill.positionSteps === 0 ? "age 21,300 ms" : "edge 9.8 bps";
  const rows: { readonly [Name in ListName]: readonly BlotterRows[Name][] } = {
    trips: tripsOf(fills),
    fills: fills.map((fill) => ({
      ...fill,
      runId: "k3f9a2",
      purpose: fill.positionSteps === 0 ? "exit" : "entry",
      reason: fill.execKind === "trade" ? reasonOf(fill) : "",
    })),
    orders: orders.map((order, at) => orderOf(order, orders.length - at)),
    refusals: denials.map(({ times = 1, ...denial }, at) => ({
      ...denial,
      id: denials.length - at,
      runId: "k3f9a2",
      times,
    })),
  };
  const found = <Name extends ListName>({ list, terms }: ListQuery<Name>) =>
    rows[list].filter((row) => matches(terms, factsOf(list, row)));
  return {
    page: (query, { limit, before, after }) => {
      const all = found(query);
      const below = all.filter(({ id }) => before === undefined || id < before);
      const above = below.filter(({ id }) => after === undefined || id > after);
      const page = after === undefined ? above.slice(0, limit) : above.slice(-limit);
      const hasNewer = before !== undefined || above.length > page.length;
      return Promise.resolve({
        rows: page,
        hasOlder: after !== undefined || above.length > page.length,
        hasNewer,
      });
    },
    totals: (query) => Promise.resolve(totalsOf(query.list, found(query))),
    order: (id) => Promise.resolve(storyOf(rows, id)),
    newer: (query, sinceMs) =>
      found(query).filter((row) => factsOf(query.list, row).atMs > sinceMs).length,
    text: () => {
      const parts = ["id\r\n", "1\r\n"];
      return { next: () => Promise.resolve(parts.shift() ?? null), close() {} };
    },
  };
}

function orderOf(order: OrderAudit, id: number): OrderRow {
  return {
    ...order,
    id,
    runId: "k3f9a2",
    isFilled: order.filledSteps >= order.qtySteps,
    hasFills: order.filledSteps > 0,
  };
}

/** Any id has a life: tests and pages ask for the first order's. */
function storyOf(
  { orders, fills }: { readonly orders: readonly OrderRow[]; readonly fills: readonly FillRow[] },
  id: string,
): OrderStory | null {
  if (id === "nope") return null;
  const order = orders.find(({ clientId }) => clientId === id) ?? given(orders[0]);
  const atMs = order.createdAtMs;
  return {
    order,
    steps: [
      { atMs, kind: "wanted", text: order.reason },
      { atMs, kind: "sent", text: "buy 0.012 at 96412.10, post_only, stop 95640.00" },
      { atMs: atMs + 4, kind: "acknowledged", text: "9f2c7d10-55aa-4f0e-8d0a-000000000001" },
      { atMs: atMs + 6, kind: "open", text: "" },
      { atMs: atMs + 812, kind: "filled", text: "0.004 of 0.012" },
      { atMs: atMs + 1_900, kind: "cancel_asked", text: "cancel sent" },
      { atMs: atMs + 1_904, kind: "ended", text: "cancelled" },
    ],
    fills: fills.slice(0, 2),
  };
}

function tripsOf(fills: BlotterLiterals["fills"]): readonly RoundTripRow[] {
  return fills
    .filter(({ positionSteps }) => positionSteps === 0)
    .map((fill) => ({
      ...{ id: fill.id, symbol: fill.symbol, side: fill.side, strategy: fill.strategy },
      openedAtMs: fill.atMs - 21_300,
      closedAtMs: fill.atMs,
      qtyText: fill.qtyText,
      entryPriceText: fill.priceText,
      exitPriceText: fill.priceText,
      enteredValue: fill.value,
      gross: fill.realisedPnl,
      fees: 2n * fill.fee,
      funding: 0n,
      net: fill.realisedPnl - 2n * fill.fee,
      netBps: -3.2,
      fills: 2,
      makerShare: 1,
      entryClientId: `${fill.clientId}e`,
      exitClientId: fill.clientId,
      entryReason: "edge 9.8 bps, imbalance 0.40",
      exitReason: "age 21,300 ms, loss -1.9 bps",
      exitKind: "trade",
      isWhole: true,
    }));
}

type AnyRow = BlotterRows[ListName];

function factsOf(list: ListName, row: AnyRow): Facts {
  if ("exitKind" in row) {
    const { symbol, side, strategy, closedAtMs: atMs, net, fees: fee, enteredValue: value } = row;
    const ids = [row.entryClientId, row.exitClientId];
    const reason = `${row.entryReason} ${row.exitReason}`;
    return { symbol, side, strategy, atMs, net, fee, value, ids, reason };
  }
  const { symbol, side, strategy, purpose } = row;
  const same = { symbol, side, strategy, purpose, run: "k3f9a2" };
  if ("execKind" in row) {
    const { venueAtMs: atMs, clientId, venueOrderId, reason, execKind: kind, value } = row;
    const ids = [clientId, venueOrderId];
    const maker = row.isMaker ? "yes" : "no";
    const size = sizeOf(row.qtyText) ?? 0n;
    return {
      ...same,
      atMs,
      ids,
      reason,
      kind,
      maker,
      net: netOfFill(row),
      fee: row.fee,
      value,
      size,
    };
  }
  if ("clientId" in row) {
    const { createdAtMs: atMs, clientId, reason, state } = row;
    return { ...same, atMs, ids: [clientId], reason, states: [state] };
  }
  const { atMs, reason } = row;
  return {
    ...same,
    atMs,
    ids: [],
    reason: denialText(reason),
    gate: list === "refusals" ? reason.code : "",
  };
}

function totalsOf(_list: ListName, rows: readonly AnyRow[]): BlotterTotals {
  const totals = {
    ...{ count: rows.length, traded: 0, volume: 0n, makerVolume: 0n, gross: 0n, fees: 0n },
    ...{ funding: 0n, net: 0n, filled: 0, unfilled: 0, rejected: 0, live: 0, times: 0, won: 0 },
  };
  for (const row of rows) {
    if ("exitKind" in row) {
      totals.net += row.net;
      totals.volume += row.enteredValue;
      if (row.net > 0n) totals.won++;
    } else if ("execKind" in row) {
      totals.gross += row.realisedPnl;
      totals.fees += row.fee;
      totals.funding += row.funding;
      totals.net += netOfFill(row);
      if (row.execKind === "funding") continue;
      totals.traded++;
      totals.volume += row.value;
      if (row.isMaker) totals.makerVolume += row.value;
    } else if ("times" in row) totals.times += row.times;
    else if (isLive(row.state)) totals.live++;
    else if (row.isFilled) totals.filled++;
    else if (row.state === "closed") totals.unfilled++;
    else totals.rejected++;
  }
  return totals;
}
