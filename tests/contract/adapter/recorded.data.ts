/**
 * Recorded payloads that never reach the engine, each with the reason. A folder is a whole endpoint
 * or topic that the adapter neither calls nor subscribes; a file is one payload of a folder that it
 * does use.
 */
export const UNUSED_FOLDERS: Readonly<Record<string, string>> = {
  ...because("account settings and reports that trading does not read", [
    "rest/account-borrow-history",
    "rest/account-collateral-info",
    "rest/account-fee-rate",
    "rest/account-info",
    "rest/account-instruments-info",
    "rest/account-option-asset-info",
    "rest/account-query-dcp-info",
    "rest/account-quick-repayment",
    "rest/account-set-collateral-switch",
    "rest/account-set-collateral-switch-batch",
    "rest/account-set-hedging-mode",
    "rest/account-set-limit-px-action",
    "rest/account-set-margin-mode",
    "rest/account-smp-group",
    "rest/account-trade-info-for-analysis",
    "rest/account-transaction-log",
    "rest/account-upgrade-to-uta",
    "rest/account-user-setting-config",
    "rest/asset-coin-query-info",
    "rest/asset-transfer-query-account-coins-balance",
    "rest/user-query-api",
  ]),
  ...because("market reports that no decision reads", [
    "rest/market-account-ratio",
    "rest/market-adlAlert",
    "rest/market-delivery-price",
    "rest/market-fee-group-info",
    "rest/market-funding-history",
    "rest/market-historical-volatility",
    "rest/market-index-price-kline",
    "rest/market-insurance",
    "rest/market-mark-price-kline",
    "rest/market-open-interest",
    "rest/market-premium-index-price-kline",
    "rest/market-price-limit",
    "rest/market-risk-limit",
    "rest/market-rpi_orderbook",
    "rest/system-status",
  ]),
  ...because("the streams carry it: it is not asked for by REST", [
    "rest/market-recent-trade",
    "rest/market-tickers",
  ]),
  ...because("orders are sent one by one, never amended, batched or pre-checked", [
    "rest/order-amend",
    "rest/order-amend-batch",
    "rest/order-cancel-batch",
    "rest/order-create-batch",
    "rest/order-pre-check",
    "rest/order-spot-borrow-check",
  ]),
  ...because("disconnect-cancel-all is for institutions", ["rest/order-disconnected-cancel-all"]),
  ...because("positions are traded in the mode and at the leverage that they have", [
    "rest/position-add-margin",
    "rest/position-closed-pnl",
    "rest/position-confirm-pending-mmr",
    "rest/position-set-auto-add-margin",
    "rest/position-set-leverage",
    "rest/position-set-risk-limit",
    "rest/position-set-tpsl-mode",
    "rest/position-switch-isolated",
    "rest/position-switch-mode",
    "rest/position-symbol-info",
  ]),
  ...because("topics that are not subscribed", [
    "ws/allLiquidation",
    "ws/greeks",
    "ws/insurance",
    "ws/liquidation",
    "ws/priceLimit",
    "ws/spread",
    "ws/system",
    "ws/trade",
  ]),
};

/** Folders whose names end so hold what a client sends. */
export const REQUEST_SUFFIX = ".request";

const SPOT = "spot market: only linear contracts are subscribed and listed";
const OPTION = "option: only linear contracts are subscribed and listed";
const INVERSE = "inverse contract: only contracts settled in USDT are listed";
const USDC = "settled in USDC: only contracts settled in USDT are listed";

export const UNUSED_FILES: Readonly<Record<string, string>> = {
  "ws/orderbook/bybit-docs-1.json": "the full book is a spot topic that is not subscribed",
  "ws/orderbook/hirokisan-1.json":
    "levels re-encoded by a client as objects: not what the venue sends",
  "ws/orderbook/roq-1.json": SPOT,
  "ws/orderbook/roq-3.json": SPOT,
  "ws/orderbook/tardis-1.json": OPTION,
  "ws/orderbook/tardis-3.json": SPOT,
  "ws/orderbook/tardis-4.json": SPOT,
  "ws/orderbook/tardis-7.json": OPTION,
  "ws/orderbook/tardis-9.json": SPOT,
  "ws/orderbook/tardis-10.json": SPOT,
  "ws/orderbook/cryptofeed-20260809-spot-BTCUSDT.jsonl": SPOT,
  "ws/publicTrade/bybit.net-2.json": OPTION,
  "ws/publicTrade/roq-1.json": SPOT,
  "ws/publicTrade/tardis-2.json": SPOT,
  "ws/publicTrade/tardis-3.json": OPTION,
  "ws/publicTrade/tardis-5.json": SPOT,
  "ws/publicTrade/cryptofeed-20260809-spot-BTCUSDT.jsonl": SPOT,
  "ws/kline/bybit.net-2.json": "cut short by its authors: no prices",
  "ws/kline/bybit.net-3.json": "cut short by its authors: no prices",
  "ws/kline/cryptofeed-20260809-spot-BTCUSDT.jsonl": SPOT,
  "ws/tickers/bybit-docs-3.json": SPOT,
  "ws/tickers/bybit-docs-4.json": USDC,
  "ws/tickers/cryptofeed-20260809-spot-BTCUSDT.jsonl": SPOT,
  "ws/tickers/gct-1.json": USDC,
  "ws/tickers/gct-3.json": INVERSE,
  "ws/tickers/gct-8.json": INVERSE,
  "ws/tickers/roq-2.json": OPTION,
  "ws/tickers/roq-3.json": INVERSE,
  "ws/tickers/tardis-1.json": OPTION,
  "ws/tickers/tardis-2.json": INVERSE,
  "ws/tickers/tardis-4.json": INVERSE,
  "ws/tickers/tardis-5.json": INVERSE,
  "ws/execution.fast/nautilus-2.json": "an empty message made by its authors",
  "ws/wallet/gct-2.json": "neither account sums nor the settle coin: made by its authors",
  "ws/wallet/roq-1.json": "a spot account of before the unified account",
  "rest/order-amend/hirokisan-1.json": "orders are never amended",
  "rest/order-realtime/roq-1.json": SPOT,
  "rest/order-realtime/xchange-1.json": SPOT,
  "rest/execution-list/issue-1.json": SPOT,
  "rest/market-orderbook/bybit-docs-1.json": SPOT,
  "rest/market-orderbook/ccxt-1.json": SPOT,
  "rest/market-instruments-info/hirokisan-2.json": "not a reply: re-encoded by a client",
  "ws/_control/nautilus-1.json": "a position row, filed with the control messages",
};

const NO_COIN = "a wallet that lists other collateral and not the coin we settle in";

/** Items of a list or message that are delivered to us and are not ours. */
export const SKIPPED_ITEMS: Readonly<Record<string, string>> = {
  "ws/order/bybit-docs-1.json": OPTION,
  "ws/order/bybit.net-1.json": OPTION,
  "ws/order/ccxt-1.json": OPTION,
  "ws/order/xchange-1.json": OPTION,
  "ws/order/issue-1.json": SPOT,
  "ws/order/nautilus-6.json": SPOT,
  "ws/position/bybit-docs-1.json": "a flat leg of hedge mode: positions are held one-way",
  "ws/position/bybit.net-1.json": "a flat leg of hedge mode: positions are held one-way",
  "rest/execution-list/bybit-docs-1.json": USDC,
  "rest/execution-list/bybit.net-1.json": USDC,
  "rest/execution-list/ccxt-1.json": USDC,
  "ws/wallet/bybit-docs-1.json": NO_COIN,
  "ws/wallet/bybit.net-1.json": NO_COIN,
  "rest/account-wallet-balance/ccxt-1.json": NO_COIN,
};

function because(reason: string, folders: readonly string[]): Record<string, string> {
  return Object.fromEntries(folders.map((folder) => [folder, reason]));
}
