/**
 * The venue's log of the settlement coin by REST, read when somebody doubts the wallet: one list a
 * window of what a query holds, and what is not an execution of ours of it. A read that fails or
 * ends early says so in its answer: what it lists is then not all there is.
 */
import type { CashLine, CashLog } from "../../domain/cash-log.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import type { Counters } from "../common/counters.ts";
import { decodeTransaction } from "./codec/decode-transactions.ts";
import { SETTLE_COIN } from "./codec/encode.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import { listAll } from "./paged-list.ts";
import type { RestCaller, VenueTime } from "./rest-client.ts";

interface CashLogOptions {
  readonly clock: Clock;
  readonly rest: RestCaller;
  readonly time: VenueTime;
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly sink: EventSink;
}

/** What one query of the log holds at most (Bybit v5, "Get Transaction Log"). */
const WINDOW_MS = 7 * 24 * 3_600_000;
/** Two months: an account left alone for longer is looked at by a person. */
const WINDOWS_MAX = 9;
const READ_RETRIES = 1;

export class CashLogReader {
  private readonly options: CashLogOptions;
  private running = false;

  constructor(options: CashLogOptions) {
    this.options = options;
  }

  /** Answers with `cash_log`; a call during a read is answered by that one. */
  load(sinceVenueAtMs: number): void {
    if (this.running) return;
    this.running = true;
    void this.read(Math.max(0, Math.floor(sinceVenueAtMs)))
      .then((log) => this.options.sink(log))
      .finally(() => {
        this.running = false;
      });
  }

  private async read(sinceVenueAtMs: number): Promise<CashLog> {
    const { clock, rest, time } = this.options;
    const requestedAtMs = clock.nowMs();
    const untilMs = time.venueNowMs;
    const items: unknown[] = [];
    const faults: string[] = [];
    let from = sinceVenueAtMs;
    for (let window = 0; from <= untilMs && faults.length === 0; window++) {
      if (window === WINDOWS_MAX) faults.push("it goes back too far to be read");
      else {
        const endTime = from + WINDOW_MS - 1;
        const bounds = { startTime: from, ...(endTime < untilMs && { endTime }) };
        const listed = await listAll(rest, {
          method: "GET",
          path: "/v5/account/transaction-log",
          query: { accountType: "UNIFIED", currency: SETTLE_COIN, ...bounds, limit: 50 },
          signed: true,
          purpose: "read",
          retries: READ_RETRIES,
        });
        if (listed.kind === "failed") faults.push(listed.text);
        else items.unshift(...listed.items);
        if (listed.kind === "ok" && !listed.isComplete) faults.push("it never ended");
        from = endTime + 1;
      }
    }
    const lines = this.usable(items, faults);
    return { kind: "cash_log", sinceVenueAtMs, requestedAtMs, lines, fault: faults.join("; ") };
  }

  /** Oldest first; the venue lists newest first. What cannot be used is counted and said. */
  private usable(items: readonly unknown[], faults: string[]): CashLine[] {
    const { table, counters } = this.options;
    const lines: CashLine[] = [];
    for (const item of items.toReversed()) {
      const decoded = decodeTransaction(item, table);
      if (decoded.kind === "fault") {
        counters.add("unusable_account");
        faults.push(decoded.fault);
      } else if (decoded.kind === "ok" && decoded.value.kind !== "execution") {
        lines.push(decoded.value);
      }
    }
    return lines.sort((left, right) => left.venueAtMs - right.venueAtMs);
  }
}
