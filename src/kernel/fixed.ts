/**
 * Money as a fixed-point bigint with 18 decimals.
 *
 * A value is price × quantity: at most 8 + 8 decimals on any venue grid, so 18 hold every value
 * exactly; fees arrive as text with at most 18 decimals. Nothing here rounds silently: a product
 * with a rate truncates toward zero and says so, a text with more decimals is refused.
 */
export type Fixed = bigint;

export const FIXED_DECIMALS = 18;
export const FIXED_ONE: Fixed = 10n ** BigInt(FIXED_DECIMALS);

const PATTERN = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * Decimal text to money. Empty text is zero, as the venue writes "" for none. Null when malformed.
 */
export function parseFixed(text: string): Fixed | null {
  if (text === "") return 0n;
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > FIXED_DECIMALS) return null;
  const value = BigInt((match[2] ?? "0") + fraction.padEnd(FIXED_DECIMALS, "0"));
  return match[1] === "-" ? -value : value;
}

/**
 * Money to decimal text, exact, without trailing zeros but with at least `decimalsMin` decimals.
 */
export function fixedToText(value: Fixed, decimalsMin = 0): string {
  const digits = (value < 0n ? -value : value).toString().padStart(FIXED_DECIMALS + 1, "0");
  const whole = digits.slice(0, -FIXED_DECIMALS);
  const fraction = digits.slice(-FIXED_DECIMALS).replace(/0+$/, "").padEnd(decimalsMin, "0");
  return `${value < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** value × rate, truncated toward zero at 18 decimals. */
export function mulFixed(value: Fixed, rate: Fixed): Fixed {
  return (value * rate) / FIXED_ONE;
}

/** Money to a float, for display and signals only. */
export function fixedToNumber(value: Fixed): number {
  return Number(value) / 1e18;
}

/** A mantissa × 10^-decimals as money: exact for decimals ≤ 18. */
export function fixedOf(mantissa: bigint, decimals: number): Fixed {
  return mantissa * 10n ** BigInt(FIXED_DECIMALS - decimals);
}
