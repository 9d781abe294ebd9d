/**
 * The made-up venue itself, in process: two contracts whose prices wander, one account, orders that
 * fill when the market reaches them. It keeps its own plain books (floats, no ledger of ours), so
 * that what the program says it made can be held against it.
 */
import type { Prng } from "../../../src/kernel/prng.ts";
import type { Clock } from "../../../src/runtime/ports/clock.ts";
import { type Level, LISTED, type Listed, listText, MAKER_SHARE, TAKER_SHARE } from "./wire.ts";

const TICK_MS = 100;
const LEVELS = 5;
/** Ticks between the two sides: wide enough to quote inside nothing and to earn something. */
const SPREAD_TICKS = 4;

interface Order {
  readonly clientId: string;
  readonly id: string;
  readonly name: string;
  readonly sign: 1 | -1;
  readonly price: number | null;
  size: number;
  filled: number;
  readonly reduces: boolean;
  readonly stop: number | null;
  status: "LIVE" | "PART" | "DONE" | "GONE";
  why: string;
}

interface Market {
  readonly listed: Listed;
  mid: number;
  /** Names the picture of the book: rises with every change. */
  state: number;
  bids: Level[];
  asks: Level[];
}

interface Position {
  size: number;
  /** Signed value at entry, in units of price × size. */
  cost: number;
  stop: number | null;
}

interface Deal {
  readonly id: string;
  readonly name: string;
  readonly sign: 1 | -1;
  readonly price: number;
  readonly size: number;
  readonly fee: number;
}

/** Levels that are gone, as size 0, and all that stand now. */
function changesText(before: readonly Level[], after: readonly Level[]): string {
  const gone = before.filter(([price]) => after.every(([other]) => other !== price));
  return listText([...gone.map(([price]): Level => [price, 0]), ...after]);
}

export class OtherExchange {
  readonly deals: Deal[] = [];
  readonly positions = new Map<string, Position>();
  /** Money of one price unit × one size unit, by contract. */
  readonly unitValue = new Map<string, number>();
  cash = 10_000;
  private readonly markets: Market[];
  private readonly orders: Order[] = [];
  private readonly clock: Clock;
  private readonly prng: Prng;
  private send: ((line: string) => void) | null = null;
  private count = 0;
  private ids = 0;
  /** Lines that the next message leaves out: a fault to be noticed. */
  skipNext = false;

  constructor(clock: Clock, prng: Prng) {
    this.clock = clock;
    this.prng = prng;
    this.markets = LISTED.map((listed) => {
      const market = { listed, mid: listed.startTicks, state: 1, bids: [], asks: [] };
      this.requote(market);
      return market;
    });
    for (const { name, tick, lot } of LISTED) this.unitValue.set(name, Number(tick) * Number(lot));
    this.beat();
  }

  get open(): Order[] {
    return this.orders.filter(({ status }) => status === "LIVE" || status === "PART");
  }

  connect(send: (line: string) => void): void {
    this.send = send;
    this.count = 0;
  }

  disconnect(): void {
    this.send = null;
  }

  /** One line of the client. */
  hear([word = "", ...rest]: string[]): void {
    const [first = "", second = ""] = rest;
    if (word === "PING") this.say("PONG");
    else if (word === "LIST") this.list();
    else if (word === "FOLLOW") this.book(first, "WHOLE");
    else if (word === "BOOK") this.book(first, "PICTURE");
    else if (word === "NEW") this.place(rest);
    else if (word === "DROP") this.drop(first, second);
    else if (word === "DROPALL")
      for (const order of this.open) this.end(order, "GONE", "asked for");
    else if (word === "ASK") this.answer(first);
    else if (word === "STOP") this.stop(first, Number(second));
    else if (word === "ACCOUNT") this.account(first);
  }

  // ------------------------------------------------------------------------------- market

  /** The market moves, and what it reaches fills. */
  private beat(): void {
    this.clock.after(TICK_MS, () => this.beat());
    for (const market of this.markets) this.move(market);
  }

  private move(market: Market): void {
    const { name } = market.listed;
    const { bids, asks } = market;
    market.mid += this.prng.int(5) - 2;
    market.state++;
    this.requote(market);
    const changes = `${changesText(bids, market.bids)},${changesText(asks, market.asks)}`;
    this.say(`MOVE,${name},${this.now()},${market.state},${changes}`);
    this.trade(market);
    this.fill(market);
    const { bid, ask } = this.touch(market);
    const last = this.prng.int(2) === 0 ? bid : ask;
    const mark = market.mid * Number(market.listed.tick);
    this.say(`QUOTE,${name},${this.now()},${last},${bid},${ask},${mark.toFixed(6)},50000000`);
    this.watchStop(market, last);
  }

  private requote(market: Market): void {
    const { bid, ask } = this.touch(market);
    const side = (best: number, sign: number): Level[] =>
      Array.from({ length: LEVELS }, (_, level) => [
        best + sign * level,
        2_000 + this.prng.int(500),
      ]);
    market.bids = side(bid, -1);
    market.asks = side(ask, 1);
  }

  private touch({ mid }: Market): { bid: number; ask: number } {
    return { bid: mid - SPREAD_TICKS / 2, ask: mid + SPREAD_TICKS / 2 };
  }

  /** The whole book: as a new start of the stream, or as an answer beside it. */
  private book(name: string, word: "WHOLE" | "PICTURE"): void {
    const { state, bids, asks } = this.marketOf(name);
    this.say(`${word},${name},${this.now()},${state},${listText(bids)},${listText(asks)}`);
  }

  private trade(market: Market): void {
    const { bid, ask } = this.touch(market);
    const [side, price] = this.prng.int(2) === 0 ? ["S", bid] : ["B", ask];
    const size = 50 + this.prng.int(100);
    this.say(`TRADE,${market.listed.name},${this.now()},${side},${price},${size},${++this.ids}`);
    for (const order of this.open) {
      if (order.name !== market.listed.name || order.price === null) continue;
      const isMet = side === "S" ? order.sign === 1 : order.sign === -1;
      if (isMet && (price as number) * order.sign <= order.price * order.sign) {
        this.deal(order, order.price, Math.min(size, order.size - order.filled), true);
      }
    }
  }

  /** The other side stands at or beyond our price: all of it fills. */
  private fill(market: Market): void {
    const { bid, ask } = this.touch(market);
    for (const order of this.open) {
      if (order.name !== market.listed.name || order.price === null) continue;
      const other = order.sign === 1 ? ask : bid;
      if (other * order.sign <= order.price * order.sign) {
        this.deal(order, order.price, order.size - order.filled, true);
      }
    }
  }

  private list(): void {
    for (const { name, coin, tick, lot } of LISTED) {
      this.say(`LISTED,${name},${coin},${tick},${lot},1,1000000,5,20`);
    }
    this.say("LISTEND");
  }

  // ------------------------------------------------------------------------------- orders

  private place(rest: string[]): void {
    const [clientId = "", name = "", side = "", size = "", price = "", kind = "", more = ""] = rest;
    const [reduces = "", stop = ""] = more.split("/");
    if (this.orders.some((order) => order.clientId === clientId)) {
      this.say(`NO,${clientId},TWIN,seen before`);
      return;
    }
    const order: Order = {
      clientId,
      id: `order${++this.ids}`,
      name,
      sign: side === "B" ? 1 : -1,
      price: price === "" ? null : Number(price),
      size: Number(size),
      filled: 0,
      reduces: reduces === "R",
      stop: stop === "" ? null : Number(stop),
      status: "LIVE",
      why: "",
    };
    const held = this.positionOf(name).size;
    if (order.reduces && held * order.sign >= 0) {
      this.say(`NO,${clientId},NOTHING,nothing to reduce`);
      return;
    }
    this.say(`YES,${clientId},${order.id}`);
    this.orders.push(order);
    this.work(order, kind);
  }

  private work(order: Order, kind: string): void {
    const { bid, ask } = this.touch(this.marketOf(order.name));
    const other = order.sign === 1 ? ask : bid;
    const crosses = order.price === null || other * order.sign <= order.price * order.sign;
    if (kind === "POST" && crosses) this.end(order, "GONE", "would take");
    else if (crosses) this.deal(order, other, order.size, false);
    else if (kind === "NOW") this.end(order, "GONE", "not at once");
    else this.tell(order);
  }

  private drop(clientId: string, id: string): void {
    const order = this.open.find((open) => open.clientId === clientId || open.id === id);
    if (clientId !== "") this.say(order === undefined ? `LATE,${clientId}` : `DROPPED,${clientId}`);
    if (order !== undefined) this.end(order, "GONE", "asked for");
  }

  private deal(order: Order, price: number, wanted: number, isMaker: boolean): void {
    const { name, sign } = order;
    const position = this.positionOf(name);
    const size = order.reduces ? Math.min(wanted, Math.abs(position.size)) : wanted;
    if (size <= 0) {
      this.end(order, "GONE", "nothing to reduce");
      return;
    }
    const value = price * size * (this.unitValue.get(name) ?? 0);
    const fee = value * Number(isMaker ? MAKER_SHARE : TAKER_SHARE);
    const held = position.size;
    const closed = held * sign < 0 ? Math.min(Math.abs(held), size) : 0;
    const share = held === 0 ? 0 : (position.cost * closed) / Math.abs(held);
    this.cash += -sign * price * closed * (this.unitValue.get(name) ?? 0) - share - fee;
    position.cost += -share + sign * price * (size - closed) * (this.unitValue.get(name) ?? 0);
    position.size += sign * size;
    if (position.size === 0 || held * position.size < 0) position.stop = null;
    if (order.stop !== null && position.size * sign > 0) position.stop = order.stop;
    order.filled += size;
    order.status = order.filled === order.size ? "DONE" : "PART";
    const deal = { id: `deal${++this.ids}`, name, sign, price, size, fee };
    this.deals.push(deal);
    const side = sign === 1 ? "B" : "S";
    const terms = `${side},${price},${size},${fee.toFixed(12)},${isMaker ? "M" : "T"}`;
    this.say(`DEAL,${name},${this.now()},${deal.id},${order.id},${order.clientId},${terms}`);
    this.tell(order);
    this.say(this.positionLine(name));
    this.say(this.walletLine());
  }

  private end(order: Order, status: "GONE" | "DONE", why: string): void {
    order.status = status;
    order.why = why;
    this.tell(order);
  }

  private stop(name: string, price: number): void {
    this.positionOf(name).stop = price;
    this.say(this.positionLine(name));
  }

  private watchStop({ listed: { name } }: Market, last: number): void {
    const position = this.positionOf(name);
    const sign = Math.sign(position.size);
    if (sign === 0 || position.stop === null || last * sign > position.stop * sign) return;
    const order = this.stopOrder(name, position);
    this.orders.push(order);
    this.work(order, "NOW");
  }

  private stopOrder(name: string, { size }: Position): Order {
    return {
      clientId: "",
      id: `stop${++this.ids}`,
      name,
      sign: size > 0 ? -1 : 1,
      price: null,
      size: Math.abs(size),
      filled: 0,
      reduces: true,
      stop: null,
      status: "LIVE",
      why: "",
    };
  }

  // ------------------------------------------------------------------------------- answers

  private answer(clientId: string): void {
    const order = this.orders.find((known) => known.clientId === clientId);
    this.say(order === undefined ? `UNHEARD,${clientId}` : `HEARD,${this.orderText(order)}`);
  }

  private account(cause: string): void {
    this.say(`BEGIN,${cause}`);
    for (const order of this.open) this.tell(order);
    for (const { name } of LISTED) this.say(this.positionLine(name));
    this.say(this.walletLine());
    this.say("END");
  }

  private tell(order: Order): void {
    this.say(`ORDER,${this.orderText(order)}`);
  }

  private orderText({ name, id, clientId, sign, ...order }: Order): string {
    const side = sign === 1 ? "B" : "S";
    const sizes = `${order.price ?? ""},${order.size},${order.filled}`;
    const last = `${order.status},${order.reduces ? "R" : ""},${order.why}`;
    return `${name},${this.now()},${id},${clientId},${side},${sizes},${last}`;
  }

  private positionLine(name: string): string {
    const { size, cost, stop } = this.positionOf(name);
    const entry = size === 0 ? "" : cost / size / Number(this.marketOf(name).listed.lot);
    return `HELD,${name},${this.now()},${size},${entry},${stop ?? ""}`;
  }

  private walletLine(): string {
    let equity = this.cash;
    for (const { listed, mid } of this.markets) {
      const { size, cost } = this.positionOf(listed.name);
      equity += size * mid * (this.unitValue.get(listed.name) ?? 0) - cost;
    }
    return `MONEY,${this.now()},${equity.toFixed(9)},${this.cash.toFixed(9)}`;
  }

  private positionOf(name: string): Position {
    let position = this.positions.get(name);
    if (position === undefined) {
      position = { size: 0, cost: 0, stop: null };
      this.positions.set(name, position);
    }
    return position;
  }

  private marketOf(name: string): Market {
    const market = this.markets.find(({ listed }) => listed.name === name);
    if (market === undefined) throw new Error(`nothing is listed as ${name}`);
    return market;
  }

  private now(): number {
    return this.clock.nowMs();
  }

  private say(line: string): void {
    this.count++;
    const isSkipped = this.skipNext;
    this.skipNext = false;
    if (!isSkipped) this.send?.(`${this.count},${line}\n`);
  }
}
