/**
 * Strategies that every newcomer tries: join the touch, improve it, follow the mark, fade a move,
 * ride it, follow the leader, trade the queue imbalance. Each enters one small position at a time,
 * passively or at the touch, and leaves after a while the same way.
 */
import type { SimExecution } from "../../../src/simulator/core/api.ts";
import type { SimVenue } from "../../../src/simulator/world/world.ts";
import { WallWatch } from "./planted.ts";
import type { Seen } from "./seen.ts";

interface Wish {
  readonly side: "Buy" | "Sell";
  /** 0 takes what stands there. */
  readonly priceTicks: number;
}

interface Memory {
  readonly middles: number[];
  readonly leads: number[];
  wideTicks: number;
  /** Side of the touch that has a wall, 1 the bid, and for how many looks it has stood. */
  wallSide: -1 | 0 | 1;
  wallLooks: number;
}

/** What it wants to do while flat; null to wait. */
type Entry = (seen: Seen, memory: Memory, turn: number) => Wish | null;

interface Style {
  readonly entry: Entry;
  /** Passive entries leave passively at the touch first; takers take. */
  readonly isPassive: boolean;
  /** How long a position is held before it is closed, in seconds. */
  readonly holdS: number;
}

const LOOKS_A_SECOND = 10;
/** A passive order that nobody hits is moved after this long, and given up for the touch later. */
const RESTING_MS = 5_000;
const PATIENCE_MS = 30_000;
const LATE_MS = 20;
/** A signal is acted on within this many looks: later, part of its move is gone. */
const SIGNAL_LOOKS = 5;

const sideOf = (turn: number): "Buy" | "Sell" => (turn % 2 === 0 ? "Buy" : "Sell");

const touchOf = (seen: Seen, side: "Buy" | "Sell"): number =>
  side === "Buy" ? seen.bidTicks : seen.askTicks;

/** A tick inside the spread where there is room, else at the touch. */
const insideOf = (seen: Seen, side: "Buy" | "Sell"): number => {
  const room = seen.askTicks - seen.bidTicks >= 2 ? 1 : 0;
  return side === "Buy" ? seen.bidTicks + room : seen.askTicks - room;
};

/** Log return of the middle over so many seconds, in bps; 0 while there is no such past. */
function moveBps(middles: readonly number[], seconds: number): number {
  const now = middles.at(-1);
  const then = middles.at(-1 - seconds * LOOKS_A_SECOND);
  return now === undefined || then === undefined ? 0 : Math.log(now / then) * 1e4;
}

function spreadBps({ bidTicks, askTicks }: Seen): number {
  return ((askTicks - bidTicks) / bidTicks) * 1e4;
}

function imbalanceOf({ bidSteps, askSteps }: Seen): number {
  return (bidSteps - askSteps) / Math.max(1, bidSteps + askSteps);
}

const taker = (sign: number): Wish => ({ side: sign > 0 ? "Buy" : "Sell", priceTicks: 0 });

export const BOTS: Readonly<Record<string, Style>> = {
  joining: {
    isPassive: true,
    holdS: 10,
    entry: (seen, _memory, turn) => ({
      side: sideOf(turn),
      priceTicks: touchOf(seen, sideOf(turn)),
    }),
  },
  improving: {
    isPassive: true,
    holdS: 10,
    entry: (seen, _memory, turn) =>
      spreadBps(seen) < 5 ? null : { side: sideOf(turn), priceTicks: insideOf(seen, sideOf(turn)) },
  },
  "improving when wide": {
    isPassive: true,
    holdS: 10,
    entry: (seen, memory, turn) =>
      seen.askTicks - seen.bidTicks < 1.8 * memory.wideTicks
        ? null
        : { side: sideOf(turn), priceTicks: insideOf(seen, sideOf(turn)) },
  },
  "mark-following": {
    isPassive: true,
    holdS: 5,
    entry(seen) {
      const away = seen.markTicks - (seen.bidTicks + seen.askTicks) / 2;
      if (Math.abs(away) < (seen.askTicks - seen.bidTicks) / 2) return null;
      const side = away > 0 ? "Buy" : "Sell";
      return { side, priceTicks: insideOf(seen, side) };
    },
  },
  "mark-taking": {
    isPassive: false,
    holdS: 5,
    entry(seen) {
      const away = seen.markTicks - (seen.bidTicks + seen.askTicks) / 2;
      return Math.abs(away) < 0.75 * (seen.askTicks - seen.bidTicks) ? null : taker(away);
    },
  },
  fading: {
    isPassive: true,
    holdS: 15,
    entry(seen, { middles }) {
      const move = moveBps(middles, 5);
      if (Math.abs(move) < 6) return null;
      const side = move > 0 ? "Sell" : "Buy";
      return { side, priceTicks: touchOf(seen, side) };
    },
  },
  momentum: {
    isPassive: false,
    holdS: 20,
    entry(_seen, { middles }) {
      const move = moveBps(middles, 10);
      return Math.abs(move) < 8 ? null : taker(move);
    },
  },
  "flow-following": {
    isPassive: true,
    holdS: 10,
    entry(seen) {
      if (Math.abs(seen.flowSteps) < 5 * seen.ticketSteps) return null;
      const side = seen.flowSteps > 0 ? "Buy" : "Sell";
      return { side, priceTicks: insideOf(seen, side) };
    },
  },
  "lead-lag": {
    isPassive: false,
    holdS: 10,
    entry(_seen, { middles, leads }) {
      const lead = moveBps(leads, 2);
      return Math.abs(lead) < 2.5 || Math.abs(moveBps(middles, 2)) > Math.abs(lead) / 2
        ? null
        : taker(lead);
    },
  },
  imbalance: {
    isPassive: false,
    holdS: 10,
    entry(seen) {
      const lean = imbalanceOf(seen);
      return Math.abs(lean) < 0.75 || spreadBps(seen) > 6 ? null : taker(lean);
    },
  },
  signal: {
    isPassive: false,
    holdS: 10,
    entry(_seen, { wallSide, wallLooks }) {
      return wallSide === 0 || wallLooks > SIGNAL_LOOKS ? null : taker(wallSide);
    },
  },
};

export interface Bot {
  /** Results of closed positions in bps of their value, fees included. */
  readonly trades: readonly number[];
  look(seen: Seen, lead: Seen): void;
  filled(execution: SimExecution): void;
}

interface Desk {
  readonly venue: SimVenue;
  readonly accountId: string;
  readonly symbolIndex: number;
}

export function makeBot(name: string, desk: Desk): Bot {
  const style = BOTS[name];
  if (style === undefined) throw new Error(`no bot is called ${name}`);
  return new OnePositionBot(style, desk);
}

class OnePositionBot implements Bot {
  readonly trades: number[] = [];
  private readonly style: Style;
  private readonly desk: Desk;
  private readonly walls = new WallWatch();
  private readonly memory: Memory = {
    middles: [],
    leads: [],
    wideTicks: 0,
    wallSide: 0,
    wallLooks: 0,
  };
  private turn = 0;
  private held = 0;
  /** Cash of the running round trip in ticks × steps, and the fees of it. */
  private cash = 0;
  private value = 0;
  private fees = 0;
  private enteredAtMs = 0;
  private restsSinceMs = 0;
  private orderId = "";

  constructor(style: Style, desk: Desk) {
    this.style = style;
    this.desk = desk;
    this.turn = desk.symbolIndex;
  }

  look(seen: Seen, lead: Seen): void {
    this.remember(seen, lead);
    if (seen.bidTicks === 0 || seen.askTicks === 0) return;
    if (this.orderId !== "") {
      if (seen.atMs - this.restsSinceMs < RESTING_MS) return;
      this.cancel();
    }
    if (this.held !== 0) this.leave(seen);
    else {
      const wish = this.style.entry(seen, this.memory, this.turn);
      if (wish !== null) this.send(wish, seen.ticketSteps, seen.atMs, false);
    }
  }

  filled({ side, priceTicks, qtySteps, value, fee, leavesSteps, atMs }: SimExecution): void {
    const sign = side === "Buy" ? 1 : -1;
    if (this.held === 0) this.enteredAtMs = atMs;
    this.held += sign * qtySteps;
    this.cash -= sign * qtySteps * priceTicks;
    this.value += qtySteps * priceTicks;
    this.fees += (Number(fee) / Number(value)) * qtySteps * priceTicks;
    if (leavesSteps === 0) this.orderId = "";
    if (this.held !== 0) return;
    this.trades.push(((this.cash - this.fees) / (this.value / 2)) * 1e4);
    this.cash = 0;
    this.value = 0;
    this.fees = 0;
    this.turn++;
    this.cancel();
  }

  private remember(seen: Seen, lead: Seen): void {
    const { middles, leads } = this.memory;
    middles.push((seen.bidTicks + seen.askTicks) / 2);
    leads.push((lead.bidTicks + lead.askTicks) / 2);
    if (middles.length > 300) {
      middles.shift();
      leads.shift();
    }
    const spread = seen.askTicks - seen.bidTicks;
    const { wideTicks, wallSide } = this.memory;
    this.memory.wallSide = this.walls.look(seen);
    this.memory.wallLooks = this.memory.wallSide === wallSide ? this.memory.wallLooks + 1 : 1;
    this.memory.wideTicks = wideTicks === 0 ? spread : wideTicks + (spread - wideTicks) / 300;
  }

  private leave(seen: Seen): void {
    const side = this.held > 0 ? "Sell" : "Buy";
    const heldMs = seen.atMs - this.enteredAtMs;
    const steps = Math.abs(this.held);
    if (heldMs < this.style.holdS * 1_000) {
      if (!this.style.isPassive) return;
      this.send({ side, priceTicks: touchOf(seen, side) }, steps, seen.atMs, true);
      return;
    }
    const isPatient = this.style.isPassive && heldMs < PATIENCE_MS;
    const priceTicks = isPatient ? insideOf(seen, side) : 0;
    this.send({ side, priceTicks }, steps, seen.atMs, true);
  }

  /** An order acts a little later than what it was decided on. */
  private send(
    { side, priceTicks }: Wish,
    qtySteps: number,
    atMs: number,
    reduceOnly: boolean,
  ): void {
    const { venue, accountId, symbolIndex } = this.desk;
    const isMarket = priceTicks === 0;
    venue.touch(atMs + LATE_MS);
    const reply = venue.core.place(accountId, {
      symbolIndex,
      side,
      type: isMarket ? "Market" : "Limit",
      qtySteps,
      priceTicks,
      timeInForce: isMarket ? "IOC" : "PostOnly",
      reduceOnly,
    });
    if (reply.code !== 0 || isMarket) return;
    this.orderId = reply.orderId;
    this.restsSinceMs = atMs;
  }

  private cancel(): void {
    if (this.orderId === "") return;
    const { venue, accountId, symbolIndex } = this.desk;
    venue.core.cancel(accountId, symbolIndex, { orderId: this.orderId });
    this.orderId = "";
  }
}
