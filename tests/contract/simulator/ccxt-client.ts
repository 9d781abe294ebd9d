/** ccxt.pro's Bybit client, pointed at a simulator. */
import ccxt from "ccxt";
import { KEY, SECRET, type Sim } from "./support.ts";

export async function ccxtOn(sim: Sim): Promise<any> {
  const { base, ws } = sim;
  const exchange = new (ccxt as any).pro.bybit({
    apiKey: KEY,
    secret: SECRET,
    enableRateLimit: false,
    urls: {
      api: {
        public: base,
        private: base,
        spot: base,
        futures: base,
        v2: base,
        ws: {
          public: {
            spot: `${ws}/v5/public/spot`,
            linear: `${ws}/v5/public/linear`,
            inverse: `${ws}/v5/public/inverse`,
            option: `${ws}/v5/public/option`,
          },
          private: {
            spot: { unified: `${ws}/v5/private`, nonUnified: `${ws}/v5/private` },
            contract: `${ws}/v5/private`,
            usdc: `${ws}/v5/private`,
            trade: `${ws}/v5/trade`,
          },
        },
      },
    },
    options: { defaultType: "swap", fetchMarkets: { types: ["linear", "spot"] } },
    has: { fetchCurrencies: false },
  });
  await exchange.loadHttpProxyAgent();
  await exchange.loadMarkets();
  return exchange;
}
