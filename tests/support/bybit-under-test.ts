/** A Bybit venue connected to a stub, with everything it said kept in order. */
import type { BookFrame, EngineEvent } from "../../src/domain/event.ts";
import { asClientOrderId, type SymbolId } from "../../src/domain/units.ts";
import { MarketState } from "../../src/market/market-state.ts";
import { type ApprovedOrder, approve } from "../../src/risk/approved.ts";
import { systemClock } from "../../src/runtime/clocks.ts";
import type { Clock } from "../../src/runtime/ports/clock.ts";
import type { LogPort } from "../../src/runtime/ports/log.ts";
import type { Venue } from "../../src/runtime/ports/venue.ts";
import { type BybitVenueOptions, createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { type StubExchange, until } from "./stub-exchange.ts";

export interface UnderTest {
  readonly venue: Venue;
  readonly market: MarketState;
  readonly events: EngineEvent[];
  readonly logs: string[];
  of<Kind extends EngineEvent["kind"]>(kind: Kind): Extract<EngineEvent, { kind: Kind }>[];
  started: Promise<void>;
}

export const KEYS = { apiKey: "key-of-the-account", apiSecret: "secret-of-the-account" };
export const BTC = 0 as SymbolId;
export const ETH = 1 as SymbolId;

export function connect(
  stub: StubExchange,
  more: Partial<BybitVenueOptions> & { clock?: Clock } = {},
): UnderTest {
  const events: EngineEvent[] = [];
  const logs: string[] = [];
  const market = new MarketState();
  const clock = more.clock ?? systemClock;
  const keep = (level: string) => (text: string, data?: object) =>
    void logs.push(`${level} ${text} ${JSON.stringify(data ?? {})}`);
  const log: LogPort = { info: keep("info"), warn: keep("warn"), error: keep("error") };
  const venue = createBybitVenue({
    log,
    restUrl: stub.restUrl,
    wsUrl: stub.wsUrl,
    ...KEYS,
    tradeSocket: true,
    seed: "test",
    ...more,
    clock,
  });
  const started = venue.start((event) => {
    events.push(event.kind === "book" ? copyOf(event) : event);
    if (event.kind === "instruments") market.load(event.instruments);
    const isMarket = ["book", "trades", "ticker", "bar", "book_fault", "book_picture"];
    if (!isMarket.includes(event.kind)) return;
    const fault = market.absorb(event as Parameters<MarketState["absorb"]>[0], clock.nowMs());
    if (fault !== null && "symbolId" in event && event.symbolId !== null)
      venue.resubscribeBook(event.symbolId);
  });
  return {
    venue,
    market,
    events,
    logs,
    of: (kind) => events.filter((event) => event.kind === kind) as never,
    started,
  };
}

/** Waits until it knows the account, and until orders go the way that was chosen. */
export async function accountReady(tested: UnderTest, tradeSocket: boolean): Promise<void> {
  await tested.started;
  await until(() => tested.of("account_snapshot").length === 1, "the account was fetched");
  const isReady = () => tested.venue.health().counters.trade_socket === (tradeSocket ? 1 : 0);
  await until(isReady, "the trade socket is as wanted");
}

/** The frame is lent: its arrays are overwritten by the next one. */
function copyOf(frame: BookFrame): BookFrame {
  return { ...frame, bids: frame.bids.slice(0, 200), asks: frame.asks.slice(0, 200) };
}

export function orderOf(clientId: string, more: object = {}): ApprovedOrder {
  return approve(
    {
      symbolId: BTC,
      side: "buy",
      type: "limit",
      priceTicks: 999 as never,
      qtySteps: 5 as never,
      timeInForce: "post_only",
      reduceOnly: false,
      purpose: "entry",
      strategy: "test",
      stopLossTicks: null,
      reason: "",
      ...more,
    },
    asClientOrderId(clientId),
  );
}
