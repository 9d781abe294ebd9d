/** Commands that come past the web (socket, files, signals) leave their row in the audit trail. */
import type { AuditTrail } from "../runtime/ports/audit-trail.ts";
import type { CommandDesk } from "../runtime/ports/commands.ts";

export function notedDesk(desk: CommandDesk, trail: AuditTrail): CommandDesk {
  return {
    stamp: desk.stamp,
    find: desk.find,
    give(wish) {
      const told = desk.give(wish);
      trail.note({
        kind: "command",
        by: wish.by,
        address: "this machine",
        session: 0,
        what: wish.symbol === "" ? wish.action : `${wish.action} ${wish.symbol}`,
        detail: `${wish.reason} (command ${wish.id})`,
        outcome: told === null ? "not taken" : `${told.verdict}: ${told.outcome}`,
      });
      return told;
    },
  };
}
