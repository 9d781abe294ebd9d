/**
 * The book in the record: rows of what a run leaves, and how the next one finds it.
 *
 * Rows are held with the execution that changed them, so that one transaction takes all or none.
 */
import { eq } from "drizzle-orm";
import { asExecId, type ExecId } from "../domain/units.ts";
import type { AuditEntry } from "../engine/audit.ts";
import { LOG_OVERLAP_MS } from "../engine/wallet-agreement.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type {
  BookedSince,
  StoredAgreement,
  StoredBook,
  StoredDay,
  StoredPosition,
  StoredSums,
} from "../portfolio/stored-book.ts";
import type { JournalDatabase } from "../store/database.ts";
import { accounts, positions } from "../store/schema.ts";
import type { Hold, RecordBatch } from "./batch.ts";
import { moneyOf } from "./record-rows.ts";
import type { AccountSums, AgreedWallet, JournalStatements } from "./statements.ts";

/** As many as the ledger remembers. */
const EXECUTIONS_MAX = 20_000;

type PositionRow = typeof positions.$inferSelect;
type DayRow = { accountKey: string; startsAtMs: number; net: string; isSeen: boolean };

/** Holds the book's rows as the engine tells them. */
export class BookRows {
  private readonly position: Hold<PositionRow>;
  private readonly account: Hold<AccountSums>;
  private readonly agreed: Hold<AgreedWallet>;
  private readonly day: Hold<DayRow>;
  /** Open positions as they were last held, for their marks. */
  private readonly open = new Map<string, PositionRow>();
  private wholeUntil: number | null = null;

  constructor(batch: RecordBatch, statements: JournalStatements) {
    this.position = batch.table((row) => statements.position.run({ ...row }));
    this.account = batch.table((row) => statements.account.run(row));
    this.agreed = batch.table((row) => statements.agreed.run(row));
    this.day = batch.table((row) => statements.day.run({ ...row }));
  }

  /** Takes the book's part of an entry. Nothing is kept for an account that is not known. */
  take(entry: AuditEntry, accountKey: string, atMs: number): void {
    if (accountKey === "") return;
    if (entry.kind === "book") {
      this.wholeUntil = entry.wholeUntilVenueAtMs;
      this.hold(accountKey, entry.sums);
    } else if (entry.kind === "agreement") {
      const { wallet, cash, venueAtMs } = entry.agreement;
      const row = {
        $accountKey: accountKey,
        $wallet: fixedToText(wallet),
        $cash: fixedToText(cash),
        $venueAtMs: venueAtMs,
      };
      this.agreed(row, accountKey);
    } else if (entry.kind === "day") {
      const { startsAtMs, net, isSeen } = entry;
      this.day({ accountKey, startsAtMs, net: fixedToText(net), isSeen }, `${startsAtMs}`);
    } else if (entry.kind === "fill" && entry.book !== undefined) {
      const { position, sums } = entry.book;
      const row = { ...position, accountKey, cost: fixedToText(position.cost), updatedAtMs: atMs };
      this.position(row, row.symbol);
      if (position.cost === 0n) this.open.delete(row.symbol);
      else this.open.set(row.symbol, row);
      this.hold(accountKey, sums);
    } else if (entry.kind === "position") {
      const { symbol, markText } = entry.position;
      const row = this.open.get(symbol);
      if (row !== undefined && markText !== "") this.open.set(symbol, { ...row, markText });
    } else if (entry.kind === "equity") {
      // As often as the curve has points: what the day's border would find us at.
      for (const row of this.open.values()) this.position(row, row.symbol);
    }
  }

  private hold(accountKey: string, sums: StoredSums): void {
    const row = {
      $accountKey: accountKey,
      $realised: fixedToText(sums.realised),
      $fees: fixedToText(sums.fees),
      $funding: fixedToText(sums.funding),
      $apart: fixedToText(sums.apart),
      $wholeUntil: this.wholeUntil,
    };
    this.account(row, accountKey);
  }

  /** What the account was whole up to when this run began: it stays so until told otherwise. */
  begin(wholeUntil: number | null): void {
    this.wholeUntil = wholeUntil;
  }
}

/** The book of an account as the last run left it; null when none has booked on it. */
export function loadBook(
  database: JournalDatabase,
  accountKey: string,
  dayStartsAtMs: number,
): StoredBook | null {
  const { orm } = database;
  const row = orm.select().from(accounts).where(eq(accounts.accountKey, accountKey)).get();
  if (row === undefined || row.wholeUntilVenueAtMs === null) return null;
  const agreed = agreementOf(row);
  const left = orm.select().from(positions).where(eq(positions.accountKey, accountKey)).all();
  return {
    sums: {
      realised: moneyOf(row.realised),
      fees: moneyOf(row.fees),
      funding: moneyOf(row.funding),
      apart: moneyOf(row.apart),
    },
    positions: left.map(positionOf).filter(({ cost }) => cost !== 0n),
    execIds: execIdsOf(database, accountKey),
    wholeUntilVenueAtMs: row.wholeUntilVenueAtMs,
    sinceVenueAtMs: row.sinceVenueAtMs ?? 0,
    agreed,
    bookedSinceAgreed: bookedSinceAgreement(database, accountKey, agreed),
    day: dayOf(database, accountKey, dayStartsAtMs),
    bookedToday: bookedSince(database, accountKey, dayStartsAtMs),
  };
}

function agreementOf(row: typeof accounts.$inferSelect): StoredAgreement | null {
  const { agreedWallet, agreedCash, agreedVenueAtMs } = row;
  if (agreedWallet === null || agreedCash === null || agreedVenueAtMs === null) return null;
  const wallet = moneyOf(agreedWallet);
  return { wallet, cash: moneyOf(agreedCash), venueAtMs: agreedVenueAtMs };
}

/**
 * Executions that the agreement may not have held, newest first. A few more than that do no harm:
 * each widens the rounding by less than any fee.
 */
function bookedSinceAgreement(
  { sqlite }: JournalDatabase,
  accountKey: string,
  agreed: StoredAgreement | null,
): BookedSince {
  let [bookings, traded] = [0, 0n];
  if (agreed === null) return { bookings, traded };
  const rows = sqlite
    .query<{ value: string; venueAtMs: number }, [string, number]>(
      "SELECT value, venue_at_ms AS venueAtMs FROM trades " +
        "WHERE account_key = ? ORDER BY id DESC LIMIT ?",
    )
    .iterate(accountKey, EXECUTIONS_MAX);
  for (const { value, venueAtMs } of rows) {
    if (venueAtMs < agreed.venueAtMs - LOG_OVERLAP_MS) break;
    bookings++;
    traded += moneyOf(value);
  }
  return { bookings, traded };
}

function positionOf({ accountKey: _key, updatedAtMs: _at, ...row }: PositionRow): StoredPosition {
  return { ...row, cost: moneyOf(row.cost) };
}

function execIdsOf({ sqlite }: JournalDatabase, accountKey: string): ExecId[] {
  return sqlite
    .query<{ id: string }, [string, number]>(
      "SELECT exec_id AS id FROM trades WHERE account_key = ? ORDER BY id DESC LIMIT ?",
    )
    .all(accountKey, EXECUTIONS_MAX)
    .map(({ id }) => asExecId(id))
    .reverse();
}

function dayOf(
  { sqlite }: JournalDatabase,
  accountKey: string,
  startsAtMs: number,
): StoredDay | null {
  const row = sqlite
    .query<{ net: string }, [string, number]>(
      "SELECT net FROM days WHERE account_key = ? AND starts_at_ms = ?",
    )
    .get(accountKey, startsAtMs);
  return row === null ? null : { startsAtMs, net: moneyOf(row.net) };
}

/** Net result of own executions of that day: newest first, back to the first that is older. */
function bookedSince(
  { sqlite }: JournalDatabase,
  accountKey: string,
  startsAtMs: number,
): StoredDay {
  const rows = sqlite
    .query<{ realised: string; fee: string; funding: string; atMs: number }, [string]>(
      "SELECT realised_pnl AS realised, fee, funding, at_ms AS atMs FROM trades " +
        "WHERE account_key = ? AND is_ours = 1 ORDER BY id DESC",
    )
    .iterate(accountKey);
  let net = 0n;
  for (const row of rows) {
    if (row.atMs < startsAtMs) break;
    net += moneyOf(row.realised) - moneyOf(row.fee) - moneyOf(row.funding);
  }
  return { startsAtMs, net };
}
