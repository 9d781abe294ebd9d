/** `scalper sim` in a process of its own, and the settings that point the product at it. */
import { tmpdir } from "node:os";
import { FROM_SOURCE } from "../../support/product.ts";

export const KEYS = { apiKey: "bench-key", apiSecret: "bench-secret" };

interface Exchange {
  readonly restUrl: string;
  readonly wsUrl: string;
  stop(): void;
}

/** Resolves when the exchange listens, on a free port. */
export async function startExchange(symbols: number): Promise<Exchange> {
  const child = Bun.spawn([...FROM_SOURCE, "sim"], {
    cwd: tmpdir(),
    stdout: "pipe",
    stderr: "inherit",
    env: {
      PATH: process.env.PATH ?? "",
      HOME: tmpdir(),
      SCALPER_SIM_PORT: "0",
      SCALPER_SIM_SYMBOLS: String(symbols),
      SCALPER_SIM_API_KEY: KEYS.apiKey,
      SCALPER_SIM_API_SECRET: KEYS.apiSecret,
    },
  });
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk, { stream: true });
    const port = /REST +http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port === undefined) continue;
    const address = `127.0.0.1:${port}`;
    return {
      restUrl: `http://${address}`,
      wsUrl: `ws://${address}`,
      stop: () => child.kill(),
    };
  }
  throw new Error(`the simulator did not start: ${text}`);
}

/** A maker that quotes everything and moves at once: what matters here is the path, not profit. */
export const MANY_ORDERS = {
  SCALPER_STRATEGIES: "maker",
  SCALPER_STRATEGY_PARAMETERS:
    "maker.edgeBpsMin=-100,maker.requoteBps=0,maker.requoteCooldownMs=100,maker.volatilityBpsMax=1000",
  SCALPER_ACTIVE_SYMBOLS_MAX: "50",
  SCALPER_EXPOSURE_USDT_MAX: "100000",
};

/** The product on that exchange: trading is on from the start. */
export function settingsFor(restUrl: string, wsUrl: string): Record<string, string> {
  return {
    SCALPER_VENUE: "sim",
    SCALPER_BYBIT_REST_URL: restUrl,
    SCALPER_BYBIT_WS_URL: wsUrl,
    BYBIT_API_KEY: KEYS.apiKey,
    BYBIT_API_SECRET: KEYS.apiSecret,
  };
}
