/**
 * The venue of a mode: the Bybit adapter, paper matching around it where orders stay in this
 * process, and the embedded exchange where no other one is named.
 *
 * It exists before it is open, since the embedded exchange's port is known only when it listens,
 * and it can be stopped at any moment, also while it opens.
 */
import type { Config } from "../config/settings.ts";
import type { LogFiles } from "../logs/log-files.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { EventSink, Venue } from "../runtime/ports/venue.ts";
import { NO_MEMORY, type VenueMemory } from "../runtime/ports/venue-memory.ts";
import { type BybitVenueOptions, createBybitVenue } from "../venue/bybit/bybit-venue.ts";
import { createPaperVenue } from "../venue/paper/paper-venue.ts";
import { embeddedExchange } from "./embedded-simulator.ts";
import { simEndpoints, type VenueEndpoints } from "./endpoints.ts";
import type { Keys, Mode } from "./mode.ts";
import { simKeys } from "./sim-keys.ts";
import { StartAborted } from "./start-error.ts";

export interface AppVenue {
  /** Null until it is open. */
  readonly venue: () => Venue | null;
  /** Where the embedded exchange listens; null until it does, and where there is none. */
  readonly exchange: () => EmbeddedAt | null;
  /**
   * Starts the embedded exchange where there is one, then begins to connect, which goes on by
   * itself. Rejects with StartError when the embedded exchange cannot start.
   */
  open(sink: EventSink): Promise<VenueFacts>;
  stop(): Promise<void>;
}

/** The embedded exchange, and what opens it. */
type EmbeddedAt = { readonly url: string } & Keys;

/** What the operator is told of it. */
export interface VenueFacts {
  /** Null when the exchange runs elsewhere. */
  readonly exchange: EmbeddedAt | null;
  /** No key and no paper matching: nothing can be ordered. */
  readonly isPublicOnly: boolean;
}

interface VenueParts {
  readonly config: Config;
  readonly mode: Mode;
  readonly clock: Clock;
  readonly logs: Pick<LogFiles, "logger" | "addSecret">;
  readonly runId: string;
  /** What is known of the venue from earlier runs; nothing when left out. */
  readonly memory?: VenueMemory;
  /** How requests and sockets leave: the global fetch and ws when left out. */
  readonly network?: Pick<BybitVenueOptions, "fetch" | "openSocket">;
}

export function createAppVenue(parts: VenueParts): AppVenue {
  const { mode, logs } = parts;
  const source = sourceOf(parts);
  let venue: Venue | null = null;
  let exchange: EmbeddedAt | null = null;
  let isStopped = false;
  return {
    venue: () => venue,
    exchange: () => exchange,
    async open(sink) {
      const reached = await source.open();
      if (isStopped) throw new StartAborted("stopped while the exchange was opening");
      venue = assemble(parts, reached);
      venue.start(sink).catch((error: unknown) => {
        logs.logger("bybit").error("the venue could not start", { text: String(error) });
      });
      const { keys, endpoints } = reached;
      if (mode.endpoints === null) exchange = { url: endpoints.restUrl, ...keys };
      return { isPublicOnly: mode.orders === "venue" && keys.apiKey === "", exchange };
    },
    async stop() {
      isStopped = true;
      await venue?.stop();
      await source.stop();
    },
  };
}

/** Where prices come from, and the keys that are right there. */
interface Reached {
  readonly endpoints: VenueEndpoints;
  readonly keys: Keys;
}

interface Source {
  open(): Promise<Reached>;
  stop(): Promise<void>;
}

function sourceOf({ config, mode, clock, logs }: VenueParts): Source {
  const { endpoints } = mode;
  if (endpoints !== null) {
    return { open: async () => ({ endpoints, keys: mode.keys }), stop: async () => {} };
  }
  const keys = simKeys(config);
  logs.addSecret(keys.apiSecret);
  const exchange = embeddedExchange({
    clock,
    log: logs.logger("simulator"),
    simulator: {
      seed: config.simSeed,
      symbols: config.simSymbols,
      delayMs: config.simDelayMs,
      port: config.simPort,
      host: "127.0.0.1",
      accounts: [{ ...keys, walletUsdt: String(config.paperWalletUsdt) }],
    },
  });
  // Listing its contracts is the longest part of a start, so it begins before anybody waits for it.
  const port = exchange.open();
  port.catch(() => {}); // Whoever opens the source hears of it.
  return {
    open: async () => ({ endpoints: simEndpoints(await port), keys }),
    stop: exchange.stop,
  };
}

function assemble(parts: VenueParts, reached: Reached): Venue {
  const { config, mode, clock, logs, runId, network, memory = NO_MEMORY } = parts;
  const bybit = createBybitVenue({
    ...network,
    clock,
    log: logs.logger("bybit"),
    ...reached.endpoints,
    ...reached.keys,
    seed: runId,
    memory,
  });
  if (mode.orders === "venue") return bybit;
  return createPaperVenue({
    market: bybit,
    clock,
    log: logs.logger("paper"),
    walletUsdt: String(config.paperWalletUsdt),
  });
}
