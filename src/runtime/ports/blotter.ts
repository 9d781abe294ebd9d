/** The blotter: executions, orders and refusals of the record, filtered and added up. */

export type StepKind =
  | "wanted"
  | "sent"
  | "acknowledged"
  | "open"
  | "filled"
  | "move_asked"
  | "moved"
  | "cancel_asked"
  | "silent"
  | "ended"
  | "rejected"
  | "failed";

/** One thing that happened to an order, by our clock. */
export interface LifeStep {
  readonly atMs: number;
  readonly kind: StepKind;
  /** Its words and numbers: reason, terms, venue's id, filled of wanted, last word. */
  readonly text: string;
}
