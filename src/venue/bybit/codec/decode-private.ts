/** Frames of the private socket to domain events (Bybit v5, websocket/private). */
import type {
  ExecutionReport,
  OrderReport,
  PositionReport,
  UnreadableRow,
  WalletReport,
} from "../../../domain/event.ts";
import { isRecord } from "../../../kernel/json.ts";
import { type Control, controlOf } from "./control-frames.ts";
import {
  type Decoded,
  decodeExecution,
  decodeOrder,
  decodePosition,
  decodeWallet,
  type SkipReason,
} from "./decode-account.ts";
import { listOf, numberOr, parseJson, textOf } from "./fields.ts";
import { unreadableOf } from "./open-rows.ts";
import type { SymbolTable } from "./symbol-table.ts";

type AccountEvent = OrderReport | ExecutionReport | PositionReport | WalletReport | UnreadableRow;

type PrivateDecoded =
  | {
      readonly kind: "events";
      readonly topic: string;
      readonly events: readonly AccountEvent[];
      /** Items that are not ours. */
      readonly skipped: readonly SkipReason[];
      /** Items that are ours and unusable: the account must be fetched again. */
      readonly faults: readonly string[];
    }
  | { readonly kind: "control"; readonly control: Control }
  | { readonly kind: "unknown"; readonly reason: string };

type ItemDecoder = (item: unknown, table: SymbolTable, atMs: number) => Decoded<AccountEvent>;

/** Topics come bare or with the category ("order.linear"). */
const DECODER_OF: Readonly<Record<string, ItemDecoder>> = {
  order: decodeOrder,
  execution: decodeExecution,
  "execution.fast": decodeExecution,
  position: decodePosition,
  wallet: (item, _table, atMs) => decodeWallet(item, atMs),
};

export function decodePrivate(text: string, table: SymbolTable): PrivateDecoded {
  const message = parseJson(text);
  if (!isRecord(message)) return { kind: "unknown", reason: "not_json" };
  const topic = textOf(message, "topic");
  if (topic === "") {
    const control = controlOf(message);
    return control === null
      ? { kind: "unknown", reason: "no_topic" }
      : { kind: "control", control };
  }
  const channel = topic.replace(/\.(linear|inverse|spot|option)$/, "");
  const decode = Object.hasOwn(DECODER_OF, channel) ? DECODER_OF[channel] : undefined;
  if (decode === undefined) return { kind: "unknown", reason: "unknown_topic" };
  const atMs = numberOr(message, "creationTime", 0);
  const context = { table, atMs, what: OPEN_THINGS[channel] ?? null };
  return { kind: "events", topic, ...decodeItems(listOf(message.data), decode, context) };
}

/** Topics of what is open: there a row that cannot be used is no absence. */
const OPEN_THINGS: Readonly<Record<string, UnreadableRow["what"]>> = {
  order: "order",
  position: "position",
};

interface ItemContext {
  readonly table: SymbolTable;
  readonly atMs: number;
  readonly what: UnreadableRow["what"] | null;
}

function decodeItems(items: readonly unknown[], decode: ItemDecoder, context: ItemContext) {
  const events: AccountEvent[] = [];
  const skipped: SkipReason[] = [];
  const faults: string[] = [];
  for (const item of items) {
    const decoded = decode(item, context.table, context.atMs);
    if (decoded.kind === "ok") events.push(decoded.value);
    else {
      const row = context.what === null ? null : unreadRow(item, decoded, context);
      if (row !== null) events.push(row);
      if (decoded.kind === "skip") skipped.push(decoded.reason);
      else faults.push(decoded.fault);
    }
  }
  return { events, skipped, faults };
}

/** Null for what is closed, and for spot and options: those are not contracts of this category. */
function unreadRow(
  item: unknown,
  decoded: Exclude<Decoded<unknown>, { kind: "ok" }>,
  { what, table }: ItemContext,
): UnreadableRow | null {
  const isElsewhere = decoded.kind === "skip" && decoded.reason === "foreign_category";
  return what === null || isElsewhere ? null : unreadableOf(item, what, decoded, table);
}
