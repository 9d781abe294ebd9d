/**
 * The audit trail in SQLite: see the port for what a row is. Triggers refuse a change or a deletion
 * of a row; the chain of hashes shows one that was made around them. Refusals of strangers are
 * sampled, so that noise from outside cannot fill the disk: beyond so many a minute they are only
 * counted, and the next row says how many there were.
 */
import { sha256 } from "@oslojs/crypto/sha2";
import { encodeHexLowerCase } from "@oslojs/encoding";
import { and, desc, eq, gte, like, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type {
  AuditTrail,
  Deed,
  TrailQuery,
  TrailRow,
  TrailVerdict,
} from "../runtime/ports/audit-trail.ts";
import type { JournalDatabase } from "../store/database.ts";
import { auditTrail } from "../store/schema.ts";

/** A name, an address or a sentence; a stranger's text is cut here. */
const TEXT_CHARS_MAX = 400;
/** More refusals than this in a minute are a program at work, not people. */
export const REFUSALS_PER_MINUTE_MAX = 60;
/** While the disk takes nothing; the oldest stay, as they tell how it began. */
const WAITING_MAX = 1_000;
/** One reading of the chain at a time: a megabyte or so. */
const VERIFY_ROWS = 2_000;
const MINUTE_MS = 60_000;
/** What the first row follows. */
const BEGINNING = "0".repeat(64);

type NewRow = Omit<TrailRow, "id" | "hash">;

export function createAuditTrail(options: {
  readonly database: JournalDatabase;
  readonly nowMs: () => number;
}): AuditTrail {
  return new SqliteTrail(options.database, options.nowMs);
}

class SqliteTrail implements AuditTrail {
  private readonly database: JournalDatabase;
  private readonly nowMs: () => number;
  private waiting: NewRow[] = [];
  private minute = 0;
  private refusals = 0;

  constructor(database: JournalDatabase, nowMs: () => number) {
    this.database = database;
    this.nowMs = nowMs;
  }

  note(deed: Deed): void {
    const atMs = this.nowMs();
    const left = this.sampled(deed, atMs);
    if (left === null) return;
    for (const row of left) {
      if (this.waiting.length < WAITING_MAX) this.waiting.push({ ...cut(row), atMs });
    }
    this.write();
  }

  rows(query: TrailQuery): readonly TrailRow[] {
    return this.database.orm
      .select()
      .from(auditTrail)
      .where(and(...conditionsOf(query)))
      .orderBy(desc(auditTrail.id))
      .limit(query.limit)
      .all();
  }

  verify(): TrailVerdict {
    let lastHash = BEGINNING;
    let rows = 0;
    for (let after = 0; ; ) {
      const next = this.database.orm
        .select()
        .from(auditTrail)
        .where(sql`${auditTrail.id} > ${after}`)
        .orderBy(auditTrail.id)
        .limit(VERIFY_ROWS)
        .all();
      for (const row of next) {
        if (row.id !== after + 1 || row.hash !== hashOf(lastHash, row)) {
          return { rows, lastHash, brokenAt: row.id };
        }
        after = row.id;
        lastHash = row.hash;
        rows++;
      }
      if (next.length < VERIFY_ROWS) break;
    }
    const known = this.counted();
    return { rows, lastHash, brokenAt: known > rows ? rows + 1 : null };
  }

  /** How many rows there ever were: SQLite keeps it beside the table. */
  private counted(): number {
    const row = this.database.sqlite
      .query<{ seq: number }, []>("SELECT seq FROM sqlite_sequence WHERE name = 'audit_trail'")
      .get();
    return row?.seq ?? 0;
  }

  /** The deed, with a row for those that were only counted before it; null for one that is. */
  private sampled(deed: Deed, atMs: number): readonly Deed[] | null {
    const minute = Math.floor(atMs / MINUTE_MS);
    const skipped = Math.max(0, this.refusals - REFUSALS_PER_MINUTE_MAX);
    const isNewMinute = minute !== this.minute;
    if (isNewMinute) {
      this.minute = minute;
      this.refusals = 0;
    }
    const before = isNewMinute && skipped > 0 ? [notWritten(skipped)] : [];
    if (deed.kind !== "refusal") return [...before, deed];
    this.refusals++;
    return this.refusals > REFUSALS_PER_MINUTE_MAX ? null : [...before, deed];
  }

  private write(): void {
    const { sqlite, orm } = this.database;
    try {
      sqlite
        .transaction(() => {
          let previous = orm
            .select({ hash: auditTrail.hash })
            .from(auditTrail)
            .orderBy(desc(auditTrail.id))
            .limit(1)
            .get()?.hash;
          for (const row of this.waiting) {
            const hash = hashOf(previous ?? BEGINNING, row);
            orm
              .insert(auditTrail)
              .values({ ...row, hash })
              .run();
            previous = hash;
          }
        })
        .immediate();
      this.waiting = [];
    } catch {
      // A full disk: the record meets the same and reports it; the next deed tries again.
    }
  }
}

function notWritten(count: number): Deed {
  return {
    kind: "refusal",
    by: "",
    address: "",
    session: 0,
    what: "refusals of a busy minute",
    detail: `${count} more were not written`,
    outcome: "refused",
  };
}

/** One line each, without characters that reorder what is read. */
function cut({ kind, session, ...texts }: Deed): Deed {
  const line = (text: string): string =>
    text
      .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
      .trim()
      .slice(0, TEXT_CHARS_MAX);
  const { by, address, what, detail, outcome } = texts;
  return {
    kind,
    session,
    by: line(by),
    address: line(address),
    what: line(what),
    detail: line(detail),
    outcome: line(outcome),
  };
}

function hashOf(previous: string, row: NewRow): string {
  const { atMs, kind, by, address, session, what, detail, outcome } = row;
  const text = JSON.stringify([previous, atMs, kind, by, address, session, what, detail, outcome]);
  return encodeHexLowerCase(sha256(new TextEncoder().encode(text)));
}

function conditionsOf({ kind, by, q, fromMs, untilMs, before }: TrailQuery): SQL[] {
  const { detail, what, outcome, address } = auditTrail;
  const pattern = q === undefined ? "" : `%${q.replace(/[%_]/g, "")}%`;
  const found: (SQL | undefined)[] = [
    kind === undefined ? undefined : eq(auditTrail.kind, kind),
    by === undefined ? undefined : sql`lower(${auditTrail.by}) = lower(${by})`,
    q === undefined
      ? undefined
      : or(...[detail, what, outcome, address].map((column) => like(column, pattern))),
    fromMs === undefined ? undefined : gte(auditTrail.atMs, fromMs),
    untilMs === undefined ? undefined : lte(auditTrail.atMs, untilMs),
    before === undefined ? undefined : lt(auditTrail.id, before),
  ];
  return found.filter((condition) => condition !== undefined);
}
