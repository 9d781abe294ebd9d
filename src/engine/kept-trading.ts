/**
 * The state of trading as it outlives the process: one small value, written by the step that
 * changes it and read by the next start. `trading-memory.ts` says when, and what a start makes of
 * it.
 */
import type { Intervention, InterventionCause } from "./audit.ts";

/** Entries of one symbol are stopped until an operator resumes it; its exits stay. */
export interface SymbolHalt {
  readonly symbol: string;
  /** Login name, or the program's own. */
  readonly by: string;
  readonly cause: InterventionCause;
  readonly reason: string;
  /** Our clock. */
  readonly sinceMs: number;
  /** The close that is under way there, as it was told when it began. */
  readonly closing?: Intervention | undefined;
  /** A close there is done: whatever may still come is closed too. */
  readonly isClosed?: boolean | undefined;
}

/** What halted trading; "none" while it is on, "not armed" before it ever was. */
export type HaltCause = InterventionCause | "restart" | "not armed" | "none";

export interface KeptTrading {
  readonly armed: boolean;
  readonly wasArmed: boolean;
  readonly haltReason: string;
  readonly haltedBy: string;
  readonly haltCause: HaltCause;
  /** The flatten that is under way, as it was last told; null when none is. */
  readonly flatten: Intervention | null;
  /** By symbol. Replaced as a whole when one changes, so that two are compared at no cost. */
  readonly symbolHalts: ReadonlyMap<string, SymbolHalt>;
}

/** How the run before this one ended. */
export type Restart = "none" | "clean" | "crash";
