/**
 * How a browser shows things, as it keeps it itself: a cookie of class names, which are written on
 * <html>, so that the first paint is right and nothing inline is needed. Unknown names are dropped.
 */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";

const COOKIE = "scalper_display";

const KNOWN: readonly string[] = [
  "density-comfort",
  "palette-blue-orange",
  "zone-local",
  "keys-off",
];

/** Classes of <html> for this request. */
export function displayOf(c: Context): readonly string[] {
  const asked = (getCookie(c, COOKIE) ?? "").split(".");
  return KNOWN.filter((name) => asked.includes(name));
}
