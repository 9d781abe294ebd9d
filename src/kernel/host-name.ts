/**
 * Who a request was addressed to, and from whose page. A page on the internet can make a browser
 * send requests to 127.0.0.1: under its own name (DNS rebinding; the Host header carries that
 * name), or across sites (the Origin header names the page). Numeric addresses and localhost cannot
 * be rebound, and what programs send has no Origin.
 */

const HOST = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253}))(?::(\d{1,5}))?$/;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/**
 * True for localhost, *.localhost, numeric addresses, and `names`, each with or without a port. A
 * missing Host is an old program's, never a browser's. Whatever is no host at all is refused.
 */
export function isTrustedHost(host: string | undefined, names: readonly string[] = []): boolean {
  if (host === undefined) return true;
  const [whole, six, name = ""] = HOST.exec(host.toLowerCase()) ?? [];
  if (whole === undefined) return false;
  if (six !== undefined) return six.includes(":");
  if (name === "localhost" || name.endsWith(".localhost") || IPV4.test(name)) return true;
  return names.includes(name) || names.includes(whole);
}

/** What a request says about the page that made it. */
interface RequestSource {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
}

/**
 * False where a page of another site made the request. A browser that is asked by a person (an
 * address typed in) says "none". `origins` are our own besides the host that was asked.
 */
export function isOwnSource(source: RequestSource, origins: readonly string[] = []): boolean {
  const { host, origin, secFetchSite } = source;
  if (secFetchSite !== undefined && !["none", "same-origin"].includes(secFetchSite)) return false;
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
