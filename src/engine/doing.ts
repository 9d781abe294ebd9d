/**
 * What the program does in each watched symbol and why, in one phrase: the strategy's own words
 * with its numbers, or what keeps it from entering. Made when the audit tells of it and never on
 * the way of a frame; the conditions are those that decide (entry-bar.ts, the strategy's `says`).
 */
import { asSymbolId, type SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toText } from "../kernel/decimal.ts";
import type { OrderRow } from "../orders/table.ts";
import type { SymbolView } from "../strategy/strategy.ts";
import type { Tenant } from "./actors.ts";
import type { DoingAudit } from "./audit.ts";
import { tradingOf } from "./control.ts";
import { entryBarOf } from "./entry-bar.ts";
import type { KnowledgePart, WatchPart } from "./state-parts.ts";
import { isClosing, symbolHaltOf } from "./symbol-halts.ts";
import { viewOf } from "./symbol-view.ts";
import { unreadableFault } from "./unreadable.ts";

/** Of every symbol that is active or where something of ours is, by id. */
export function doingRows(state: KnowledgePart & WatchPart, atMs: number): readonly DoingAudit[] {
  const rows: DoingAudit[] = [];
  for (let index = 0; index < state.market.size; index++) {
    if (state.columns.watched[index] === 1) rows.push(doingRow(state, asSymbolId(index), atMs));
  }
  return rows;
}

type Said = Pick<DoingAudit, "doing" | "cause" | "why">;

function doingRow(state: KnowledgePart, id: SymbolId, atMs: number): DoingAudit {
  const owner = state.tenancy.ownerOf(id);
  const view = viewOf(state, id, { name: owner?.name ?? "", atMs });
  const orders = state.orders.live(id);
  const netTodayUsdt = -(state.losses.symbolLossUsdt.get(id) ?? 0);
  return {
    symbol: view.instrument.symbol,
    strategy: owner?.name ?? "",
    netTodayUsdt: netTodayUsdt === 0 ? 0 : netTodayUsdt,
    ...saidOf(state, view, { owner, orders }),
  };
}

interface Facts {
  readonly owner: Tenant | null;
  readonly orders: readonly OrderRow[];
}

function saidOf(state: KnowledgePart, view: SymbolView, facts: Facts): Said {
  const { symbol } = view.instrument;
  const { flattenBy } = state.control;
  const halt = symbolHaltOf(state, symbol) ?? "";
  if (flattenBy !== null) return { doing: "closing", cause: "", why: `flatten by ${flattenBy}` };
  if (view.positionSteps !== 0 && isClosing(state, symbol)) {
    return { doing: "closing", cause: "", why: haltWords(halt, symbol) };
  }
  if (view.positionSteps !== 0) return exiting(state, view, facts);
  const entries = facts.orders.filter(({ intent }) => intent.purpose === "entry");
  if (entries.length > 0) return quoting(view, entries, facts.owner);
  if (halt !== "") return { doing: "paused", cause: "paused", why: haltWords(halt, symbol) };
  return waiting(state, view, facts.owner);
}

/** "BTCUSDT is halted by anna: too wild" where the symbol stands beside it: "by anna: too wild". */
const haltWords = (halt: string, symbol: string): string =>
  halt.replace(`${symbol} is halted `, "");

function exiting(state: KnowledgePart, view: SymbolView, { owner, orders }: Facts): Said {
  assert(view.positionSteps !== 0, "there is a position to get out of");
  const said = (why: string): Said => ({ doing: "exiting", cause: "", why });
  if (!state.control.wasArmed) return said("left alone until trading is resumed");
  const phrase = owner?.strategy.says?.(view).text ?? "";
  const words = (what: string): string => (phrase === "" ? what : `${what} · ${phrase}`);
  const exit = orders.find(({ intent }) => intent.purpose !== "entry");
  if (exit === undefined) return said(words(view.bookUsable ? "no exit yet" : "no exit: book old"));
  if (exit.filledSteps > 0) {
    return said(words(`exit partly filled ${toText(view.instrument.qty, exit.filledSteps)}`));
  }
  return said(words(exit.intent.timeInForce === "post_only" ? "exit quoted" : "exit takes"));
}

function quoting(view: SymbolView, entries: readonly OrderRow[], owner: Tenant | null): Said {
  assert(entries.length > 0, "who quotes has an entry working");
  const sides = new Set(entries.map(({ intent }) => intent.side));
  const which = sides.size === 2 ? "both sides" : sides.has("buy") ? "bid" : "offer";
  const phrase = owner?.strategy.says?.(view).text ?? "";
  const why = phrase === "" ? `quoting ${which}` : `quoting ${which} · ${phrase}`;
  return { doing: "quoting", cause: "", why };
}

function waiting(state: KnowledgePart, view: SymbolView, owner: Tenant | null): Said {
  assert(view.positionSteps === 0, "who waits holds nothing");
  const { id } = view.instrument;
  const said = (cause: string, why = cause): Said => ({ doing: "waiting", cause, why });
  if (owner === null) {
    const isOn = tradingOf(state).state === "on";
    return said(isOn ? "no strategy wants it" : "trading is not on");
  }
  const { name } = owner;
  const bar = entryBarOf(state, id, { name, atMs: view.atMs });
  if (bar === "pause after a cancel") {
    const leftSec = Math.ceil((state.control.entriesPausedUntilMs - view.atMs) / 1_000);
    return said(bar, `entries return in ${leftSec} s`);
  }
  if (bar === "position unreadable") return said(bar, unreadableFault(state, id));
  if (bar !== null) return said(bar);
  const { state: bookState } = view.book;
  const bookWord = bookState === "live" ? "old" : bookState;
  if (!view.bookUsable) return said(`book ${bookWord}`, `no quote: book ${bookWord}`);
  const { cause, text } = owner.strategy.says?.(view) ?? { cause: "", text: "" };
  return cause === "" ? said("between orders") : said(cause, `no quote: ${text}`);
}
