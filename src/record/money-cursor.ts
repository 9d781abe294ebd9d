/** Up to where the sums are kept, and what is open there: enough for the fold to go on. */
import { z } from "zod";
import type { OpenTrip } from "../pnl/round-trip.ts";
import type { JournalDatabase } from "../store/database.ts";

interface MoneyCursor {
  readonly throughId: number;
  readonly open: ReadonlyMap<string, OpenTrip>;
}

const START: MoneyCursor = { throughId: 0, open: new Map() };

/** Whole numbers of 10^-18 as text: JSON has no such numbers. */
const whole = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt);

const openTrips = z.array(
  z.object({
    symbol: z.string(),
    side: z.enum(["buy", "sell"]),
    strategy: z.string(),
    openedAtMs: z.number(),
    entryClientId: z.string(),
    position: whole,
    enteredQty: whole,
    enteredValue: whole,
    exitedQty: whole,
    exitedValue: whole,
    gross: whole,
    fees: whole,
    funding: whole,
    fills: z.number(),
    value: whole,
    makerValue: whole,
    openEdge: whole,
    isEdgeKnown: z.boolean(),
    isWhole: z.boolean(),
  }),
);

export function openText(open: ReadonlyMap<string, OpenTrip>): string {
  return JSON.stringify([...open.values()], (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

interface CursorRow {
  readonly throughId: number;
  readonly openTrips: string;
}

/** The cursor of an account; the very start when its sums are of days in another time zone. */
export function cursorReader({ sqlite }: Pick<JournalDatabase, "sqlite">, timeZone: string) {
  const row = sqlite.query<CursorRow, [string, string]>(
    "SELECT through_trade_id AS throughId, open_trips AS openTrips FROM money_cursors " +
      "WHERE account_key = ? AND time_zone = ?",
  );
  return (accountKey: string): MoneyCursor => {
    const found = row.get(accountKey, timeZone);
    if (found === null) return START;
    const open = openTrips.parse(JSON.parse(found.openTrips));
    return { throughId: found.throughId, open: new Map(open.map((trip) => [trip.symbol, trip])) };
  };
}
