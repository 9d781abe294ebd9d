/**
 * Exact decimals without floats.
 *
 * Venues send prices and quantities as decimal text on a grid (tick size, quantity step). Inside
 * the engine they are whole numbers of that grid. The conversion is exact in both directions: text
 * that does not lie on the grid, or does not fit 2^53, becomes NaN here and an error at the
 * adapter.
 */

/** How a venue writes decimals: linear contracts keep tick decimals, spot drops trailing zeros. */
type DecimalStyle = "fixed" | "trimmed";

export interface Grid {
  /** The grid's unit as the venue writes it, for example "0.10". */
  readonly unitText: string;
  /** Decimals of the unit after trailing zeros are kept as written: "0.10" has 2. */
  readonly decimals: number;
  /** The unit times 10^decimals: "0.10" is 10, "0.005" is 5. */
  readonly unitMantissa: number;
  readonly style: DecimalStyle;
}

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const MINUS = 45;

/** 10^0 … 10^22: every one of them is exact as a double. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** Makes a grid from the unit's text. Throws RangeError when the text is not a positive decimal. */
export function gridOf(unitText: string, style: DecimalStyle = "fixed"): Grid {
  const [whole = "", fraction = ""] = unitText.split(".");
  const unitMantissa = Number(`${whole}${fraction}`);
  if (!/^\d+(\.\d+)?$/.test(unitText) || !(unitMantissa > 0)) {
    throw new RangeError(
      `cannot make a price or quantity grid: wanted a positive decimal, found "${unitText}"`,
    );
  }
  return { unitText, decimals: fraction.length, unitMantissa, style };
}

/**
 * Decimal text to whole grid units. Returns NaN when the text is not a plain decimal, is off the
 * grid, or does not fit 2^53; the caller decides what an off-grid number means.
 */
export function toUnits(grid: Grid, text: string): number {
  let mantissa = 0;
  let decimals = -1;
  let index = 0;
  const negative = text.charCodeAt(0) === MINUS;
  if (negative) index = 1;
  if (index === text.length) return Number.NaN;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) {
      mantissa = mantissa * 10 + (code - ZERO);
      if (decimals >= 0) decimals++;
    } else if (code === DOT && decimals < 0) decimals = 0;
    else return Number.NaN;
  }
  const units = scaleToGrid(grid, mantissa, Math.max(decimals, 0));
  return negative && units !== 0 ? -units : units;
}

/** A parsed number mantissa × 10^-decimals to whole grid units, NaN when it is not one. */
export function scaleToGrid(grid: Grid, mantissa: number, decimals: number): number {
  if (mantissa > Number.MAX_SAFE_INTEGER) return Number.NaN;
  const shift = grid.decimals - decimals;
  const power = POWERS[shift < 0 ? -shift : shift];
  if (power === undefined) return Number.NaN;
  const scaled = shift >= 0 ? mantissa * power : mantissa / power;
  if (scaled > Number.MAX_SAFE_INTEGER) return Number.NaN;
  const units = grid.unitMantissa === 1 ? scaled : scaled / grid.unitMantissa;
  return Number.isInteger(units) ? units : Number.NaN;
}

/** Whole grid units to the venue's own decimal text. */
export function toText(grid: Grid, units: number): string {
  const mantissa = units * grid.unitMantissa;
  if (grid.decimals === 0) return String(mantissa);
  const digits = String(Math.abs(mantissa)).padStart(grid.decimals + 1, "0");
  const cut = digits.length - grid.decimals;
  const text = `${mantissa < 0 ? "-" : ""}${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return grid.style === "fixed" ? text : trimZeros(text);
}

/** Whole grid units to a float, for signals and display only: never for an order or the ledger. */
export function toNumber(grid: Grid, units: number): number {
  return (units * grid.unitMantissa) / (POWERS[grid.decimals] ?? 10 ** grid.decimals);
}

/**
 * The shortest decimal text of a double, without an exponent and with at least `decimalsMin`
 * decimals: 1.5e-7 is "0.00000015". A decimal of up to 15 digits comes back as it was read.
 */
export function decimalText(value: number, decimalsMin: number): string {
  const [mantissa = "", exponent] = String(value).split("e");
  const text = exponent === undefined ? mantissa : shifted(mantissa, Number(exponent));
  if (decimalsMin === 0) return text;
  const [whole = "", fraction = ""] = text.split(".");
  return `${whole}.${fraction.padEnd(decimalsMin, "0")}`;
}

/** Writes mantissa × 10^exponent out; the point moves, the digits stay. */
function shifted(mantissa: string, exponent: number): string {
  const isNegative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = (isNegative ? mantissa.slice(1) : mantissa).split(".");
  const digits = `${whole}${fraction}`;
  const point = whole.length + exponent;
  const text =
    point > 0 ? digits.padEnd(point, "0") : `0.${digits.padStart(digits.length - point, "0")}`;
  return isNegative ? `-${text}` : text;
}

/** "1.500" becomes "1.5", "2.000" becomes "2". */
export function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}
