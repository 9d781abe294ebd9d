/**
 * Today's result taken apart: what prices gave, what fees and funding took, what is open. The
 * engine counts sums from the start of the process, so the day's are those less what stood there
 * when the day began. What cannot be told apart (earlier runs of the same day, a position held over
 * its border) is a part of its own, so that the parts always add up to the net, exactly.
 */

import type { AccountAudit } from "../engine/audit.ts";
import { must } from "../kernel/assert.ts";
import { type Fixed, fixedToText, parseFixed } from "../kernel/fixed.ts";

type Sums = Pick<AccountAudit, "realisedText" | "feesText" | "fundingText">;

export interface DayStart extends Sums {
  readonly startsAtMs: number;
}

/** Exact decimal text in USDT, costs negative: gross + fees + funding + open + earlier = net. */
interface TodayParts {
  readonly net: string;
  readonly gross: string;
  readonly fees: string;
  readonly funding: string;
  readonly open: string;
  readonly earlier: string;
}

/**
 * Where the day's sums begin once the engine has told of a day: from nothing in the day in which
 * the process started, from what stands there in each later one.
 */
export function dayStartAfter(
  before: DayStart | null,
  startsAtMs: number,
  account: Sums,
): DayStart {
  if (before === null) return { startsAtMs, realisedText: "0", feesText: "0", fundingText: "0" };
  if (before.startsAtMs === startsAtMs) return before;
  const { realisedText, feesText, fundingText } = account;
  return { startsAtMs, realisedText, feesText, fundingText };
}

/** Null before the day is known. */
export function todayParts(account: AccountAudit, start: DayStart | null): TodayParts | null {
  if (start === null || account.unrealisedText === "") return null;
  const net = money(account.todayText);
  const gross = money(account.realisedText) - money(start.realisedText);
  const fees = money(start.feesText) - money(account.feesText);
  const funding = money(start.fundingText) - money(account.fundingText);
  const open = money(account.unrealisedText);
  const earlier = net - gross - fees - funding - open;
  return {
    net: fixedToText(net),
    gross: fixedToText(gross),
    fees: fixedToText(fees),
    funding: fixedToText(funding),
    open: fixedToText(open),
    earlier: fixedToText(earlier),
  };
}

function money(text: string): Fixed {
  return must(parseFixed(text), "the engine reports money as decimal text");
}
