/**
 * Numbers, times and sizes as people read them. Display only: what is exact stays in a title or
 * behind the API. Minus is U+2212 so that signs align with plus in tabular figures.
 */

const MINUS = "\u2212";
/** Shown for what is not known, never for zero. */
export const NONE = "–";

/** "1234567.890" → "1,234,567.890": groups the whole part and touches no digit. */
export function grouped(text: string): string {
  if (text === "") return NONE;
  const negative = text.startsWith("-");
  const [whole = "", fraction] = (negative ? text.slice(1) : text).split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? MINUS : ""}${groups}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** Words with numbers in them, as strategies write them: minus as everywhere, no minus zero. */
export function withMinus(words: string): string {
  return words.replace(/(?<![\w.-])-(?=\d)([\d.]+)/g, (_, digits: string) =>
    Number(digits) === 0 ? digits : `${MINUS}${digits}`,
  );
}

/** Rounded to `decimals`, grouped; "–" when it is not a number. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return NONE;
  const text = value.toFixed(decimals);
  return grouped(Number(text) === 0 ? text.replace("-", "") : text);
}

/** Like {@link fixed} with a plus before what is above zero. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(value.toFixed(decimals)) !== 0 ? `+${text}` : text;
}

/** Of an average whose tick is not known any more: more digits than prices have say nothing. */
const AVERAGE_DIGITS = 8;
/** An average lies between ticks: a hundredth of a tick is all that anybody reads. */
const DECIMALS_BEYOND_TICK = 2;

/** An average price, to two decimals beyond its tick's; eight digits where no tick is known. */
export function averagePrice(text: string, tickDecimals: number | undefined): string {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) return grouped(text);
  if (tickDecimals !== undefined) return fixed(value, tickDecimals + DECIMALS_BEYOND_TICK);
  const short = value.toPrecision(AVERAGE_DIGITS);
  return grouped(short.length < text.length && !short.includes("e") ? short : text);
}

interface Pnl {
  readonly text: string;
  readonly tone: "up" | "down" | "flat";
}

/** Money won or lost: two decimals, four below a cent; what rounds to zero is zero, and grey. */
export function pnl(value: number): Pnl {
  const decimals = Math.abs(value) < 0.01 && Number(value.toFixed(4)) !== 0 ? 4 : 2;
  const shown = Number(value.toFixed(decimals));
  const tone = shown > 0 ? "up" : shown < 0 ? "down" : "flat";
  return { text: signed(value, decimals), tone };
}

/** 4 100 000 000 → "4.10 B". */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const units = [
    { from: 1e9, name: "B" },
    { from: 1e6, name: "M" },
    { from: 1e3, name: "k" },
  ];
  const unit = units.find(({ from }) => Math.abs(value) >= from);
  return unit === undefined ? fixed(value, 0) : `${fixed(value / unit.from, 2)} ${unit.name}`;
}

export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${fixed(value, unit === 0 ? 0 : 1)} ${units[unit] ?? ""}`;
}

/** "05:39:58", UTC. */
export function clockUtc(atMs: number): string {
  return isTime(atMs) ? new Date(atMs).toISOString().slice(11, 19) : NONE;
}

/** "2026-11-21 05:39:58", UTC. */
export function dateTimeUtc(atMs: number): string {
  return isTime(atMs) ? new Date(atMs).toISOString().slice(0, 19).replace("T", " ") : NONE;
}

/** ISO 8601 for the datetime attribute. */
export function isoUtc(atMs: number): string {
  return isTime(atMs) ? new Date(atMs).toISOString() : "";
}

function isTime(atMs: number): boolean {
  return Number.isFinite(atMs) && atMs > 0 && atMs < 8.64e15;
}

/**
 * A length of time in its two largest units: "38 ms", "4 s", "2 min 5 s", "1 h 3 min", "2 d 4 h".
 */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return NONE;
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
