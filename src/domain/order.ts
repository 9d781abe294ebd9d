/**
 * Orders and the table of their states.
 *
 * Four words stay apart: denied (our risk gate said no), rejected (the venue said no), failed (it
 * never left this process), unknown (it may have arrived: ask the venue by client id, never
 * resend). In-flight states are states. The table is the documentation, the assertion, and the
 * source of the exhaustive test.
 */
import {
  asClientOrderId,
  type ClientOrderId,
  type PriceTicks,
  type QtySteps,
  type Side,
  type SymbolId,
  type VenueOrderId,
} from "./units.ts";

export type OrderType = "limit" | "market";
export type TimeInForce = "gtc" | "ioc" | "fok" | "post_only";

/** Why an order exists, for the gate and for the page: an entry adds risk, the others remove it. */
export type OrderPurpose = "entry" | "exit" | "stop" | "flatten";

/** What a strategy or an operator wants. Only the risk gate turns it into an approved order. */
export interface OrderIntent {
  readonly symbolId: SymbolId;
  readonly side: Side;
  readonly type: OrderType;
  /** Null for a market order. */
  readonly priceTicks: PriceTicks | null;
  readonly qtySteps: QtySteps;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  readonly purpose: OrderPurpose;
  /** Short lower-case name, part of the client id: "maker", "operator". */
  readonly strategy: string;
  /** Exchange-held stop attached at entry; null when the order only reduces. */
  readonly stopLossTicks: PriceTicks | null;
  /** The features and reasons that decided, as short text for the record. */
  readonly reason: string;
}

/** What is wanted of a symbol, before it is said whose order it becomes. */
export type OrderTarget = Omit<OrderIntent, "symbolId" | "strategy">;

/** `prefix` says whose and of which run it is: see `orders/client-id.ts`. */
export function clientOrderIdOf(prefix: string, name: string, sequence: number): ClientOrderId {
  return asClientOrderId(`${prefix}-${name}-${sequence.toString(36)}`);
}

export type OrderState =
  | "submitting"
  | "open"
  | "cancelling"
  /** Its price is being moved: until the venue says which holds, either may. */
  | "amending"
  | "unknown"
  | "closed"
  | "rejected"
  | "failed";

/** Every move an order may make. `closed` covers filled and cancelled; the fills tell which. */
export const ORDER_NEXT = {
  submitting: ["open", "closed", "rejected", "failed", "unknown", "cancelling"],
  open: ["cancelling", "amending", "closed"],
  amending: ["open", "closed", "unknown", "cancelling"],
  cancelling: ["open", "closed", "unknown"],
  unknown: ["open", "closed", "rejected", "cancelling"],
  closed: [],
  rejected: ["closed", "open"],
  failed: [],
} as const satisfies Record<OrderState, readonly OrderState[]>;

export function isLive(state: OrderState): boolean {
  return state !== "closed" && state !== "rejected" && state !== "failed";
}

export function canMove(from: OrderState, to: OrderState): boolean {
  const next: readonly OrderState[] = ORDER_NEXT[from];
  return next.includes(to);
}

/** One order of ours, from the gate to its end. Mutable: it is a row of the order table. */
export interface Order {
  readonly clientId: ClientOrderId;
  /** Replaced by the same in other units, and by an amendment that is known to hold. */
  intent: OrderIntent;
  state: OrderState;
  /** The venue's id, null until an acknowledgement or a report names it. */
  venueOrderId: VenueOrderId | null;
  filledSteps: QtySteps;
  /** Text of the venue's or our own last word on it: reject reason, cancel type. */
  detail: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
}
