/**
 * What stands in front of both servers: who the caller is when a proxy hands the request over, and
 * whether it came encrypted. A forwarding header is believed from a named proxy only, as anybody
 * can write one.
 */
import type { Edge } from "./edge.ts";

export interface DoorTerms {
  /** Origin under which a proxy serves the dashboard ("https://desk.example.org"); "" for none. */
  readonly publicOrigin: string;
  /** Addresses of proxies whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[];
  /** This server speaks TLS itself. */
  readonly isTls: boolean;
  /** It can be reached from other machines without encryption, as the settings allow by name. */
  readonly isClear: boolean;
}

export const LOCAL_DOOR: DoorTerms = {
  publicOrigin: "",
  trustedProxies: [],
  isTls: false,
  isClear: false,
};

/** More hops than any chain of proxies has; what is written before them is not looked at. */
const HOPS_MAX = 16;

/** What the socket layer tells the app of a request that came from `peer`. */
export function edgeOf(request: Request, peer: string | undefined, terms: DoorTerms): Edge {
  const { publicOrigin, trustedProxies, isTls, isClear } = terms;
  const isProxied = peer !== undefined && trustedProxies.includes(plain(peer));
  const host = request.headers.get("host") ?? "";
  const isPublic = publicOrigin.startsWith("https:") && host === new URL(publicOrigin).host;
  const saysHttps = isProxied && request.headers.get("x-forwarded-proto") === "https";
  const isHttps = isTls || saysHttps || isPublic;
  return {
    address: isProxied ? clientBehind(request, plain(peer), trustedProxies) : peer && plain(peer),
    isHttps,
    isClear: isClear && !isHttps,
    publicOrigin,
  };
}

/** The nearest hop that is no proxy of ours, read from the right: the left can be invented. */
function clientBehind({ headers }: Request, peer: string, proxies: readonly string[]): string {
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").slice(-HOPS_MAX);
  for (const hop of hops.toReversed()) {
    const address = plain(hop.trim());
    if (!/^[0-9a-f.:]{2,45}$/i.test(address)) return peer;
    if (!proxies.includes(address)) return address;
  }
  return peer;
}

/** An IPv4 peer of a socket that listens on both families, in the form that people write. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
