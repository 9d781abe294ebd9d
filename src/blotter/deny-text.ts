/** A refusal in words: what the gate is called, and the numbers that decided. */
import type { DenyReason } from "../domain/deny.ts";

/** "book stale · age 3,412 ms · age max 3,000 ms". */
export function denialText(reason: DenyReason): string {
  const { code, ...facts } = reason;
  const parts = Object.entries(facts).map(([name, value]) => factText(name, value));
  return [gateText(code), ...parts].join(" · ");
}

/** "book stale". */
export function gateText(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}

const UNITS: Readonly<Record<string, string>> = { Ms: " ms", Bps: " bps", Usdt: " USDT" };

/**
 * Moves the unit from the name to behind the number: "ageMsMax", 3000 becomes "age max 3,000 ms".
 */
function factText(name: string, value: unknown): string {
  if (typeof value !== "number") return `${spaced(name)} ${String(value)}`;
  const unit = /(Ms|Bps|Usdt)(?=Max$|$)/.exec(name)?.[1] ?? "";
  const number = grouped(Number(value.toFixed(4)));
  return `${spaced(name.replace(unit, ""))} ${number}${UNITS[unit] ?? ""}`;
}

/** With a comma between thousands; a minus as wide as a plus. */
function grouped(value: number): string {
  const [whole = "", fraction] = String(Math.abs(value)).split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0 ? "\u2212" : ""}${groups}${fraction === undefined ? "" : `.${fraction}`}`;
}

function spaced(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).trim();
}
