/** A symbol entered or left the active set, as the audit tells it. */
import type { Score } from "../universe/score.ts";

export interface UniverseChange {
  readonly atMs: number;
  readonly symbol: string;
  readonly verb: "in" | "out";
  /** 0 … 100. */
  readonly score: number;
  /** With the numbers that decided, for example "in 71.2 for QUOARUSDT 63.8". */
  readonly reason: string;
  /** What the score was made of. */
  readonly parts: Score;
}
