/**
 * What an adapter keeps of its venue over a restart, so that a start whose questions are not
 * answered (the address is banned) still knows what may be reduced, and by which units.
 */

/** The contract list as it was last read. */
export interface RememberedContracts {
  /** The venue's own rows, read by the same decoder as fresh ones. */
  readonly rows: readonly unknown[];
  /** Our clock. */
  readonly readAtMs: number;
}

/** None of it throws: what cannot be kept is told by whoever keeps it. */
export interface VenueMemory {
  /** Null when no list was kept, or none that can be read. */
  contracts(): RememberedContracts | null;
  keepContracts(contracts: RememberedContracts): void;
  /** The account that this key opened last; null when it never did. */
  accountId(apiKey: string): string | null;
  keepAccountId(apiKey: string, accountId: string): void;
}

/** Where nothing outlives the process: an exchange that begins anew with each start, a replay. */
export const NO_MEMORY: VenueMemory = {
  contracts: () => null,
  keepContracts: () => {},
  accountId: () => null,
  keepAccountId: () => {},
};
