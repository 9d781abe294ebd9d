/**
 * Makes the venue of a configuration: the Bybit adapter, paper matching around it where orders stay
 * in this process, and the embedded simulator where no other exchange is named.
 */

import type { Config } from "../config/settings.ts";
import type { LogFiles } from "../logs/log-files.ts";
import type { RunInfo } from "../monitor/view.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { Venue } from "../runtime/ports/venue.ts";
import { createBybitVenue } from "../venue/bybit/bybit-venue.ts";
import { createPaperVenue } from "../venue/paper/paper-venue.ts";
import { type EmbeddedSimulator, startEmbeddedSimulator } from "./embedded-simulator.ts";
import { endpointsOf, isPaper, simEndpoints, type VenueEndpoints } from "./endpoints.ts";
import { simKeys } from "./sim-keys.ts";
import type { RunningEngine } from "./trading.ts";

export interface AppVenue {
  readonly venue: Venue;
  readonly exchange: {
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
  } | null;
  /** No key and no paper matching: nothing can be ordered. */
  readonly isPublicOnly: boolean;
  /** Starts connecting; it goes on by itself. */
  begin(): void;
  stop(): Promise<void>;
}

interface VenueParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logs: LogFiles;
  readonly run: RunInfo;
  readonly engine: RunningEngine;
}

/** Paper orders travel as far as real ones do from a server near the exchange. */
const PAPER_LATENCY_MS = 20;
/** A dead simulator comes back after this; the adapter meanwhile sees a venue that is down. */
const SIM_RESTART_MS = 1_000;

/** Throws when the embedded simulator cannot listen. */
export async function startVenue(parts: VenueParts): Promise<AppVenue> {
  const { config } = parts;
  const known = endpointsOf(config);
  if (known !== null) return assemble(parts, known, keysOf(config), null);
  const keys = simKeys(config);
  parts.logs.addSecret(keys.apiSecret);
  const simulator = await embed(parts, keys);
  return assemble(parts, simEndpoints(simulator.port()), keys, simulator);
}

interface Keys {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A simulator that runs elsewhere may be given its own pair or Bybit's variables. */
function keysOf(config: Config): Keys {
  if (config.bybitApiKey === "" && config.venue === "sim" && config.simApiKey !== "") {
    return { apiKey: config.simApiKey, apiSecret: config.simApiSecret };
  }
  return { apiKey: config.bybitApiKey, apiSecret: config.bybitApiSecret };
}

function assemble(
  parts: VenueParts,
  endpoints: VenueEndpoints,
  keys: Keys,
  simulator: Supervised | null,
): AppVenue {
  const { config, clock, logs, run } = parts;
  const paper = isPaper(config);
  const bybit = createBybitVenue({
    clock,
    log: logs.logger("bybit"),
    ...endpoints,
    apiKey: paper ? "" : keys.apiKey,
    apiSecret: paper ? "" : keys.apiSecret,
    seed: run.runId,
    bookOf: parts.engine.bookOf,
  });
  const venue = paper ? paperAround(bybit, parts) : bybit;
  return {
    venue,
    isPublicOnly: !paper && keys.apiKey === "",
    exchange: simulator === null ? null : { url: endpoints.restUrl, ...keys },
    begin() {
      venue.start(parts.engine.accept).catch((error: unknown) => {
        logs.logger("bybit").error("the venue could not start", { text: String(error) });
      });
    },
    async stop() {
      await venue.stop();
      await simulator?.stop();
    },
  };
}

function paperAround(market: Venue, { config, clock, logs }: VenueParts): Venue {
  return createPaperVenue({
    market,
    clock,
    log: logs.logger("paper"),
    walletUsdt: String(config.paperWalletUsdt),
    feeRates: { maker: "0.0002", taker: "0.00055" },
    latencyMs: PAPER_LATENCY_MS,
  });
}

interface Supervised {
  port(): number;
  stop(): Promise<void>;
}

/** Keeps one simulator alive on one port. */
async function embed(parts: VenueParts, keys: Keys): Promise<Supervised> {
  const { config, clock, logs } = parts;
  const log = logs.logger("simulator");
  let current: EmbeddedSimulator;
  let stopping = false;
  const start = (port: number): Promise<EmbeddedSimulator> =>
    startEmbeddedSimulator(
      {
        seed: config.simSeed,
        symbols: config.simSymbols,
        port,
        host: "127.0.0.1",
        accounts: [{ ...keys, walletUsdt: String(config.paperWalletUsdt) }],
      },
      onDeath,
    );
  function onDeath(text: string): void {
    log.error("the embedded exchange died; starting it again", { text });
    clock.after(SIM_RESTART_MS, () => {
      if (stopping) return;
      start(current.port).then(
        (next) => {
          current = next;
        },
        (error: unknown) => onDeath(String(error)),
      );
    });
  }
  current = await start(config.simPort);
  return {
    port: () => current.port,
    stop() {
      stopping = true;
      return current.stop();
    },
  };
}
