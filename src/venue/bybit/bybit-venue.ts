/**
 * Bybit v5 as a `Venue`: the life cycle of the adapter's parts and the one door to the outside.
 *
 * Nothing here throws or blocks: an exchange that is down is a health that is red and retries that
 * go on. Time and chance come in from outside.
 */
import type { EngineEvent } from "../../domain/event.ts";
import type { Instrument } from "../../domain/instrument.ts";
import type { SymbolId } from "../../domain/units.ts";
import type { EventSink, Venue, VenueHealth } from "../../runtime/ports/venue.ts";
import { repeat } from "../common/repeat.ts";
import { VENUE_NAME } from "./codec/encode.ts";
import { type BybitVenueOptions, type Parts, partsOf } from "./parts.ts";

export type { BybitVenueOptions } from "./parts.ts";

const REFRESH_EVERY_MS = 5 * 60_000;
/** A stream of garbage asks for the list no more often than this. */
const EARLY_REFRESH_MS = 10_000;
const CLOCK_EVERY_MS = 60_000;
/** While REST does not answer it is asked for the time, so that its recovery shows. */
const PROBE_EVERY_MS = 2_000;
const START_BACK_OFF = { firstMs: 250, capMs: 5_000 };
const NO_KEY = "no API key: this is public data only";

export function createBybitVenue(options: BybitVenueOptions): Venue {
  return new BybitVenue(options);
}

class BybitVenue implements Venue {
  readonly name = VENUE_NAME;
  private readonly options: BybitVenueOptions;
  private readonly parts: Parts;
  private sinkOut: EventSink = () => {};
  private askedEarlyAtMs = Number.NEGATIVE_INFINITY;
  private isConnected = false;

  constructor(options: BybitVenueOptions) {
    this.options = options;
    this.parts = partsOf(
      options,
      (event) => this.deliver(event),
      () => this.refreshSoon(),
    );
  }

  async start(sink: EventSink): Promise<void> {
    this.sinkOut = sink;
    const instruments = await this.loadInstruments();
    if (instruments === null) return;
    this.deliverList(instruments);
    this.connect(instruments);
  }

  /**
   * Once a list is there. Where none can be read, that of an earlier run: what is held can be got
   * out of by the sockets, and nothing is entered before the list was read anew.
   */
  private connect(instruments: readonly Instrument[]): void {
    if (this.isConnected) {
      this.parts.publicFeed.follow(instruments);
      return;
    }
    this.isConnected = true;
    const { waits, rest, account, table } = this.parts;
    // The account first: what it has to say does not wait behind the snapshots of every book.
    account?.feed.start();
    this.parts.publicFeed.follow(instruments);
    account?.trade?.start();
    waits.every(REFRESH_EVERY_MS, () => void this.refresh());
    waits.every(CLOCK_EVERY_MS, () => void rest.measureClock());
    waits.every(PROBE_EVERY_MS, () => {
      if (!rest.up) void rest.measureClock();
    });
    this.options.log.info("connected to the venue", {
      symbols: table.size,
      clockOffsetMs: rest.offsetMs,
    });
  }

  submit: Venue["submit"] = (order) => {
    const { account } = this.parts;
    if (account !== null) account.desk.submit(order);
    else {
      const outcome = { result: "failed", text: NO_KEY } as const;
      this.deliver({ kind: "submit_result", clientId: order.clientId, outcome });
    }
  };

  amend: Venue["amend"] = (order, venueOrderId) => {
    const { account } = this.parts;
    if (account !== null) account.desk.amend(order, venueOrderId);
    else {
      const outcome = { result: "failed", text: NO_KEY } as const;
      this.deliver({ kind: "amend_result", clientId: order.clientId, outcome });
    }
  };

  cancel: Venue["cancel"] = (clientId, symbolId, venueOrderId) => {
    const { account } = this.parts;
    if (account !== null) account.desk.cancel(clientId, symbolId, venueOrderId);
    else {
      const outcome = { result: "failed", text: NO_KEY } as const;
      this.deliver({ kind: "cancel_result", clientId, outcome });
    }
  };

  cancelOrphan: Venue["cancelOrphan"] = (symbolId, venueOrderId) => {
    this.parts.account?.desk.cancelOrphan(symbolId, venueOrderId);
  };

  cancelAll(): void {
    this.parts.account?.desk.cancelAll();
  }

  askOrder: Venue["askOrder"] = (clientId, symbolId) => {
    this.parts.account?.reader.ask(clientId, symbolId);
  };

  protect: Venue["protect"] = (symbolId, stopLossTicks, standIn) => {
    this.parts.account?.desk.protect(symbolId, stopLossTicks, standIn);
  };

  lookBack(sinceVenueAtMs: number, afterVenueAtMs: number): void {
    this.parts.account?.reader.lookBack(sinceVenueAtMs, afterVenueAtMs);
  }

  reconcile(cause: string, isUrgent = false): void {
    this.parts.account?.reader.reconcile(cause, isUrgent);
  }

  loadCashLog(sinceVenueAtMs: number): void {
    this.parts.account?.cashLog.load(sinceVenueAtMs);
  }

  loadAccountTerms(): void {
    this.parts.account?.terms.loadAccount();
  }

  settleTerms: Venue["settleTerms"] = (symbolId, leverageMax) => {
    this.parts.account?.terms.settle(symbolId, leverageMax);
  };

  resubscribeBook(symbolId: SymbolId): void {
    this.parts.publicFeed.renewBook(symbolId);
  }

  checkBook(symbolId: SymbolId): void {
    this.parts.pictures.fetch(symbolId);
  }

  loadBars: Venue["loadBars"] = (...question) => {
    this.parts.barReader.load(...question);
  };

  health(): VenueHealth {
    const { rest, publicFeed, account, counters } = this.parts;
    const { up, detail, lastFrameAtMs } = publicFeed;
    return {
      market: { up, detail, lastFrameAtMs },
      private: {
        up: account?.feed.up ?? false,
        detail: account?.feed.detail ?? NO_KEY,
        lastFrameAtMs: account?.feed.socket.lastFrameAtMs ?? null,
      },
      rest: { up: rest.up, detail: rest.detail, lastOkAtMs: rest.lastOkAtMs },
      counters: {
        ...counters.all(),
        slow_decodes: publicFeed.slowCount,
        trade_socket: account?.trade?.ready === true ? 1 : 0,
        clock_offset_ms: rest.offsetMs,
      },
    };
  }

  async stop(): Promise<void> {
    const { waits, account, publicFeed } = this.parts;
    waits.stop();
    account?.trade?.stop();
    account?.feed.stop();
    publicFeed.stop();
    this.sinkOut = () => {};
  }

  /** Tries until it has them; null when it was stopped before. */
  private async loadInstruments(): Promise<readonly Instrument[] | null> {
    const { waits, rest, instruments, prng } = this.parts;
    const loaded = await repeat({
      waits,
      prng,
      backOff: START_BACK_OFF,
      retriesMax: Number.POSITIVE_INFINITY,
      attempt: () => rest.measureClock().then(() => instruments.refresh()),
      isGood: ({ kind }) => kind === "changed",
      onRetry: (bad, delayMs) => {
        const reason = bad.kind === "failed" ? bad.text : "the list is empty";
        this.options.log.warn("cannot load the contracts; trying again", { reason, delayMs });
        if (!this.isConnected) this.connectFromMemory();
      },
    });
    return loaded.kind === "changed" && !waits.stopped ? loaded.instruments : null;
  }

  /** What cannot be read may lie on a changed grid: the list is asked for ahead of its turn. */
  private refreshSoon(): void {
    const { clock } = this.options;
    if (clock.monotonicMs() - this.askedEarlyAtMs < EARLY_REFRESH_MS) return;
    this.askedEarlyAtMs = clock.monotonicMs();
    void this.refresh();
  }

  private connectFromMemory(): void {
    const remembered = this.parts.instruments.recall();
    if (remembered === null) return;
    const { instruments, readAtMs } = remembered;
    const readAt = new Date(readAtMs).toISOString();
    this.options.log.warn("working with the contracts of an earlier run meanwhile", {
      symbols: instruments.length,
      readAt,
    });
    this.deliverList(instruments, readAtMs);
    this.connect(instruments);
  }

  private async refresh(): Promise<void> {
    const loaded = await this.parts.instruments.refresh();
    if (this.parts.waits.stopped) return;
    if (loaded.kind === "changed") {
      this.deliverList(loaded.instruments);
      this.connect(loaded.instruments);
    }
    if (loaded.kind !== "failed") return;
    this.options.log.warn("cannot refresh the contracts; the old list stays", {
      text: loaded.text,
    });
  }

  /** `readAtMs` (our clock) where the list is of an earlier run. */
  private deliverList(instruments: readonly Instrument[], readAtMs?: number): void {
    this.parts.table.load(instruments);
    const age = readAtMs === undefined ? {} : { rememberedFromMs: readAtMs };
    this.deliver({ kind: "instruments", instruments, ...age });
  }

  /** Everything the adapter has to say goes through here. */
  private deliver(event: EngineEvent): void {
    this.sinkOut(event);
  }
}
