/**
 * The journal: the audit reader that keeps the record of trading in SQLite and in the trade log.
 *
 * A tick is copied into rows and the engine goes on; the batch behind it commits them. Every fact
 * and every change of an order is also a line of the trade log.
 */
import type { AuditEntry, AuditTick } from "../engine/audit.ts";
import { unreachable } from "../kernel/assert.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalDatabase } from "../store/database.ts";
import type { SymbolProfile } from "../universe/profile.ts";
import type { Hold, RecordBatch } from "./batch.ts";
import { BookRows } from "./book-rows.ts";
import { MarkRows } from "./mark-rows.ts";
import { OrderLives } from "./order-life.ts";
import {
  denialRowOf,
  incidentRowOf,
  interventionRowOf,
  type NewDenialRow,
  type NewIncidentRow,
  type NewInterventionRow,
  type NewOrderRow,
  type NewTradeRow,
  orderRowOf,
  type ProfileRow,
  profileRowOf,
  tradeRowOf,
} from "./record-rows.ts";
import { type JournalStatements, journalStatements } from "./statements.ts";

/**
 * A gate that denies on every tick must not fill the record or push fills out of the trade log: one
 * row a second for each symbol, side and reason, and this many in all. The rest is counted.
 */
export const DENIALS_PER_SEC_MAX = 50;
/** Every symbol, both sides, a few gates each: kinds of denials whose repeats are counted. */
const DENIED_KINDS_MAX = 10_000;
/** Some days of a busy maker; fills are kept for good in their own table. */
export const ORDERS_KEPT_MAX = 500_000;
const DENIALS_KEPT_MAX = 100_000;
/** A feed that flaps every second for a day. */
const INCIDENTS_KEPT_MAX = 100_000;
/** Deletes stay as short as a flush. */
const PRUNE_ROWS_MAX = 2_000;

/** How the record names an account, and where its profiles are kept. */
export interface AccountKeys {
  readonly accountKey: string;
  readonly profileKey: string;
}

interface JournalOptions {
  readonly database: JournalDatabase;
  readonly batch: RecordBatch;
  readonly runId: string;
  readonly tradeLog: LogPort;
}

/** Never waits for a disk beyond one commit, never throws, counts what it lost. */
export class Journal implements AuditReader {
  readonly name = "journal";
  /** Denials left out on purpose: they are not lost. */
  deniedUnrecorded = 0;
  private readonly runId: string;
  private accountKey = "";
  /** Null until the account is known: statistics of nobody are of no use to anybody. */
  private profileKey: string | null = null;
  private readonly tradeLog: LogPort;
  private readonly batch: RecordBatch;
  private readonly holds: Holds;
  private readonly book: BookRows;
  private readonly marks: MarkRows;
  /** What was denied in the running second. */
  private readonly deniedKeys = new Set<string>();
  /** How often what was denied since was not written: told with the next row of its kind. */
  private readonly deniedSince = new Map<string, number>();
  private readonly lives = new OrderLives();
  private deniedSecond = 0;

  constructor({ database, batch, runId, tradeLog }: JournalOptions) {
    this.runId = runId;
    this.tradeLog = tradeLog;
    this.batch = batch;
    const statements = journalStatements(database);
    this.holds = holdsOf(batch, statements);
    this.book = new BookRows(batch, statements);
    this.marks = new MarkRows(batch, database);
    batch.onUpkeep(() => {
      statements.pruneOrders.run(ORDERS_KEPT_MAX, runId, PRUNE_ROWS_MAX);
      statements.pruneDenials.run(DENIALS_KEPT_MAX, PRUNE_ROWS_MAX);
      statements.pruneIncidents.run(INCIDENTS_KEPT_MAX, PRUNE_ROWS_MAX);
    });
  }

  /** Rows are of this account from now on. */
  openAccount({ accountKey, profileKey }: AccountKeys, wholeUntil: number | null): void {
    this.book.begin(wholeUntil);
    this.accountKey = accountKey;
    this.profileKey = profileKey;
  }

  onTick(tick: AuditTick): void {
    for (const entry of tick.entries) {
      // One call: what an execution did to the book is committed with it or not at all.
      this.batch.take(() => {
        this.take(entry);
        this.book.take(entry, this.accountKey, tick.atMs);
        this.marks.take(entry, this.accountKey);
      });
    }
  }

  private take(entry: AuditEntry): void {
    const { tradeLog, runId, accountKey, holds } = this;
    const owner = { runId, accountKey };
    switch (entry.kind) {
      case "fill": {
        const row = tradeRowOf(entry.fill, owner, !entry.isEarlier);
        tradeLog.info("fill", row);
        holds.trade(row);
        break;
      }
      case "order": {
        const row = orderRowOf(entry.order, owner, this.lives.take(entry.order));
        const { life: _life, ...told } = row;
        tradeLog.info("order", told);
        // The table holds the latest state only, so states in between need not be written.
        holds.order(row, row.clientId);
        break;
      }
      case "denial":
        this.takeDenial(denialRowOf(entry.denial, owner));
        break;
      case "intervention": {
        const row = interventionRowOf(entry.intervention, owner);
        tradeLog.info("intervention", row);
        holds.intervention(row, row.interventionId);
        break;
      }
      case "incident": {
        const row = incidentRowOf(entry.incident, runId);
        tradeLog.info("incident", row);
        holds.incident(row, row.incidentId);
        break;
      }
      case "profiles":
        if (entry.isSampled) this.takeProfiles(entry.profiles);
        break;
      case "book":
      case "agreement":
      case "mark_out":
      case "day":
      case "symbols":
      case "position":
      case "account":
      case "risk":
      case "strategies":
      case "feeds":
      case "symbol_halts":
      case "instruments":
      case "universe_change":
      case "symbol_hours":
      case "universe":
      case "equity":
      case "doings":
      case "counters":
        break;
      default:
        unreachable(entry);
    }
  }

  private takeProfiles(profiles: readonly SymbolProfile[]): void {
    const { profileKey, holds } = this;
    if (profileKey === null) return;
    for (const profile of profiles) {
      if (profile.samples === 0) continue;
      holds.profile(profileRowOf(profile, profileKey), profile.symbol);
    }
  }

  private takeDenial(row: NewDenialRow): void {
    const second = Math.floor(row.atMs / 1_000);
    if (second !== this.deniedSecond) this.deniedKeys.clear();
    this.deniedSecond = second;
    const key = `${row.symbol} ${row.side} ${row.code}`;
    const times = row.times + (this.deniedSince.get(key) ?? 0);
    if (this.deniedKeys.has(key) || this.deniedKeys.size >= DENIALS_PER_SEC_MAX) {
      this.deniedUnrecorded++;
      const hasRoom = this.deniedSince.has(key) || this.deniedSince.size < DENIED_KINDS_MAX;
      if (hasRoom) this.deniedSince.set(key, times);
      return;
    }
    this.deniedKeys.add(key);
    this.deniedSince.delete(key);
    const counted = { ...row, times };
    this.tradeLog.info("denied", counted);
    this.holds.denial(counted);
  }
}

interface Holds {
  readonly trade: Hold<NewTradeRow>;
  readonly intervention: Hold<NewInterventionRow>;
  readonly incident: Hold<NewIncidentRow>;
  readonly order: Hold<NewOrderRow>;
  readonly denial: Hold<NewDenialRow>;
  readonly profile: Hold<ProfileRow>;
}

/** Order does not matter between tables, save that fills go first. */
function holdsOf(batch: RecordBatch, statements: JournalStatements): Holds {
  const { trade, intervention, incident, order, denial, profile } = statements;
  return {
    trade: batch.table((row) => trade.run({ ...row })),
    intervention: batch.table((row) => intervention.run({ ...row })),
    incident: batch.table((row) => incident.run({ ...row })),
    order: batch.table((row) => order.run({ ...row })),
    denial: batch.table((row) => denial.run({ ...row })),
    profile: batch.table((row) => profile.run({ ...row })),
  };
}
