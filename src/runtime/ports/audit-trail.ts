/**
 * The trail of what people did and tried: who, from where, in which session, and what came of it.
 * Rows are added and never changed; each carries a hash over itself and the row before, so that a
 * row that was changed or taken out is noticed.
 */

export type TrailKind = "command" | "sign-in" | "refusal" | "user" | "setting" | "other";

/** What is told of one deed. */
export interface Deed {
  readonly kind: TrailKind;
  /** Login name, or what stands for one ("control socket"); empty for a stranger. */
  readonly by: string;
  /** Address of the other end, or the way in where it has none. */
  readonly address: string;
  /** Number of the session, 0 where there is none. */
  readonly session: number;
  /** The verb, and what it is about. */
  readonly what: string;
  readonly detail: string;
  /** "done", or why not. */
  readonly outcome: string;
}

export interface TrailRow extends Deed {
  readonly id: number;
  readonly atMs: number;
  /** Hex SHA-256 over the row before and this one. */
  readonly hash: string;
}

export interface TrailQuery {
  readonly kind?: TrailKind | undefined;
  readonly by?: string | undefined;
  /** Text in what, detail, outcome or address. */
  readonly q?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Only rows before this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface TrailVerdict {
  readonly rows: number;
  /** Of the last row; keep it elsewhere to notice when rows are cut off at the end. */
  readonly lastHash: string;
  /** Number of the first row that does not follow from the one before; null when all do. */
  readonly brokenAt: number | null;
}

export interface AuditTrail {
  /** Never throws: what a full disk refuses is kept and written later. */
  note(deed: Deed): void;
  /** Newest first. */
  rows(query: TrailQuery): readonly TrailRow[];
  verify(): TrailVerdict;
}
