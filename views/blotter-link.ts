/** Addresses of the blotter with its filter set: from a figure down to its executions. */

interface BlotterFilter {
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
  /** Dates as the blotter reads them: both days included. */
  readonly fromDate?: string | undefined;
  readonly toDate?: string | undefined;
  readonly isMaker?: boolean | undefined;
}

export function blotterHref(filter: BlotterFilter): string {
  const { symbol, strategy, fromDate, toDate, isMaker } = filter;
  const terms = [
    symbol === undefined ? "" : `sym:${symbol}`,
    strategy === undefined ? "" : `strategy:${strategy}`,
    fromDate === undefined ? "" : `from:${fromDate}`,
    toDate === undefined ? "" : `to:${toDate}`,
    isMaker === undefined ? "" : `maker:${isMaker ? "yes" : "no"}`,
  ].filter((term) => term !== "");
  return terms.length === 0 ? "/blotter" : `/blotter?q=${encodeURIComponent(terms.join(" "))}`;
}
