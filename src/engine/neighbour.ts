/** What is known of another engine on our account; `neighbours.ts` says what follows from it. */
import type { SymbolId } from "../domain/units.ts";

/**
 * A live engine requotes or is filled many times in this; one that only waits for a person may be
 * silent for longer, which is why silence alone is not enough.
 */
export const TAKE_OVER_SILENCE_MS = 5 * 60_000;

export interface Neighbour {
  /** The venue's time of the last order event or execution of it. */
  movedVenueAtMs: number;
  /** Our clock when it will have been silent for long enough, unless it moves before. */
  silentAtMs: number;
  /** Open orders of it in the last snapshot, and those reported since. */
  readonly open: Set<string>;
  /** Symbols that it ordered in. */
  readonly symbols: Set<SymbolId>;
  /** The first thing that was seen of it, for people. */
  readonly seen: string;
}

interface About {
  readonly neighbours: ReadonlyMap<string, Neighbour>;
  readonly options: { readonly takeOver?: string };
}

/**
 * Why another engine forbids to enter, null when none is about. With the time also how long one
 * that a person called dead is still waited for.
 */
export function neighbourReason({ neighbours, options }: About, atMs?: number): string | null {
  for (const [installation, { seen, silentAtMs }] of neighbours) {
    const what = `another engine trades on this account: installation ${installation} has ${seen}`;
    if (atMs !== undefined && installation === options.takeOver) {
      return `${what}; ${waitText(Math.max(0, silentAtMs - atMs))}`;
    }
    return `${what}; stop one of the two, or take over a dead one`;
  }
  return null;
}

function waitText(leftMs: number): string {
  const silence = `nothing of it may move for ${TAKE_OVER_SILENCE_MS / 60_000} minutes`;
  const left =
    leftMs === 0 ? "the account is being read for it" : `${Math.ceil(leftMs / 1_000)} s are left`;
  return `it is taken over as wanted once it was silent: ${silence}, ${left}`;
}
