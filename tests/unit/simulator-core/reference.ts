/**
 * The matching rules once more, slow and obvious: one plain array of open orders, filtered and
 * sorted for every single match. Nothing is shared with the core but the words.
 */
type RefSide = "Buy" | "Sell";
type RefTif = "GTC" | "IOC" | "FOK" | "PostOnly";
type RefSmp = "None" | "CancelMaker" | "CancelTaker" | "CancelBoth";

export interface RefOrder {
  readonly name: string;
  readonly owner: "a" | "b" | "house";
  readonly side: RefSide;
  readonly tif: RefTif;
  readonly smp: RefSmp;
  price: number;
  qty: number;
  filled: number;
  arrival: number;
  state: "open" | "filled" | "cancelled";
}

interface RefTrade {
  readonly side: RefSide;
  readonly price: number;
  readonly qty: number;
}

export class Reference {
  readonly orders: RefOrder[] = [];
  readonly trades: RefTrade[] = [];
  /** Money of each owner's fills in USDT: value bought less value sold, and value by role. */
  readonly bought = { a: 0, b: 0, house: 0 };
  readonly size = { a: 0, b: 0, house: 0 };
  readonly makerValue = { a: 0, b: 0, house: 0 };
  readonly takerValue = { a: 0, b: 0, house: 0 };
  private arrivals = 0;

  place(order: Omit<RefOrder, "filled" | "arrival" | "state">): RefOrder {
    const placed: RefOrder = { ...order, filled: 0, arrival: 0, state: "open" };
    this.enter(placed);
    this.orders.push(placed);
    return placed;
  }

  cancel(order: RefOrder): void {
    if (order.state === "open") order.state = "cancelled";
  }

  /** What the venue would refuse changes nothing. */
  amend(order: RefOrder, qty: number, price: number): void {
    const unchanged = qty === order.qty && price === order.price;
    if (order.state !== "open" || unchanged || qty <= order.filled) return;
    const keepsPlace = price === order.price && qty < order.qty;
    order.qty = qty;
    order.price = price;
    if (!keepsPlace) this.enter(order);
  }

  levels(side: RefSide): number[] {
    const sums = new Map<number, number>();
    for (const order of this.orders) {
      if (order.state !== "open" || order.side !== side) continue;
      sums.set(order.price, (sums.get(order.price) ?? 0) + order.qty - order.filled);
    }
    const best = side === "Buy" ? -1 : 1;
    return [...sums].sort(([one], [other]) => (one - other) * best).flat();
  }

  private enter(order: RefOrder): void {
    order.arrival = ++this.arrivals;
    if (order.tif === "PostOnly" && this.reachable(order).length > 0) {
      order.state = "cancelled";
      return;
    }
    if (order.tif === "FOK" && this.fillable(order) < order.qty) {
      order.state = "cancelled";
      return;
    }
    this.match(order);
    const rests = order.tif === "GTC" || order.tif === "PostOnly";
    if (order.filled === order.qty) order.state = "filled";
    else if (!rests) order.state = "cancelled";
  }

  private match(taker: RefOrder): void {
    while (taker.filled < taker.qty && taker.state === "open") {
      const maker = this.reachable(taker)[0];
      if (maker === undefined) return;
      if (isOwn(taker, maker) && taker.smp !== "None") {
        if (taker.smp !== "CancelTaker") maker.state = "cancelled";
        if (taker.smp !== "CancelMaker") taker.state = "cancelled";
        continue;
      }
      const qty = Math.min(taker.qty - taker.filled, maker.qty - maker.filled);
      this.book(taker, maker.price, qty);
      this.book(maker, maker.price, qty);
      this.takerValue[taker.owner] += qty * maker.price;
      this.makerValue[maker.owner] += qty * maker.price;
      this.trades.push({ side: taker.side, price: maker.price, qty });
      if (maker.filled === maker.qty) maker.state = "filled";
    }
  }

  private book(order: RefOrder, price: number, qty: number): void {
    const sign = order.side === "Buy" ? 1 : -1;
    order.filled += qty;
    this.bought[order.owner] += sign * qty * price;
    this.size[order.owner] += sign * qty;
  }

  private fillable(order: RefOrder): number {
    return this.reachable(order)
      .filter((maker) => order.smp === "None" || !isOwn(order, maker))
      .reduce((sum, maker) => sum + maker.qty - maker.filled, 0);
  }

  /** Open orders that cross, in the order in which they would match. */
  private reachable(taker: RefOrder): RefOrder[] {
    const buys = taker.side === "Buy";
    return this.orders
      .filter((order) => order.state === "open" && order.side !== taker.side)
      .filter(({ price }) => (buys ? price <= taker.price : price >= taker.price))
      .sort((x, y) => (buys ? x.price - y.price : y.price - x.price) || x.arrival - y.arrival);
  }
}

function isOwn(taker: RefOrder, maker: RefOrder): boolean {
  return taker.owner !== "house" && taker.owner === maker.owner;
}
