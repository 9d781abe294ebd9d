/**
 * What every money figure must be, by plain arithmetic on the rows of `trades` in the file: no sum
 * of the product's is used, and no money arithmetic of its either.
 */
import { Database } from "bun:sqlite";
import { join } from "node:path";

const DECIMALS = 18;

/** Decimal text in units of 10^-18. */
export function units(text: string): bigint {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const amount = BigInt(whole + fraction.padEnd(DECIMALS, "0"));
  return text.startsWith("-") ? -amount : amount;
}

/** Back to text, without trailing zeros. */
export function decimal(amount: bigint): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -DECIMALS)}${fraction && `.${fraction}`}`;
}

export interface TradeLine {
  readonly execId: string;
  readonly kind: string;
  readonly runId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly isMaker: number;
  readonly atMs: number;
  readonly realised: bigint;
  readonly fee: bigint;
  readonly funding: bigint;
}

type RawLine = Omit<TradeLine, "realised" | "fee" | "funding"> &
  Readonly<Record<"realised" | "fee" | "funding", string>>;

/** Our executions, oldest first. */
export function tradeLines(dir: string): TradeLine[] {
  const database = new Database(join(dir, "data/scalper.db"), { readonly: true });
  const rows = database
    .query<RawLine, []>(
      "SELECT exec_id AS execId, exec_kind AS kind, run_id AS runId, symbol, strategy, " +
        "is_maker AS isMaker, at_ms AS atMs, realised_pnl AS realised, fee, funding " +
        "FROM trades WHERE is_ours = 1 AND account_key <> '' ORDER BY id",
    )
    .all();
  database.close();
  return rows.map((row) => ({
    ...row,
    realised: units(row.realised),
    fee: units(row.fee),
    funding: units(row.funding),
  }));
}

export const netOf = ({ realised, fee, funding }: TradeLine): bigint => realised - fee - funding;

export const sum = (rows: readonly TradeLine[], of: (row: TradeLine) => bigint = netOf): bigint =>
  rows.reduce((total, row) => total + of(row), 0n);

/** The date on the calendar of a place. */
export function dateIn(atMs: number, timeZone: string): string {
  return new Date(atMs).toLocaleDateString("en-CA", { timeZone });
}
