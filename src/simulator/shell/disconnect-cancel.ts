/**
 * Disconnect-cancel-all (order/dcp, websocket/private/dcp), for accounts that have it:
 * institutions.
 *
 * An account is armed while a private socket holds a `dcp.*` topic. When the last such socket is
 * gone or silent for the account's window, its active orders are cancelled with CancelByDCP;
 * waiting conditional orders stay. A new socket within the window disarms. The venue takes about
 * ten seconds to act on a changed window; here it counts at once.
 */
import type { SimVenue } from "../world/world.ts";
import type { Peer } from "./stream/peer.ts";
import { DCP_TOPICS } from "./stream/private-stream.ts";

export class DisconnectCancel {
  private readonly venue: SimVenue;
  /** When an armed account's sockets were last heard; accounts that are not armed are absent. */
  private readonly heardAtMs = new Map<string, number>();

  constructor(venue: SimVenue) {
    this.venue = venue;
  }

  /** Looks at the private sockets that are open now and cancels for whoever was silent too long. */
  sweep(peers: Iterable<Peer>, nowMs: number): void {
    for (const peer of peers) {
      const { accountId } = peer;
      if (accountId === null || peer.closed || !DCP_TOPICS.some((name) => peer.topics.has(name))) {
        continue;
      }
      if (this.venue.disconnectWindowS(accountId) === null) continue;
      const heardAtMs = Math.max(peer.heardAtMs, this.heardAtMs.get(accountId) ?? 0);
      this.heardAtMs.set(accountId, heardAtMs);
    }
    for (const [accountId, heardAtMs] of this.heardAtMs) {
      const windowS = this.venue.disconnectWindowS(accountId);
      if (windowS === null || nowMs - heardAtMs < windowS * 1_000) continue;
      this.heardAtMs.delete(accountId);
      this.venue.core.cancelAll(accountId, { orderFilter: "Order", cancelType: "CancelByDCP" });
    }
  }
}
