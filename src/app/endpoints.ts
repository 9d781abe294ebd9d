/** The addresses of the venues, and what their addresses cannot do. */

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

/** Bybit's own venues, as its v5 integration guidance lists them. */
export const ENDPOINTS: Readonly<Record<"mainnet" | "testnet" | "demo", VenueEndpoints>> = {
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

/** A server of the operator's choice that speaks Bybit v5, all of it at one pair of addresses. */
export function ownEndpoints(restUrl: string, wsUrl: string): Omit<VenueEndpoints, "tradeSocket"> {
  return { restUrl, wsUrl, privateWsUrl: wsUrl };
}

/** Addresses of the embedded simulator. */
export function simEndpoints(port: number): VenueEndpoints {
  const urls = ownEndpoints(`http://127.0.0.1:${port}`, `ws://127.0.0.1:${port}`);
  return { ...urls, tradeSocket: true };
}
