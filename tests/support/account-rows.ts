/** One open order and one execution as the venue lists them. */
export const order = (clientId: string, more: object = {}) => ({
  category: "linear",
  symbol: "BTCUSDT",
  orderId: `v-${clientId}`,
  orderLinkId: clientId,
  side: "Buy",
  orderType: "Limit",
  orderStatus: "New",
  price: "99.90",
  qty: "0.005",
  cumExecQty: "0",
  updatedTime: "1700000000000",
  ...more,
});

export const execution = (execId: string, atMs: number, more: object = {}) => ({
  category: "linear",
  symbol: "BTCUSDT",
  orderId: "v",
  orderLinkId: "c",
  side: "Sell",
  execId,
  execPrice: "99.90",
  execQty: "0.001",
  execFee: "0.0001",
  execType: "Trade",
  execTime: String(atMs),
  isMaker: true,
  ...more,
});
