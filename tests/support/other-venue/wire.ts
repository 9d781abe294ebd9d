/**
 * The wire of a made-up venue, as far from Bybit's as it is easy to be: lines of comma-separated
 * values over one socket for everything, whole numbers of the smallest units instead of decimals,
 * and one count over all lines of a connection instead of a count a book.
 *
 * A line is `count,word,…`. Lists are "price:size|price:size". Empty means unchanged or none.
 */

/** Several lines may come in one message. */
export function linesOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(","));
}

export type Level = readonly [price: number, size: number];

export const listText = (levels: readonly Level[]): string =>
  levels.map(([price, size]) => `${price}:${size}`).join("|");

export function listOf(text: string): number[] {
  return text === "" ? [] : text.split("|").flatMap((level) => level.split(":").map(Number));
}

/** A contract of this venue, in the venue's own words. */
export interface Listed {
  readonly name: string;
  readonly coin: string;
  readonly tick: string;
  readonly lot: string;
  /** Where the price starts, in ticks. */
  readonly startTicks: number;
}

export const LISTED: readonly Listed[] = [
  { name: "TIN-PERP", coin: "TIN", tick: "0.05", lot: "0.1", startTicks: 40_000 },
  { name: "ZINC-PERP", coin: "ZINC", tick: "0.0002", lot: "10", startTicks: 25_000 },
];

/** What the venue takes of a trade's value, as shares. */
export const MAKER_SHARE = "0.0001";
export const TAKER_SHARE = "0.0004";
