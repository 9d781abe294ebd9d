/**
 * The words of the filter language: which property each names, what it takes, and on which list of
 * the blotter it means something. Parser, messages and the page's help are made from this table.
 *
 * `name:value`, several values with commas between, a minus before the name for "not"; a word
 * without a name is looked for in symbol, strategy, reason and ids. All terms must hold.
 */
import type { Fixed } from "../kernel/fixed.ts";

/** Lists of the blotter: round trips, executions, orders, what the risk gate refused. */
export const TABS = ["trips", "fills", "orders", "refusals"] as const;
export type Tab = (typeof TABS)[number];

export const COMPARISONS = ["<", "<=", ">", ">=", "="] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type ChoiceField =
  | "side"
  | "maker"
  | "kind"
  | "strategy"
  | "purpose"
  | "state"
  | "gate"
  | "run";
type TextField = "symbol" | "reason" | "order";
type AmountField = "net" | "bps" | "fee" | "value" | "size";

/** One condition on a row. */
export type Term =
  /** Equal to one of these, in lower case. */
  | {
      readonly kind: "choice";
      readonly field: ChoiceField;
      readonly isNot: boolean;
      readonly values: readonly string[];
    }
  /** Contains one of these, letters of any case; a whole symbol is equal to it. */
  | {
      readonly kind: "text";
      readonly field: TextField;
      readonly isNot: boolean;
      readonly values: readonly string[];
    }
  /** `amount` has 18 decimals, whatever its unit; `text` is as it was written. */
  | {
      readonly kind: "amount";
      readonly field: AmountField;
      readonly isNot: boolean;
      readonly op: Comparison;
      readonly amount: Fixed;
      readonly text: string;
    }
  /** From this moment on, or before it. */
  | {
      readonly kind: "time";
      readonly field: "from" | "to";
      readonly atMs: number;
      readonly text: string;
    }
  | { readonly kind: "word"; readonly isNot: boolean; readonly value: string };

interface Described {
  /** What stands behind the colon, for messages and help. */
  readonly takes: string;
  readonly means: string;
  readonly example: string;
  readonly tabs: readonly Tab[];
}

export interface ChoiceSpec extends Described {
  readonly kind: "choice";
  readonly field: ChoiceField;
  /** The only values that there are; any word where absent. */
  readonly values?: readonly string[];
}

export interface TextSpec extends Described {
  readonly kind: "text";
  readonly field: TextField;
}

export interface AmountSpec extends Described {
  readonly kind: "amount";
  readonly field: AmountField;
}

export interface TimeSpec extends Described {
  readonly kind: "time";
  readonly field: "from" | "to";
}

type FieldSpec = ChoiceSpec | TextSpec | AmountSpec | TimeSpec;

const SIDES = ["buy", "sell"];
const PURPOSES = ["entry", "exit", "stop", "flatten"];
const KINDS = [
  "trade",
  "funding",
  "liquidation",
  "adl",
  "settle",
  "delivery",
  "block_trade",
  "move_position",
  "corporate_action",
  "other",
];
/** States as the record has them, and what an ended order came to. */
const ORDER_WORDS = [
  "submitting",
  "open",
  "cancelling",
  "amending",
  "unknown",
  "closed",
  "rejected",
  "failed",
  "live",
  "filled",
  "partly",
  "cancelled",
];

const ALL = TABS;
const MONEY: readonly Tab[] = ["trips", "fills"];

/** By the name that is written; the first of several names for one field is its own. */
export const FIELDS: Readonly<Record<string, FieldSpec>> = {
  sym: {
    kind: "text",
    field: "symbol",
    takes: "a part of a symbol, or all of it",
    means: "symbols with these letters; BTCUSDT in full is that one alone",
    example: "sym:ENA",
    tabs: ALL,
  },
  side: {
    kind: "choice",
    field: "side",
    takes: "buy or sell",
    means: "side of the order; of a round trip, of its entry",
    example: "side:buy",
    tabs: ALL,
    values: SIDES,
  },
  maker: {
    kind: "choice",
    field: "maker",
    takes: "yes or no",
    means: "whether it made the price or took it",
    example: "maker:yes",
    tabs: ["fills"],
    values: ["yes", "no"],
  },
  kind: {
    kind: "choice",
    field: "kind",
    takes: KINDS.join(", "),
    means: "what sort of execution",
    example: "kind:funding",
    tabs: ["fills"],
    values: KINDS,
  },
  net: {
    kind: "amount",
    field: "net",
    takes: "an amount in USDT, with <, <=, >, >= or = before it",
    means: "USDT after fees and funding",
    example: "net:<0",
    tabs: MONEY,
  },
  bps: {
    kind: "amount",
    field: "bps",
    takes: "a number of bps, with <, <=, >, >= or = before it",
    means: "net in parts of ten thousand of the value",
    example: "bps:<-2",
    tabs: MONEY,
  },
  fee: {
    kind: "amount",
    field: "fee",
    takes: "an amount in USDT, with <, <=, >, >= or = before it",
    means: "fee and funding paid; below 0 it was received",
    example: "fee:>0.05",
    tabs: MONEY,
  },
  value: {
    kind: "amount",
    field: "value",
    takes: "an amount in USDT, with <, <=, >, >= or = before it",
    means: "price × quantity; of a round trip, of its entry",
    example: "value:>=100",
    tabs: ["trips", "fills", "orders"],
  },
  size: {
    kind: "amount",
    field: "size",
    takes: "a quantity of the coin, with <, <=, >, >= or = before it",
    means: "quantity in coins",
    example: "size:>1",
    tabs: ["trips", "fills", "orders"],
  },
  from: {
    kind: "time",
    field: "from",
    takes: "a time: -1h, 13:05, 2026-11-21, 2026-11-21T13:05, today",
    means: "from then on",
    example: "from:-1h",
    tabs: ALL,
  },
  to: {
    kind: "time",
    field: "to",
    takes: "a time: -1h, 13:05, 2026-11-21, 2026-11-21T13:05, today",
    means: "before then; a day counts as a whole",
    example: "to:13:05",
    tabs: ALL,
  },
  reason: {
    kind: "text",
    field: "reason",
    takes: "a part of the reason or the purpose",
    means: "why the order was wanted, or what the gate found",
    example: "reason:stop",
    tabs: ALL,
  },
  strategy: {
    kind: "choice",
    field: "strategy",
    takes: "the name of a strategy",
    means: "whose it is",
    example: "strategy:maker",
    tabs: ALL,
  },
  purpose: {
    kind: "choice",
    field: "purpose",
    takes: "entry, exit, stop or flatten",
    means: "what the order was for",
    example: "purpose:exit",
    tabs: ["fills", "orders", "refusals"],
    values: PURPOSES,
  },
  state: {
    kind: "choice",
    field: "state",
    takes: ORDER_WORDS.join(", "),
    means: "what became of the order",
    example: "state:cancelled",
    tabs: ["orders"],
    values: ORDER_WORDS,
  },
  gate: {
    kind: "choice",
    field: "gate",
    takes: "the name of a gate, for example book_stale",
    means: "which gate refused",
    example: "gate:book_stale",
    tabs: ["refusals"],
  },
  order: {
    kind: "text",
    field: "order",
    takes: "an order's id, ours or the venue's, or a part of it",
    means: "one order",
    example: "order:maker-1f",
    tabs: ["trips", "fills", "orders"],
  },
  run: {
    kind: "choice",
    field: "run",
    takes: "the id of a start",
    means: "one run of the program",
    example: "run:m3k9a2",
    tabs: ["fills", "orders", "refusals"],
  },
};

/** Longer names for the same. */
export const ALIASES: Readonly<Record<string, string>> = { symbol: "sym", id: "order" };

/** The names that mean something on a list, in the table's order. */
export function namesOf(tab: Tab): readonly string[] {
  return Object.entries(FIELDS)
    .filter(([, { tabs }]) => tabs.includes(tab))
    .map(([name]) => name);
}

/** The written name of a term's field. */
export function nameOf(field: ChoiceField | TextField): string {
  return field === "symbol" ? "sym" : field;
}
