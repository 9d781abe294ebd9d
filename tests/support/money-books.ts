/**
 * What every money figure must be, by plain arithmetic on the rows of `trades` in the file: no sum
 * of the product's is used, and no money arithmetic of its either.
 */
import type { Database } from "bun:sqlite";

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
  readonly id: number;
  readonly execId: string;
  readonly kind: string;
  readonly runId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly isMaker: number;
  readonly atMs: number;
  readonly value: bigint;
  readonly realised: bigint;
  readonly fee: bigint;
  readonly funding: bigint;
}

type RawLine = Omit<TradeLine, "value" | "realised" | "fee" | "funding"> &
  Readonly<Record<"value" | "realised" | "fee" | "funding", string>>;

/** Our executions, oldest first. */
export function tradeLines(sqlite: Database): TradeLine[] {
  const rows = sqlite
    .query<RawLine, []>(
      "SELECT id, exec_id AS execId, exec_kind AS kind, run_id AS runId, symbol, strategy, " +
        "is_maker AS isMaker, at_ms AS atMs, value, realised_pnl AS realised, fee, funding " +
        "FROM trades WHERE is_ours = 1 AND account_key <> '' ORDER BY id",
    )
    .all();
  return rows.map((row) => ({
    ...row,
    value: units(row.value),
    realised: units(row.realised),
    fee: units(row.fee),
    funding: units(row.funding),
  }));
}

export const netOf = ({ realised, fee, funding }: TradeLine): bigint => realised - fee - funding;

export const sum = (rows: readonly TradeLine[], of: (row: TradeLine) => bigint = netOf): bigint =>
  rows.reduce((total, row) => total + of(row), 0n);

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

export interface LocalTime {
  readonly date: string;
  /** 0 is Monday. */
  readonly weekday: number;
  readonly hour: number;
}

/** What calendar and clock of a place say; a runtime takes its time to know, so once a moment. */
export function clockIn(timeZone: string): (atMs: number) => LocalTime {
  const dates = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const hours = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    hourCycle: "h23",
  });
  const known = new Map<number, LocalTime>();
  return (atMs) => {
    const found = known.get(atMs);
    if (found !== undefined) return found;
    const parts = hours.formatToParts(atMs);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
    const weekday = WEEKDAYS.indexOf(part("weekday"));
    const local = { date: dates.format(atMs), weekday, hour: Number(part("hour")) };
    known.set(atMs, local);
    return local;
  };
}
