/**
 * Which Host headers may be answered without a login. A page on the internet can make a browser
 * send requests to 127.0.0.1 under the page's own name (DNS rebinding); the Host header then
 * carries that name. Numeric addresses and localhost cannot be used that way.
 */
import { isIP } from "node:net";

/** True for localhost, *.localhost and numeric addresses, with or without a port. */
export function isTrustedHost(host: string | undefined): boolean {
  if (host === undefined) return true;
  const name = host.startsWith("[")
    ? host.slice(1, host.indexOf("]"))
    : (host.split(":")[0] ?? "").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || isIP(name) !== 0;
}
