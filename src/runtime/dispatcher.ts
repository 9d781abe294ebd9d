/**
 * Performs effects. The only place where what the engine asked for meets the world.
 */

import type { AuditTick } from "../engine/audit.ts";
import type { Effect } from "../engine/effect.ts";
import type { KeptTrading } from "../engine/kept-trading.ts";
import { unreachable } from "../kernel/assert.ts";
import type { LogPort } from "./ports/log.ts";
import type { Venue } from "./ports/venue.ts";

interface DispatcherPorts {
  /** Looked up at each order effect: null until the venue can be reached. */
  readonly venue: () => Venue | null;
  readonly log: LogPort;
  readonly setTimer: (name: string, dueAtMs: number) => void;
  readonly audit: (tick: AuditTick) => void;
  /** Writes it before it returns; what it cannot write now it tries again by itself. */
  readonly keepTrading: (kept: KeptTrading) => void;
  /** The same for what people said of a symbol. */
  readonly keepWords: (words: KeptWords) => void;
  /** Asks the record for what it has of an account; the answer comes back as an event. */
  readonly openAccount: (accountId: string) => void;
}

type LocalKind = "set_timer" | "audit" | "keep_trading" | "keep_words" | "open_account" | "log";
type VenueEffect = Exclude<Effect, { readonly kind: LocalKind }>;
type KeptWords = Extract<Effect, { readonly kind: "keep_words" }>["words"];

/** Makes the function that performs one effect. None of the ports may throw or block. */
export function dispatcher(ports: DispatcherPorts): (effect: Effect) => void {
  const { log } = ports;
  return function perform(effect: Effect): void {
    switch (effect.kind) {
      case "set_timer":
        ports.setTimer(effect.name, effect.dueAtMs);
        break;
      case "audit":
        ports.audit(effect.tick);
        break;
      case "keep_trading":
        ports.keepTrading(effect.kept);
        break;
      case "keep_words":
        ports.keepWords(effect.words);
        break;
      case "log":
        log[effect.level](effect.text, effect.data);
        break;
      case "open_account":
        ports.openAccount(effect.accountId);
        break;
      default: {
        const venue = ports.venue();
        if (venue === null) log.warn("nothing was sent: no venue yet", { effect: effect.kind });
        else send(effect, venue, log);
      }
    }
  };
}

function send(effect: VenueEffect, venue: Venue, log: LogPort): void {
  switch (effect.kind) {
    case "submit":
      venue.submit(effect.order);
      break;
    case "amend":
      venue.amend(effect.order, effect.venueOrderId);
      break;
    case "cancel":
      venue.cancel(effect.clientId, effect.symbolId, effect.venueOrderId);
      break;
    case "cancel_orphan":
      venue.cancelOrphan(effect.symbolId, effect.venueOrderId);
      break;
    case "cancel_all":
      log.warn("cancelling all orders", { reason: effect.reason });
      venue.cancelAll();
      break;
    case "ask_order":
      venue.askOrder(effect.clientId, effect.symbolId);
      break;
    case "protect":
      venue.protect(effect.symbolId, effect.stopLossTicks, effect.standIn);
      break;
    case "reconcile":
      venue.reconcile(effect.cause, effect.isUrgent);
      break;
    case "load_account_terms":
      venue.loadAccountTerms();
      break;
    case "settle_terms":
      venue.settleTerms(effect.symbolId, effect.leverageMax);
      break;
    case "look_back":
      venue.lookBack(effect.sinceVenueAtMs, effect.afterVenueAtMs);
      break;
    case "load_cash_log":
      venue.loadCashLog(effect.sinceVenueAtMs);
      break;
    case "load_bars":
      venue.loadBars(effect.symbolId, effect.span, effect.count);
      break;
    case "resubscribe_book":
      venue.resubscribeBook(effect.symbolId);
      break;
    case "check_book":
      venue.checkBook(effect.symbolId);
      break;
    default:
      unreachable(effect);
  }
}
