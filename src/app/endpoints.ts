/**
 * Which venue a configuration means: addresses, keys, and whether orders leave this process.
 */
import type { Config } from "../config/settings.ts";

export interface VenueEndpoints {
  readonly restUrl: string;
  /** Base of the public sockets. */
  readonly wsUrl: string;
  /** Base of the private and trade sockets: only the demo venue keeps them apart. */
  readonly privateWsUrl: string;
  /** The demo venue takes orders by REST only (Bybit v5, "Demo Trading Service"). */
  readonly tradeSocket: boolean;
}

const MAINNET_STREAM = "wss://stream.bybit.com";

const ENDPOINTS: Readonly<Record<"mainnet" | "testnet" | "demo", VenueEndpoints>> = {
  mainnet: {
    restUrl: "https://api.bybit.com",
    wsUrl: MAINNET_STREAM,
    privateWsUrl: MAINNET_STREAM,
    tradeSocket: true,
  },
  testnet: {
    restUrl: "https://api-testnet.bybit.com",
    wsUrl: "wss://stream-testnet.bybit.com",
    privateWsUrl: "wss://stream-testnet.bybit.com",
    tradeSocket: true,
  },
  demo: {
    restUrl: "https://api-demo.bybit.com",
    wsUrl: MAINNET_STREAM,
    privateWsUrl: "wss://stream-demo.bybit.com",
    tradeSocket: false,
  },
};

/** Null when the embedded simulator has to be started first, for its port. */
export function endpointsOf(config: Config): VenueEndpoints | null {
  if (config.bybitRestUrl !== "") {
    const wsUrl = trimSlash(config.bybitWsUrl);
    return {
      restUrl: trimSlash(config.bybitRestUrl),
      wsUrl,
      privateWsUrl: wsUrl,
      tradeSocket: config.venue !== "demo",
    };
  }
  return config.venue === "sim" ? null : ENDPOINTS[config.venue];
}

/** Addresses of the embedded simulator. */
export function simEndpoints(port: number): VenueEndpoints {
  const wsUrl = `ws://127.0.0.1:${port}`;
  return { restUrl: `http://127.0.0.1:${port}`, wsUrl, privateWsUrl: wsUrl, tradeSocket: true };
}

/** Orders are matched in this process instead of being sent. Never on the simulator. */
export function isPaper(config: Config): boolean {
  return config.venue !== "sim" && config.trading === "paper";
}

const trimSlash = (url: string): string => url.replace(/\/+$/, "");
