/**
 * Keeps what people said of symbols: one row a symbol, written at once and not with the batch,
 * since it must be there when the process is killed in the next moment. A disk that refuses does
 * not hold the engine up: the newest words of each symbol are tried again until they are written.
 */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalDatabase } from "../store/database.ts";
import { symbolWords } from "../store/schema.ts";
import { NO_OVERRIDES, type SymbolWords } from "../universe/operator-words.ts";

/** A disk that refused is asked again once a second: soon enough to notice room, no load. */
const RETRY_AFTER_MS = 1_000;

const mark = z.object({ by: z.string(), reason: z.string(), atMs: z.number() });
const value = z.number().nullable().catch(null);
/** A number that a later version knows is left out here. */
const overrides = z
  .object({
    enterScore: value,
    spreadBpsMax: value,
    topDepthUsdtMin: value,
    adverseBps: value,
  })
  .partial();

/** What was said of symbols as the last run on the account left it. */
export function loadWords({ orm }: JournalDatabase, profileKey: string): SymbolWords[] {
  const rows = orm.select().from(symbolWords).where(eq(symbolWords.accountKey, profileKey)).all();
  return rows.map(({ symbol, pin, block, note, by, updatedAtMs, overrides: text }) => ({
    symbol,
    pin: pin === null ? null : mark.parse(JSON.parse(pin)),
    block: block === null ? null : mark.parse(JSON.parse(block)),
    note,
    overrides: { ...NO_OVERRIDES, ...given(overrides.parse(JSON.parse(text))) },
    by,
    updatedAtMs,
  }));
}

/** Without what is undefined. */
function given(found: z.infer<typeof overrides>) {
  const known = Object.entries(found).filter(([, number]) => number !== undefined);
  return Object.fromEntries(known);
}

interface KeeperOptions {
  readonly database: JournalDatabase;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly profileKey: string;
}

/** Makes the function that writes a symbol's words before it returns. It never throws. */
export function wordsKeeper(options: KeeperOptions): (words: SymbolWords) => void {
  const { database, clock, log, profileKey } = options;
  const waiting = new Map<string, SymbolWords>();
  let isRetrying = false;
  function write(): void {
    try {
      for (const words of waiting.values()) writeRow(database, profileKey, words);
      waiting.clear();
    } catch (error) {
      const text = errorText(error);
      log.error("what was said of a symbol is not kept: a crash now would forget it", { text });
      if (isRetrying) return;
      isRetrying = true;
      clock.after(RETRY_AFTER_MS, () => {
        isRetrying = false;
        write();
      });
    }
  }
  return (words) => {
    waiting.set(words.symbol, words);
    write();
  };
}

function writeRow({ orm }: JournalDatabase, accountKey: string, words: SymbolWords): void {
  const { symbol, pin, block, note, by, updatedAtMs } = words;
  const row = {
    pin: pin === null ? null : JSON.stringify(pin),
    block: block === null ? null : JSON.stringify(block),
    note,
    overrides: JSON.stringify(words.overrides),
    by,
    updatedAtMs,
  };
  orm
    .insert(symbolWords)
    .values({ accountKey, symbol, ...row })
    .onConflictDoUpdate({ target: [symbolWords.accountKey, symbolWords.symbol], set: row })
    .run();
}
