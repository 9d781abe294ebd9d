/** How far the proof of a flatten has come. */
export interface FlatProof {
  /** What the last read said against it; empty when none did. */
  readonly doubt: string;
  /** How often orders that are not ours were cancelled for it. */
  readonly cancels: number;
  /** Our clock before which nothing new is to be expected of another read. */
  readonly againAtMs: number;
}

export const NO_PROOF: FlatProof = { doubt: "", cancels: 0, againAtMs: 0 };
