/** What is known of another engine on our account; `neighbours.ts` says what follows from it. */
import type { SymbolId } from "../domain/units.ts";

export interface Neighbour {
  /** The venue's time of the last order event or execution of it. */
  movedVenueAtMs: number;
  /** Open orders of it in the last snapshot, and those reported since. */
  readonly open: Set<string>;
  /** Symbols that it ordered in. */
  readonly symbols: Set<SymbolId>;
  /** The first thing that was seen of it, for people. */
  readonly seen: string;
}

/** Why another engine forbids to enter, null when none is about. */
export function neighbourReason(neighbours: ReadonlyMap<string, Neighbour>): string | null {
  for (const [installation, { seen }] of neighbours) {
    const what = `another engine trades on this account: installation ${installation} has ${seen}`;
    return `${what}; stop one of the two, or take over a dead one`;
  }
  return null;
}
