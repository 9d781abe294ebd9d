/**
 * Cash in or out of the first account, by request while the market runs:
 * `{"amountUsdt":"-500"}`; with `"isLogged":false` the transaction log says nothing of it.
 */
import { z } from "zod";
import { parseFixed } from "../../../kernel/fixed.ts";
import type { SimVenue } from "../../world/world.ts";

const TransferSchema = z.strictObject({
  amountUsdt: z.string().regex(/^-?\d+(\.\d{1,8})?$/),
  isLogged: z.boolean().default(true),
});

/** Throws ZodError for bad input, RangeError for what the account does not have. */
export function transferCash(venue: SimVenue, input: unknown): void {
  const { amountUsdt, isLogged } = TransferSchema.parse(input);
  const [accountId] = venue.accountIds();
  if (accountId === undefined) throw new RangeError("there is no account");
  const reply = venue.core.transfer(accountId, { amount: parseFixed(amountUsdt) ?? 0n, isLogged });
  if (reply.code !== 0) throw new RangeError(reply.text);
}
