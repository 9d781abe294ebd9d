/** The adapter's parts, wired together. What each is given is all that it can reach. */
import { type Prng, prngOf } from "../../kernel/prng.ts";
import { withoutSlash } from "../../kernel/wording.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import { Counters } from "../common/counters.ts";
import { RecentIds } from "../common/recent-ids.ts";
import { ConnectGate, type OpenSocket } from "../common/socket.ts";
import { Waits } from "../common/waits.ts";
import { AccountReader } from "./account-reader.ts";
import { BookPictures } from "./book-pictures.ts";
import { RequestLimits } from "./budgets.ts";
import { SymbolTable } from "./codec/symbol-table.ts";
import { InstrumentList } from "./instruments.ts";
import { OrderDesk } from "./order-entry.ts";
import { PrivateFeed } from "./private-feed.ts";
import { PublicFeed } from "./public-feed.ts";
import { type Fetch, RestClient } from "./rest-client.ts";
import { TradeSocket } from "./trade-socket.ts";

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
}

/** A day of a busy maker; older repeats are caught by the ledger. */
const EXECUTION_IDS_MAX = 20_000;

/** What nearly every part is given. */
interface Shared {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly waits: Waits;
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly gate: ConnectGate;
  readonly limits: RequestLimits;
  readonly sink: EventSink;
  readonly onFrame: BybitVenueOptions["onFrame"];
  readonly openSocket: OpenSocket | undefined;
}

export function partsOf(options: BybitVenueOptions, sink: EventSink): Parts {
  const { clock, log } = options;
  const prng = prngOf(options.seed).child("bybit");
  const shared: Shared = {
    clock,
    log,
    waits: new Waits(clock),
    table: new SymbolTable(),
    counters: new Counters(),
    gate: new ConnectGate(clock),
    limits: new RequestLimits(clock),
    sink,
    onFrame: options.onFrame,
    openSocket: options.openSocket,
  };
  const rest = restOf(options, shared, prng.child("rest"));
  const { waits, table, counters } = shared;
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
      symbolFilter: options.symbolFilter ?? (() => true),
    }),
    publicFeed: new PublicFeed({
      ...shared,
      prng: prng.child("public"),
      url: socketUrl(options.wsUrl, "/v5/public/linear"),
    }),
    account: options.apiKey === "" ? null : accountOf(options, shared, { rest, prng }),
    pictures: new BookPictures({ rest, table, log, sink }),
  };
}

function restOf(options: BybitVenueOptions, shared: Shared, prng: Prng): RestClient {
  return new RestClient({
    ...shared,
    prng,
    baseUrl: withoutSlash(options.restUrl),
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    fetch: options.fetch,
    onHealth: (up, detail) => shared.sink({ kind: "feed_status", feed: "rest", up, detail }),
  });
}

function accountOf(
  options: BybitVenueOptions,
  shared: Shared,
  { rest, prng }: { readonly rest: RestClient; readonly prng: Prng },
): AccountParts {
  const { apiKey, apiSecret, wsUrl, privateWsUrl } = options;
  const base = privateWsUrl ?? wsUrl;
  const executions = new RecentIds(EXECUTION_IDS_MAX);
  const keyed = { ...shared, rest, executions, keys: { apiKey, apiSecret } };
  const reader = new AccountReader({ ...keyed, prng: prng.child("account") });
  const feed = new PrivateFeed({
    ...keyed,
    prng: prng.child("private"),
    url: socketUrl(base, "/v5/private"),
    onGap: (cause) => reader.reconcile(cause),
  });
  const trade = options.tradeSocket
    ? new TradeSocket({ ...keyed, prng: prng.child("trade"), url: socketUrl(base, "/v5/trade") })
    : null;
  const onMismatch = (cause: string) => reader.reconcile(cause);
  return { feed, reader, trade, desk: new OrderDesk({ ...shared, rest, trade, onMismatch }) };
}

const socketUrl = (base: string, path: string): string => `${withoutSlash(base)}${path}`;
