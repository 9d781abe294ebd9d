/**
 * The venue books money with eight decimals and reports what it booked, so that a client who adds
 * up what it was told arrives at its wallet.
 */
import { FIXED_DECIMALS, type Fixed } from "../../kernel/fixed.ts";

const BOOKED_DECIMALS = 8;
const UNIT = 10n ** BigInt(FIXED_DECIMALS - BOOKED_DECIMALS);

/** Cut toward zero to the decimals that are booked. */
export function booked(amount: Fixed): Fixed {
  return (amount / UNIT) * UNIT;
}
