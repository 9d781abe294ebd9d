/**
 * How a person's change of the risk limits reaches those who must know it, and what it would do.
 */
import type { LimitName } from "../../risk/limit-terms.ts";
import type { RiskLimits } from "../../risk/limits.ts";

/** One limit that changed, as it is recorded. */
export interface LimitChange {
  readonly atMs: number;
  /** Login name. */
  readonly by: string;
  readonly reason: string;
  readonly name: LimitName;
  readonly before: number;
  readonly after: number;
  /** False: it was given back to the settings. */
  readonly isHeld: boolean;
}

/** New values by name; null gives a limit back to the settings. */
export type LimitWishes = Readonly<Partial<Record<LimitName, number | null>>>;

interface LimitWish {
  readonly wishes: LimitWishes;
  readonly by: string;
  readonly reason: string;
  /** Somebody looked at what loosens and wants it. */
  readonly confirmed: boolean;
}

/** What a change would do at this moment. */
export interface LimitPreview {
  readonly changes: readonly {
    readonly name: LimitName;
    readonly before: number;
    readonly after: number;
    readonly loosens: boolean;
  }[];
  /** Client ids of working entries that would be taken back. */
  readonly cancels: readonly string[];
  /** What would stop entries, in words with numbers. */
  readonly denies: readonly string[];
}

export type LimitOutcome =
  | { readonly result: "changed"; readonly preview: LimitPreview }
  /** A value or a pair of them cannot be; nothing changed. */
  | { readonly result: "wrong"; readonly name: string; readonly wanted: string }
  /** It loosens and nobody confirmed that; nothing changed. */
  | { readonly result: "unconfirmed"; readonly preview: LimitPreview }
  /** It could not be written, and what is loosened must be; nothing changed. */
  | { readonly result: "unwritten"; readonly text: string };

export interface LimitsDesk {
  /** As they were set: by the settings, or by whoever changed them since. */
  set(): RiskLimits;
  /** The newest change of each limit that does not stand in the settings. */
  held(): ReadonlyMap<LimitName, LimitChange>;
  preview(wishes: LimitWishes): LimitOutcome | LimitPreview;
  change(wish: LimitWish): LimitOutcome;
}
