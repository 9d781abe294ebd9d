/**
 * The rare events of a venue: contracts that start, end, or stand still for a while.
 *
 * Halts freeze a contract's book for half a minute to two; delistings are announced first and then
 * close the contract; announced contracts start at their launch time. Only quiet contracts are
 * halted or delisted, so that a short session stays usable.
 */
import type { Prng } from "../../kernel/prng.ts";
import type { ExchangeCore } from "../core/api.ts";
import type { SymbolAgents } from "./agents.ts";
import type { Listing } from "./catalogue.ts";

const HALT_EVERY_MS = 2 * 3_600_000;
const DELISTING_EVERY_MS = 12 * 3_600_000;
/** From the announcement to the end of trading. */
const NOTICE_MS = 3 * 3_600_000;
/** Ranks below this one are never halted or delisted. */
const PROTECTED_RANKS = 60;

export class Calendar {
  private readonly prng: Prng;
  private readonly listings: readonly Listing[];
  private readonly open: Uint8Array;
  private readonly resumeAtMs: Float64Array;
  private nextHaltMs: number;
  private nextDelistingMs: number;
  private checkAtMs: number;

  constructor(prng: Prng, listings: readonly Listing[], startAtMs: number) {
    this.prng = prng;
    this.listings = listings;
    this.open = new Uint8Array(listings.length);
    this.resumeAtMs = new Float64Array(listings.length);
    for (const { instrument } of listings) {
      this.open[instrument.index] = instrument.status === "Trading" ? 1 : 0;
    }
    this.nextHaltMs = startAtMs + HALT_EVERY_MS * prng.exponential();
    this.nextDelistingMs = startAtMs + DELISTING_EVERY_MS * prng.exponential();
    this.checkAtMs = startAtMs;
  }

  /** Whether agents may act on the contract now. */
  isOpen(symbolIndex: number): boolean {
    return this.open[symbolIndex] === 1;
  }

  advance(
    toMs: number,
    core: ExchangeCore,
    agentsOf: (symbolIndex: number) => SymbolAgents | undefined,
  ): void {
    if (toMs < this.checkAtMs) return;
    this.checkAtMs = toMs + 1_000;
    if (toMs >= this.nextHaltMs) this.halt(toMs);
    if (toMs >= this.nextDelistingMs) this.announceEnd(toMs, core);
    for (const instrument of core.instruments) {
      const { index } = instrument;
      if (instrument.status === "PreLaunch" && toMs >= instrument.launchAtMs) {
        core.setStatus(index, "Trading");
        this.open[index] = 1;
        agentsOf(index)?.populate();
      }
      if (instrument.status !== "Trading") continue;
      if (instrument.deliveryAtMs > 0 && toMs >= instrument.deliveryAtMs) {
        this.open[index] = 0;
        agentsOf(index)?.withdraw();
        core.setStatus(index, "Closed");
      } else if (this.open[index] === 0 && toMs >= (this.resumeAtMs[index] ?? 0)) {
        this.open[index] = 1;
      }
    }
  }

  private halt(toMs: number): void {
    this.nextHaltMs = toMs + HALT_EVERY_MS * this.prng.exponential();
    const index = this.pickQuiet();
    if (index === null) return;
    this.open[index] = 0;
    this.resumeAtMs[index] = toMs + 30_000 + 90_000 * this.prng.next();
  }

  private announceEnd(toMs: number, core: ExchangeCore): void {
    this.nextDelistingMs = toMs + DELISTING_EVERY_MS * this.prng.exponential();
    const index = this.pickQuiet();
    const instrument = index === null ? undefined : core.instruments[index];
    if (instrument === undefined || instrument.deliveryAtMs > 0) return;
    instrument.deliveryAtMs = Math.ceil((toMs + NOTICE_MS) / 60_000) * 60_000;
  }

  private pickQuiet(): number | null {
    const quiet = this.listings.length - PROTECTED_RANKS;
    if (quiet <= 0) return null;
    const index = PROTECTED_RANKS + this.prng.int(quiet);
    return this.open[index] === 1 ? index : null;
  }
}
