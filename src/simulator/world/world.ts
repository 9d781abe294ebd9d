/**
 * The simulated exchange behind its wire: core, market and tape under one clock.
 *
 * Everything that speaks a protocol (REST, sockets) holds a `SimVenue` and nothing else of the
 * simulator. Time is the host's clock plus the clock-skew fault; the market moves only in
 * `advance`.
 */
import { must } from "../../kernel/assert.ts";
import { fnv1a64 } from "../../kernel/fnv.ts";
import type { ExchangeCore, SimEvent, SimInstrument, SimLevels, SimSide } from "../core/api.ts";
import { createExchange } from "../core/exchange.ts";
import { levelsOnLot } from "../core/tick-lots.ts";
import { type Listing, makeCatalogue } from "../market/catalogue.ts";
import { MarketModel } from "../market/market-model.ts";
import { PastBars } from "../market/past-bars.ts";
import { Tape, type TapedTrade } from "../market/trade-tape.ts";

export interface SimAccountKeys {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly walletUsdt: string;
  /** Whether the account may use disconnect-cancel-all, as institutions may. Default false. */
  readonly disconnectCancel?: boolean;
}

interface VenueOptions {
  readonly seed: string;
  readonly symbols: number;
  readonly accounts: readonly SimAccountKeys[];
  readonly startAtMs: number;
  /** The contracts; the seed's own catalogue of `symbols` contracts when left out. */
  readonly listings?: readonly Listing[];
}

/** Non-VIP rates of linear contracts. */
export const MAKER_FEE_RATE = "0.0002";
export const TAKER_FEE_RATE = "0.00055";
/** Window of disconnect-cancel-all until the account chooses one (order/dcp). */
const DISCONNECT_WINDOW_S = 10;
const WALLET_USDT_DEFAULT = "10000";

export interface VenueAccount {
  readonly id: string;
  /** The account's number for its owner: see {@link userIdOf}. */
  readonly userId: number;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Who wants to know what happened: called once per drain, with trades already taped. */
export interface VenueListener {
  onTrades(trades: readonly TapedTrade[]): void;
  onPrivate(events: readonly SimEvent[]): void;
}

export class SimVenue {
  readonly seed: string;
  readonly startAtMs: number;
  readonly core: ExchangeCore;
  readonly tape: Tape;
  readonly pastBars = new PastBars();
  readonly market: MarketModel;
  readonly listings: readonly Listing[];
  private readonly bySymbol = new Map<string, SimInstrument>();
  private readonly byKey = new Map<string, VenueAccount>();
  /** Seconds of disconnect-cancel-all by account; only accounts that have it are here. */
  private readonly disconnectWindows = new Map<string, number>();
  private readonly listeners: VenueListener[] = [];
  private readonly versionsAtStart: readonly number[];
  private readonly seqs: { version: number; seq: number }[] = [];

  constructor(options: VenueOptions) {
    const { seed, startAtMs } = options;
    this.seed = seed;
    this.startAtMs = startAtMs;
    const { symbols } = options;
    this.listings = options.listings ?? makeCatalogue({ seed, symbols, nowMs: startAtMs });
    const instruments = this.listings.map((listing) => listing.instrument);
    this.core = createExchange({
      idSeed: `${seed}/${startAtMs}`,
      startAtMs,
      instruments,
      accounts: options.accounts.map((account, index) => ({
        id: accountIdOf(index),
        house: false,
        walletUsdt: account.walletUsdt === "" ? WALLET_USDT_DEFAULT : account.walletUsdt,
        makerFeeRate: MAKER_FEE_RATE,
        takerFeeRate: TAKER_FEE_RATE,
      })),
    });
    options.accounts.forEach(({ apiKey, apiSecret, disconnectCancel }, index) => {
      const userId = userIdOf(options, index);
      this.byKey.set(apiKey, { id: accountIdOf(index), userId, apiKey, apiSecret });
      if (disconnectCancel === true) {
        this.disconnectWindows.set(accountIdOf(index), DISCONNECT_WINDOW_S);
      }
    });
    for (const instrument of instruments) this.bySymbol.set(instrument.symbol, instrument);
    this.tape = new Tape(this.listings, seed, startAtMs);
    const { core, tape, listings } = this;
    this.market = new MarketModel({ seed, core, tape, listings, startAtMs });
    this.versionsAtStart = instruments.map(({ index }) => core.bookVersion(index));
    core.drain();
  }

  get nowMs(): number {
    return this.core.nowMs;
  }

  listen(listener: VenueListener): void {
    this.listeners.push(listener);
  }

  /** Moves the market to `toMs` and tells the listeners what happened. */
  advance(toMs: number): void {
    this.market.advance(toMs);
    this.flush();
  }

  /** Moves only the exchange's own clock: for a request that arrives between two market steps. */
  touch(nowMs: number): void {
    if (nowMs > this.core.nowMs) this.core.advanceTo(nowMs);
  }

  /** Hands drained events on: public trades first, then the accounts' events in order. */
  flush(): void {
    const events = this.core.drain();
    if (events.length === 0) return;
    const trades: TapedTrade[] = [];
    const others: SimEvent[] = [];
    for (const event of events) {
      if (event.kind === "trade") {
        trades.push(this.tape.of(event.trade.symbolIndex).trade(event.trade));
      } else others.push(event);
    }
    for (const listener of this.listeners) {
      if (trades.length > 0) listener.onTrades(trades);
      if (others.length > 0) listener.onPrivate(others);
    }
  }

  instrument(symbol: string): SimInstrument | undefined {
    return this.bySymbol.get(symbol);
  }

  instrumentAt(index: number): SimInstrument {
    return must(this.core.instruments[index], "every event names a listed contract");
  }

  /** The book of a contract as it is shown: on its tick. */
  levels(index: number, side: SimSide, depth: number): SimLevels {
    const { tickLot } = this.instrumentAt(index);
    return levelsOnLot(side, this.core.levels(index, side, depth), tickLot);
  }

  listing(index: number): Listing {
    return must(this.listings[index], "every contract has a listing");
  }

  accountOf(apiKey: string): VenueAccount | undefined {
    return this.byKey.get(apiKey);
  }

  /** Seconds of silence before disconnect-cancel-all, null for accounts that do not have it. */
  disconnectWindowS(accountId: string): number | null {
    return this.disconnectWindows.get(accountId) ?? null;
  }

  setDisconnectWindow(accountId: string, seconds: number): void {
    this.disconnectWindows.set(accountId, seconds);
  }

  accountIds(): string[] {
    return [...this.byKey.values()].map((account) => account.id);
  }

  /**
   * The book's update id: 1 when the venue starts, one more with each change since. Streams number
   * what they tell, so theirs fall behind this one and skip to it when they begin anew.
   */
  bookUpdateId(index: number): number {
    return 1 + this.core.bookVersion(index) - (this.versionsAtStart[index] ?? 0);
  }

  /** The cross sequence of the contract's newest book change: equal numbers mean equal books. */
  bookSeq(index: number): number {
    const version = this.core.bookVersion(index);
    const known = this.seqs[index];
    if (known !== undefined && known.version === version) return known.seq;
    const seq = this.core.seq;
    this.seqs[index] = { version, seq };
    return seq;
  }
}

/**
 * Another number for each account and for each life of the exchange: one that begins anew holds
 * other accounts, whatever their keys. Longer than any that the venue has given out.
 */
function userIdOf({ seed, startAtMs }: VenueOptions, index: number): number {
  const ofSeed = Number.parseInt(fnv1a64(seed).slice(-6), 16);
  return Math.trunc(startAtMs) * 1_000 + ((ofSeed + index) % 1_000);
}

function accountIdOf(index: number): string {
  return `account-${index + 1}`;
}
