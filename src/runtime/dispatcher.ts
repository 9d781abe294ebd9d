/**
 * Performs effects. The only place where what the engine asked for meets the world.
 */

import type { AuditTick } from "../engine/audit.ts";
import type { Effect } from "../engine/effect.ts";
import { unreachable } from "../kernel/assert.ts";
import type { JournalPort, LogPort, Venue } from "./ports.ts";

export interface DispatcherPorts {
  readonly venue: Venue;
  readonly journal: JournalPort;
  readonly log: LogPort;
  readonly setTimer: (name: string, dueAtMs: number) => void;
  readonly audit: (tick: AuditTick) => void;
}

/** Makes the function that performs one effect. None of the ports may throw or block. */
export function dispatcher(ports: DispatcherPorts): (effect: Effect) => void {
  const { venue, journal, log } = ports;
  return function perform(effect: Effect): void {
    switch (effect.kind) {
      case "submit":
        return venue.submit(effect.order);
      case "cancel":
        return venue.cancel(effect.clientId, effect.symbolId, effect.venueOrderId);
      case "cancel_stranger":
        return venue.cancelStranger(effect.symbolId, effect.venueOrderId);
      case "cancel_all":
        log.warn("cancelling all orders", { reason: effect.reason });
        return venue.cancelAll();
      case "ask_order":
        return venue.askOrder(effect.clientId, effect.symbolId);
      case "protect":
        return venue.protect(effect.symbolId, effect.stopLossTicks);
      case "reconcile":
        return venue.reconcile(effect.cause);
      case "resubscribe_book":
        return venue.resubscribeBook(effect.symbolId);
      case "set_timer":
        return ports.setTimer(effect.name, effect.dueAtMs);
      case "journal":
        return journal.write(effect.entry);
      case "audit":
        return ports.audit(effect.tick);
      case "log":
        return log[effect.level](effect.text, effect.data);
      default:
        return unreachable(effect);
    }
  };
}
