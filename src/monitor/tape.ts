/**
 * The tape of decisions: what happened and why, of every kind, newest first. It is drawn from the
 * newest rows that the view keeps anyway, a few of each kind, so that a busy kind (orders) cannot
 * push a rare one (an operator's halt) off the tape.
 */
import { denialText } from "../blotter/deny-text.ts";
import { isLive } from "../domain/order.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import { type LedgerFill, netOfFill } from "../portfolio/fill.ts";
import type { MonitorView, OrderAudit } from "./view.ts";

export const TAPE_KINDS = [
  "fills",
  "orders",
  "refusals",
  "universe",
  "operator",
  "health",
] as const;
type TapeKind = (typeof TAPE_KINDS)[number];

export interface TapeEntry {
  /** Of its own among all entries, and the same each time it is told. */
  readonly id: string;
  readonly atMs: number;
  readonly kind: TapeKind;
  /** Empty for what is about no symbol. */
  readonly symbol: string;
  /** "bought 475 @ 0.1172 maker". */
  readonly words: string;
  /** Net result in USDT; null where nothing was booked. */
  readonly netUsdt: number | null;
  readonly reason: string;
}

/** Of each kind at most so many: together a screen, and a small message. */
const EACH_MAX: Readonly<Record<TapeKind, number>> = {
  fills: 12,
  orders: 8,
  refusals: 6,
  universe: 6,
  operator: 6,
  health: 4,
};

export function tapeOf(view: MonitorView): readonly TapeEntry[] {
  const all = [
    fillsOf(view),
    ordersOf(view),
    refusalsOf(view),
    universeOf(view),
    operatorOf(view),
    healthOf(view),
  ];
  return all
    .flatMap((entries) => entries.slice(0, EACH_MAX[entries[0]?.kind ?? "fills"]))
    .sort((one, other) => other.atMs - one.atMs || (one.id < other.id ? -1 : 1));
}

function fillsOf(view: MonitorView): readonly TapeEntry[] {
  const newest = view.recentFills.slice(0, EACH_MAX.fills);
  return newest.map((fill) => ({
    id: `fill-${fill.execId}`,
    atMs: fill.atMs,
    kind: "fills",
    symbol: fill.symbol,
    words: fillWords(fill),
    netUsdt: fixedToNumber(netOfFill(fill)),
    reason: reasonOf(view, fill),
  }));
}

function fillWords(fill: LedgerFill): string {
  if (fill.execKind === "funding") return "funding";
  const verb = fill.side === "buy" ? "bought" : "sold";
  const how = fill.isMaker ? "maker" : "taker";
  const kind = fill.execKind === "trade" ? how : fill.execKind;
  return `${verb} ${fill.qtyText} @ ${fill.priceText} ${kind}`;
}

function reasonOf(view: MonitorView, { clientId }: LedgerFill): string {
  const order =
    view.openOrders.get(clientId) ?? view.recentOrders.find((row) => row.clientId === clientId);
  return order?.reason ?? "";
}

/** Orders that are on their way out of something, and those that did not end as they should. */
function ordersOf(view: MonitorView): readonly TapeEntry[] {
  const told = [...view.openOrders.values(), ...view.recentOrders].filter(isTold);
  return told
    .sort((one, other) => other.updatedAtMs - one.updatedAtMs)
    .slice(0, EACH_MAX.orders)
    .map((order) => ({
      id: `order-${order.clientId}-${order.state}`,
      atMs: order.updatedAtMs,
      kind: "orders",
      symbol: order.symbol,
      words: `${order.purpose} ${order.side} ${order.qtyText}${priceWords(order)} ${order.state}`,
      netUsdt: null,
      reason: [order.detail, order.reason].filter((text) => text !== "").join(" · "),
    }));
}

const UNTOWARD: readonly string[] = ["rejected", "failed", "unknown"];

/** Quotes come and go all the time: an entry is told of when something is wrong with it. */
function isTold({ state, purpose }: OrderAudit): boolean {
  return UNTOWARD.includes(state) || (purpose !== "entry" && isLive(state));
}

function priceWords({ priceText }: OrderAudit): string {
  return priceText === "" ? " at market" : ` @ ${priceText}`;
}

function refusalsOf({ recentDenials }: MonitorView): readonly TapeEntry[] {
  return recentDenials.slice(0, EACH_MAX.refusals).map((denial) => ({
    id: `refusal-${denial.atMs}-${denial.symbol}-${denial.side}-${denial.reason.code}`,
    atMs: denial.atMs,
    kind: "refusals",
    symbol: denial.symbol,
    words: `${denial.purpose} ${denial.side} refused`,
    netUsdt: null,
    reason: denialText(denial.reason),
  }));
}

function universeOf({ universeChanges }: MonitorView): readonly TapeEntry[] {
  return universeChanges.slice(0, EACH_MAX.universe).map((change) => ({
    id: `universe-${change.atMs}-${change.symbol}-${change.verb}`,
    atMs: change.atMs,
    kind: "universe",
    symbol: change.symbol,
    words: change.verb === "in" ? "joins" : "leaves",
    netUsdt: null,
    reason: change.reason,
  }));
}

function operatorOf({ interventions }: MonitorView): readonly TapeEntry[] {
  return interventions.slice(0, EACH_MAX.operator).map((row) => {
    const verdict = row.verdict === "executed" ? "" : ` (${row.verdict})`;
    const how = row.isAutomatic ? " (automatic)" : "";
    return {
      id: `operator-${row.id}`,
      atMs: row.atMs,
      kind: "operator",
      symbol: row.symbol,
      words: `${row.by}: ${row.action.replaceAll("_", " ")}${verdict}${how}`,
      netUsdt: null,
      reason: [row.reason, row.outcome].filter((text) => text !== "").join(" · "),
    };
  });
}

function healthOf({ incidents }: MonitorView): readonly TapeEntry[] {
  return incidents.slice(0, EACH_MAX.health).map((incident) => ({
    id: `health-${incident.id}`,
    atMs: incident.fromMs,
    kind: "health",
    symbol: "",
    words: `${incident.service} ${incident.severity}${incident.untilMs === null ? "" : ", well again"}`,
    netUsdt: null,
    reason: incident.cause,
  }));
}
