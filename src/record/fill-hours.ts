/**
 * The trades added up by the hour and what distinguishes them, so that totals of everything need no
 * walk over everything. Rows are added behind the trades, a bounded number at a time, in order of
 * row numbers and once each: what is not in yet is what lies beyond the last row number. Trades are
 * never changed once their account is known, and nothing is added up before that.
 */
import { type Fixed, fixedToText } from "../kernel/fixed.ts";
import type { JournalDatabase } from "../store/database.ts";
import { moneyOf } from "./record-rows.ts";

export const HOUR_MS = 3_600_000;
/** Eight fills a second all day, and a few ms at once; readers add up by rows what waits. */
export const ADDED_ROWS_MAX = 500;

/** What a row of sums is the sum of. */
interface GroupKey {
  readonly accountKey: string;
  readonly isOurs: number;
  readonly hourAtMs: number;
  readonly symbol: string;
  readonly strategy: string;
  readonly side: string;
  readonly isMaker: number;
  readonly execKind: string;
}

interface TradeSlice extends Omit<GroupKey, "hourAtMs"> {
  readonly id: number;
  readonly venueAtMs: number;
  readonly value: string;
  readonly fee: string;
  readonly funding: string;
  readonly realisedPnl: string;
}

interface Sums {
  count: number;
  value: Fixed;
  fee: Fixed;
  funding: Fixed;
  realisedPnl: Fixed;
  firstId: number;
  lastId: number;
}

type SumsText = Pick<TradeSlice, "value" | "fee" | "funding" | "realisedPnl"> & {
  readonly count: number;
  readonly firstId: number;
  readonly lastId: number;
};

type KeySlots = [string, number, number, string, string, string, number, string];
type SumSlots = [number, string, string, string, string, number, number];

const KEY =
  "account_key = ? AND is_ours = ? AND hour_at_ms = ? AND symbol = ? AND strategy = ? " +
  "AND side = ? AND is_maker = ? AND exec_kind = ?";

/** Adds up what has been written since; one per record. */
export class FillHours {
  private readonly database: JournalDatabase;
  private lastId: number | null = null;

  constructor(database: JournalDatabase) {
    this.database = database;
  }

  /** Adds at most so many rows; returns how many it added. Throws when the disk refuses. */
  advance(rowsMax: number): number {
    const { sqlite } = this.database;
    const known = this.lastId ?? addedUpTo(this.database);
    const rows = sqlite
      .query<TradeSlice, [number, number]>(
        "SELECT id, account_key AS accountKey, is_ours AS isOurs, symbol, strategy, side, " +
          "is_maker AS isMaker, exec_kind AS execKind, venue_at_ms AS venueAtMs, value, fee, " +
          "funding, realised_pnl AS realisedPnl FROM trades WHERE id > ? ORDER BY id LIMIT ?",
      )
      .all(known, rowsMax);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const groups = groupsOf(rows);
    sqlite.transaction(() => {
      for (const { key, sums } of groups) this.add(key, sums);
    })();
    this.lastId = last.id;
    return rows.length;
  }

  private add(key: GroupKey, sums: Sums): void {
    const { sqlite } = this.database;
    const slots: KeySlots = [
      key.accountKey,
      key.isOurs,
      key.hourAtMs,
      key.symbol,
      key.strategy,
      key.side,
      key.isMaker,
      key.execKind,
    ];
    const before = sqlite
      .query<SumsText, KeySlots>(
        "SELECT count, value, fee, funding, realised_pnl AS realisedPnl, first_id AS firstId, " +
          `last_id AS lastId FROM fill_hours WHERE ${KEY}`,
      )
      .get(...slots);
    const after = before === null ? sums : together(sums, before);
    sqlite
      .query<unknown, [...KeySlots, ...SumSlots]>(
        "INSERT OR REPLACE INTO fill_hours (account_key, is_ours, hour_at_ms, symbol, strategy, " +
          "side, is_maker, exec_kind, count, value, fee, funding, realised_pnl, first_id, last_id) " +
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(
        ...slots,
        after.count,
        fixedToText(after.value),
        fixedToText(after.fee),
        fixedToText(after.funding),
        fixedToText(after.realisedPnl),
        after.firstId,
        after.lastId,
      );
  }
}

/** The last trade that is in the sums; 0 when none is. */
export function addedUpTo({ sqlite }: Pick<JournalDatabase, "sqlite">): number {
  const row = sqlite
    .query<{ lastId: number | null }, []>("SELECT max(last_id) AS lastId FROM fill_hours")
    .get();
  return row?.lastId ?? 0;
}

function groupsOf(rows: readonly TradeSlice[]): readonly { key: GroupKey; sums: Sums }[] {
  const groups = new Map<string, { key: GroupKey; sums: Sums }>();
  for (const row of rows) {
    const { accountKey, isOurs, symbol, strategy, side, isMaker, execKind } = row;
    const hourAtMs = Math.floor(row.venueAtMs / HOUR_MS) * HOUR_MS;
    const key = { accountKey, isOurs, hourAtMs, symbol, strategy, side, isMaker, execKind };
    const name = JSON.stringify(key);
    const group = groups.get(name);
    const one = { ...row, count: 1, firstId: row.id, lastId: row.id };
    if (group === undefined) groups.set(name, { key, sums: together(NONE, one) });
    else group.sums = together(group.sums, one);
  }
  return [...groups.values()];
}

const NONE: Sums = {
  count: 0,
  value: 0n,
  fee: 0n,
  funding: 0n,
  realisedPnl: 0n,
  firstId: Number.MAX_SAFE_INTEGER,
  lastId: 0,
};

function together(sums: Sums, more: SumsText): Sums {
  return {
    count: sums.count + more.count,
    value: sums.value + moneyOf(more.value),
    fee: sums.fee + moneyOf(more.fee),
    funding: sums.funding + moneyOf(more.funding),
    realisedPnl: sums.realisedPnl + moneyOf(more.realisedPnl),
    firstId: Math.min(sums.firstId, more.firstId),
    lastId: Math.max(sums.lastId, more.lastId),
  };
}
