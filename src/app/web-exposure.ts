/** How the dashboard is reached from outside, read from the settings. */
import { readFileSync } from "node:fs";
import { isLoopback } from "../config/parse.ts";
import type { Config } from "../config/settings.ts";
import type { DoorTerms } from "../web/front-door.ts";
import { attempt, StartError } from "./start-error.ts";

interface Door {
  readonly door: DoorTerms;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Throws {@link StartError} when certificate or key cannot be read. */
export function doorOf(config: Config): Door {
  const { host, publicUrl: publicOrigin, trustedProxies, tlsCert, tlsKey } = config;
  const isTls = tlsCert !== "";
  const door = { publicOrigin, trustedProxies, isTls, isClear: !isTls && !isLoopback(host) };
  if (!isTls) return { door };
  const cert = readPem(tlsCert, "certificate", "SCALPER_TLS_CERT");
  return { door, tls: { cert, key: readPem(tlsKey, "private key", "SCALPER_TLS_KEY") } };
}

function readPem(path: string, what: string, setting: string): string {
  const doing = `read the ${what} ${path}`;
  const text = attempt({ doing, setting }, () => readFileSync(path, "utf8"));
  if (text.includes("-----BEGIN ")) return text;
  const found = `wanted PEM ("-----BEGIN …"), found ${text.length} characters of something else`;
  throw new StartError(`cannot ${doing}: ${found}. Nothing was started. Correct ${setting}.`);
}
