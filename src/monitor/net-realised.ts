/** The one sum that readers make of the ledger: exact text in, exact text out. */

import { must } from "../kernel/assert.ts";
import { type Fixed, fixedToText, parseFixed } from "../kernel/fixed.ts";
import type { AccountAudit } from "./view.ts";

/**
 * What is left of the realised profit after fees and funding, of an account, a strategy's line or a
 * position; empty before the first report.
 */
export function netRealisedText(
  account: Pick<AccountAudit, "realisedText" | "feesText" | "fundingText">,
): string {
  const { realisedText, feesText, fundingText } = account;
  if (realisedText === "") return "";
  return fixedToText(money(realisedText) - money(feesText) - money(fundingText));
}

function money(text: string): Fixed {
  return must(parseFixed(text), "the engine reports money as decimal text");
}
