/**
 * What the record calls an account: its place and its id there.
 *
 * The id is the venue's own. An exchange that begins anew with each start gives another id each
 * time, so that its accounts are told apart by themselves. Profiles are statistics of a market as
 * an account traded it: where accounts do not outlive the process they go on under the place.
 */
import type { Mode } from "./mode.ts";

export function accountKeyOf({ place }: Pick<Mode, "place">, accountId: string): string {
  return `${place}:${accountId}`;
}

export function profileKeyOf(mode: Pick<Mode, "place" | "account">, accountId: string): string {
  if (mode.account === "venue") return accountKeyOf(mode, accountId);
  return `${mode.place} (${mode.account})`;
}
