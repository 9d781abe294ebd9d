/** What an address says of the blotter: the list, the filter, and the page of it. */
import { z } from "zod";
import { FORMATS } from "../blotter/cells.ts";
import { FILTER_CHARS_MAX, type Filter, parseFilter } from "../blotter/filter.ts";
import type { Tab } from "../blotter/filter-terms.ts";
import { BadParameter, oneOf, textParam, wholeParam } from "./params.ts";

/** Far beyond what a filter may hold, so that the answer to a long one is the filter's own. */
const TEXT_CHARS_MAX = 4 * FILTER_CHARS_MAX;

export const filterParam = () => textParam(TEXT_CHARS_MAX);
export const rowParam = () => wholeParam(1, Number.MAX_SAFE_INTEGER);

/** The lists that there are, and the one that is shown unless another is asked for. */
export const LISTS = ["trips", "fills", "orders", "refusals"] as const;

/** A page as JSON; all rows where a format is asked for. */
export const BLOTTER_PAGE = z.object({
  q: filterParam().optional(),
  format: oneOf(FORMATS).optional(),
  limit: wholeParam(1, 1_000).optional(),
  before: rowParam().optional(),
  after: rowParam().optional(),
});

/** The filter, for programs. Throws {@link BadParameter} that names `q` and the term. */
export function filterOf(
  text: string,
  base: { readonly tab: Tab; readonly nowMs: number; readonly timeZone: string },
): Filter {
  const parsed = parseFilter(text, base);
  if (parsed.ok) return parsed.value;
  const { term, wanted, message } = parsed.problem;
  throw new BadParameter("q", wanted, `Parameter "q", term "${term}": ${message}`);
}
