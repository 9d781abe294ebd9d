/**
 * What is read back of one account: trades for the page, the day's result and the profiles for the
 * next start.
 */
import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { TradeQuery, TradeReader } from "../runtime/ports/record.ts";
import type { JournalDatabase } from "../store/database.ts";
import { interventions, symbolProfiles, trades } from "../store/schema.ts";
import type { SymbolProfile } from "../universe/profile.ts";
import { fillOf } from "./record-rows.ts";

/** Of rows whose account is not known: nobody's. */
const UNKNOWN_ACCOUNT = "";
/** Rows of one page or API answer. */
const TRADES_PER_QUERY_MAX = 1_000;
type StoredFill = LedgerFill & { readonly id: number };

/**
 * Our executions of one account, newest first, with statements prepared once. `accountKey` is asked
 * at each call: empty, and without rows, until the account is known.
 */
export function createTradeReader({ orm }: JournalDatabase, accountKey: () => string): TradeReader {
  const before = and(
    eq(trades.accountKey, sql.placeholder("accountKey")),
    eq(trades.isOurs, true),
    lt(trades.id, sql.placeholder("before")),
  );
  const ofSymbol = eq(trades.symbol, sql.placeholder("symbol"));
  const select = () => orm.select().from(trades).orderBy(desc(trades.id));
  const all = select().where(before).limit(sql.placeholder("limit")).prepare();
  const one = select().where(and(ofSymbol, before)).limit(sql.placeholder("limit")).prepare();
  return {
    trades: (query: TradeQuery): readonly StoredFill[] => {
      const limit = Math.min(Math.max(0, Math.trunc(query.limit)), TRADES_PER_QUERY_MAX);
      const key = accountKey();
      if (key === UNKNOWN_ACCOUNT) return [];
      const page = { accountKey: key, before: query.before ?? Number.MAX_SAFE_INTEGER, limit };
      const rows =
        query.symbol === undefined ? all.all(page) : one.all({ ...page, symbol: query.symbol });
      return rows.map(fillOf);
    },
  };
}

/** Profiles of all symbols as they were last written under this key. */
export function loadProfiles({ orm }: JournalDatabase, profileKey: string): SymbolProfile[] {
  const rows = orm.select().from(symbolProfiles).where(eq(symbolProfiles.accountKey, profileKey));
  return rows.all().map(({ accountKey: _key, ...profile }) => profile);
}

/**
 * The last word on trading that a person said, or the program for want of a record, when it was to
 * halt or to flatten; else null. Halts by the engine's own rules are judged anew by the next
 * run: what the day has lost, it still knows.
 */
export function haltBefore({ orm }: JournalDatabase, accountKey: string): string | null {
  const last = orm
    .select()
    .from(interventions)
    .where(
      and(
        eq(interventions.accountKey, accountKey),
        inArray(interventions.action, ["halt", "resume", "cancel_halt", "flatten"]),
        eq(interventions.verdict, "executed"),
        inArray(interventions.cause, ["operator", "record"]),
      ),
    )
    .orderBy(desc(interventions.id))
    .limit(1)
    .get();
  if (last === undefined || last.action === "resume") return null;
  if (last.action === "flatten" && !last.isDone) {
    return `flatten by ${last.by} was unfinished before the restart, order it again: ${last.reason}`;
  }
  const word = last.action === "flatten" ? "flattened" : "halted";
  return `${word} by ${last.by} before the restart: ${last.reason}`;
}
