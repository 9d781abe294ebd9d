/**
 * The adapter's parts, wired together. What each is given is all that it can reach: whoever needs
 * the venue's time gets the clock and not the right to send, whoever only sends gets no more.
 */
import { type Prng, prngOf } from "../../kernel/prng.ts";
import { withoutSlash } from "../../kernel/wording.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import { NO_MEMORY, type VenueMemory } from "../../runtime/ports/venue-memory.ts";
import { Counters } from "../common/counters.ts";
import { RecentIds } from "../common/recent-ids.ts";
import { ConnectGate, type OpenSocket } from "../common/socket.ts";
import { Waits } from "../common/waits.ts";
import { AccountIdentityReader } from "./account-identity.ts";
import { AccountReader } from "./account-reader.ts";
import { BarReader } from "./bar-reader.ts";
import { BookPictures } from "./book-pictures.ts";
import { CONNECT_LIMIT, RequestLimits } from "./budgets.ts";
import { CashLogReader } from "./cash-log-reader.ts";
import { PING_TEXT } from "./codec/control-frames.ts";
import { SymbolTable } from "./codec/symbol-table.ts";
import { InstrumentList } from "./instruments.ts";
import { OrderDesk } from "./order-entry.ts";
import { PrivateFeed } from "./private-feed.ts";
import { PublicFeed } from "./public-feed.ts";
import { type Fetch, RestClient } from "./rest-client.ts";
import { TermsReader } from "./terms-reader.ts";
import { TradeSocket } from "./trade-socket.ts";
import { DISCONNECT_TOPIC, VenueDeadMan } from "./venue-dead-man.ts";

export interface BybitVenueOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  /** For example "https://api.bybit.com". */
  readonly restUrl: string;
  /** For example "wss://stream.bybit.com"; the v5 paths are appended. */
  readonly wsUrl: string;
  /** Empty: public data only. */
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Order entry by socket; false where the venue has none (demo). */
  readonly tradeSocket: boolean;
  /** Base of the private and trade sockets when it is not `wsUrl`: demo keeps them apart. */
  readonly privateWsUrl?: string;
  /** Of the jitter in back-offs. */
  readonly seed: string;
  readonly symbolFilter?: (symbol: string) => boolean;
  /** What is known from earlier runs; nothing when left out. */
  readonly memory?: VenueMemory;
  /** Sees every received text: a recorder. */
  readonly onFrame?: (socket: string, text: string) => void;
  /** How requests and sockets leave: the global fetch and ws when left out. */
  readonly fetch?: Fetch;
  readonly openSocket?: OpenSocket;
}

/** What only an account has: null for public data alone. */
interface AccountParts {
  readonly feed: PrivateFeed;
  readonly reader: AccountReader;
  readonly trade: TradeSocket | null;
  readonly desk: OrderDesk;
  readonly terms: TermsReader;
  readonly cashLog: CashLogReader;
}

export interface Parts {
  readonly waits: Waits;
  readonly prng: Prng;
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly rest: RestClient;
  readonly instruments: InstrumentList;
  readonly publicFeed: PublicFeed;
  readonly account: AccountParts | null;
  readonly pictures: BookPictures;
  readonly barReader: BarReader;
}

/** A day of a busy maker; older repeats are caught by the ledger. */
const EXECUTION_IDS_MAX = 20_000;

/** What the parts share; each is handed those that it uses and no others. */
interface Shared {
  readonly options: BybitVenueOptions;
  readonly sink: EventSink;
  readonly prng: Prng;
  readonly waits: Waits;
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly gate: ConnectGate;
  readonly limits: RequestLimits;
}

/** Makes the parts of one adapter. Nothing is connected yet. */
export function partsOf(
  options: BybitVenueOptions,
  sink: EventSink,
  onUnreadable: () => void,
): Parts {
  const { clock, log, symbolFilter = () => true } = options;
  const shared: Shared = {
    options,
    sink,
    prng: prngOf(options.seed).child("bybit"),
    waits: new Waits(clock),
    table: new SymbolTable(),
    counters: new Counters(),
    gate: new ConnectGate(clock, CONNECT_LIMIT),
    limits: new RequestLimits(clock),
  };
  const { prng, waits, table, counters } = shared;
  const rest = restOf(shared);
  return {
    waits,
    prng,
    table,
    counters,
    rest,
    instruments: new InstrumentList({
      rest,
      log,
      counters,
      symbolFilter,
      memory: options.memory ?? NO_MEMORY,
      nowMs: () => clock.nowMs(),
    }),
    publicFeed: new PublicFeed({
      ...socketOf(shared, "public", { base: options.wsUrl, path: "/v5/public/linear" }),
      table,
      counters,
      sink,
      onFrame: options.onFrame,
      onUnreadable,
    }),
    account: options.apiKey === "" ? null : accountOf(shared, rest),
    pictures: new BookPictures({ rest, table, log, sink }),
    barReader: new BarReader({ rest, table, waits, sink }),
  };
}

function restOf({ options, waits, limits, prng, sink }: Shared): RestClient {
  const { clock, log, apiKey, apiSecret } = options;
  return new RestClient({
    clock,
    log,
    waits,
    limits,
    prng: prng.child("rest"),
    baseUrl: withoutSlash(options.restUrl),
    apiKey,
    apiSecret,
    fetch: options.fetch,
    onHealth: (up, detail, bannedUntilMs) =>
      sink({ kind: "feed_status", feed: "rest", up, detail, bannedUntilMs }),
  });
}

/** What a socket needs to be kept connected. */
function socketOf(
  { options, waits, gate, prng }: Shared,
  name: string,
  { base, path }: { readonly base: string; readonly path: string },
) {
  const { clock, log, openSocket } = options;
  const url = `${withoutSlash(base)}${path}`;
  return { clock, log, waits, gate, prng: prng.child(name), url, pingText: PING_TEXT, openSocket };
}

function accountOf(shared: Shared, rest: RestClient): AccountParts {
  const { options, waits, prng, table, counters, limits, sink } = shared;
  const { clock, log, apiKey, apiSecret, onFrame, memory = NO_MEMORY } = options;
  const base = options.privateWsUrl ?? options.wsUrl;
  const keys = { apiKey, apiSecret };
  const executions = new RecentIds(EXECUTION_IDS_MAX);
  const onIdentity = (accountId: string) => sink({ kind: "account_identity", accountId });
  const identity = new AccountIdentityReader({ rest, apiKey, onIdentity, memory });
  const reader = new AccountReader({
    clock,
    log,
    waits,
    prng: prng.child("account"),
    rest,
    time: rest,
    table,
    counters,
    executions,
    identity,
    sink,
  });
  const disconnects = new VenueDeadMan({
    rest,
    log,
    arm: () => feed.subscribeAlso(DISCONNECT_TOPIC),
  });
  const feed: PrivateFeed = new PrivateFeed({
    ...socketOf(shared, "private", { base, path: "/v5/private" }),
    keys,
    time: rest,
    table,
    counters,
    executions,
    sink,
    onFrame,
    onGap: (cause) => reader.reconcile(cause),
    onSubscribed: () => disconnects.onSubscribed(),
  });
  const trade = options.tradeSocket
    ? new TradeSocket({
        ...socketOf(shared, "trade", { base, path: "/v5/trade" }),
        keys,
        time: rest,
        limits,
        counters,
        onFrame,
      })
    : null;
  const onMismatch = (cause: string) => reader.reconcile(cause);
  return {
    feed,
    reader,
    trade,
    terms: new TermsReader({ rest, table, sink }),
    cashLog: new CashLogReader({ clock, rest, time: rest, table, counters, sink }),
    desk: new OrderDesk({ log, rest, limits, table, sink, trade, onMismatch }),
  };
}
