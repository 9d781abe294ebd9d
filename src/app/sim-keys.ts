import { randomBytes } from "node:crypto";
import type { Config } from "../config/settings.ts";

/** The key pair that the simulator accepts: the configured one, or a fresh one for this run. */
export function simKeys(config: Config): { apiKey: string; apiSecret: string } {
  if (config.simApiKey !== "") {
    return { apiKey: config.simApiKey, apiSecret: config.simApiSecret };
  }
  return {
    apiKey: `sim${randomBytes(8).toString("hex")}`,
    apiSecret: randomBytes(18).toString("hex"),
  };
}
