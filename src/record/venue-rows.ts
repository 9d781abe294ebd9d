/**
 * What an adapter remembers of its venue, in the database: the contract list as the venue gave it,
 * packed, and whose account each key opened. A key is known by its digest alone.
 *
 * Written at once and seldom (a list when it changed, an account when it is another). A disk that
 * refuses costs nothing but the memory, so it is logged and not tried again before the next change.
 */
import { and, eq } from "drizzle-orm";
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { RememberedContracts, VenueMemory } from "../runtime/ports/venue-memory.ts";
import type { JournalDatabase } from "../store/database.ts";
import { venueMemories } from "../store/schema.ts";

interface MemoryOptions {
  readonly database: JournalDatabase;
  readonly clock: Clock;
  readonly log: LogPort;
  /** Which venue, with its address where that is set: two servers list different contracts. */
  readonly place: string;
}

const CONTRACTS = "contracts";
/** Hexadecimal digits of a key's digest: no two keys of one operator share them. */
const KEY_DIGITS = 16;

/** The memory of one place. Nothing of it throws. */
export function venueMemory({ database, clock, log, place }: MemoryOptions): VenueMemory {
  const { orm } = database;
  const read = (name: string) => {
    const isIt = and(eq(venueMemories.place, place), eq(venueMemories.name, name));
    return orm.select().from(venueMemories).where(isIt).get();
  };
  const orNull = <Value>(recall: () => Value | null): Value | null => {
    try {
      return recall();
    } catch (error) {
      log.error("what the last run knew of the venue cannot be read", { text: errorText(error) });
      return null;
    }
  };
  const write = (name: string, value: Uint8Array, atMs: number): void => {
    const row = { value: Buffer.from(value), atMs };
    try {
      orm
        .insert(venueMemories)
        .values({ place, name, ...row })
        .onConflictDoUpdate({ target: [venueMemories.place, venueMemories.name], set: row })
        .run();
    } catch (error) {
      log.warn("what is known of the venue is not kept for the next start", {
        name,
        text: errorText(error),
      });
    }
  };
  return {
    contracts: () => orNull(() => contractsOf(read(CONTRACTS))),
    keepContracts: ({ rows, readAtMs }) => {
      write(CONTRACTS, Bun.gzipSync(Buffer.from(JSON.stringify(rows)), { level: 1 }), readAtMs);
    },
    accountId: (apiKey) => orNull(() => read(keyName(apiKey))?.value.toString("utf8") ?? null),
    keepAccountId: (apiKey, accountId) => {
      write(keyName(apiKey), Buffer.from(accountId), clock.nowMs());
    },
  };
}

function contractsOf(
  row: typeof venueMemories.$inferSelect | undefined,
): RememberedContracts | null {
  if (row === undefined) return null;
  const rows: unknown = JSON.parse(
    Buffer.from(Bun.gunzipSync(new Uint8Array(row.value))).toString("utf8"),
  );
  return Array.isArray(rows) ? { rows, readAtMs: row.atMs } : null;
}

function keyName(apiKey: string): string {
  const digest = new Bun.CryptoHasher("sha256").update(apiKey).digest("hex");
  return `account of ${digest.slice(0, KEY_DIGITS)}`;
}
