/**
 * Disconnect-cancel-all (Bybit v5, order/dcp): the venue takes an account's active orders back when
 * all its sockets that hold the topic are gone. Institutions have it; who has not is told once.
 *
 * It covers what our guard cannot: a lost host, a lost network. What is set for the account is not
 * changed, only used.
 */
import { isRecord } from "../../kernel/json.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import { listOf, textOf } from "./codec/fields.ts";
import type { RestCaller } from "./rest-client.ts";

/** All sockets together: one private socket holds it. */
export const DISCONNECT_TOPIC = "dcp.future";

const PRODUCT = "DERIVATIVES";

interface VenueDeadManOptions {
  readonly rest: RestCaller;
  readonly log: LogPort;
  /** Subscribes {@link DISCONNECT_TOPIC} on the private socket that stands now. */
  readonly arm: () => void;
}

export class VenueDeadMan {
  private readonly options: VenueDeadManOptions;
  /** Null until the venue said so. */
  private isOffered: boolean | null = null;

  constructor(options: VenueDeadManOptions) {
    this.options = options;
  }

  /** A private socket stands, for the first time or again. */
  onSubscribed(): void {
    if (this.isOffered === true) this.options.arm();
    else if (this.isOffered === null) void this.ask();
  }

  private async ask(): Promise<void> {
    const { rest, log, arm } = this.options;
    const result = await rest.call({
      method: "GET",
      path: "/v5/account/query-dcp-info",
      query: {},
      signed: true,
      purpose: "read",
      retries: 1,
    });
    // Without an answer it is asked again when the socket comes back.
    if (result.kind !== "ok" && result.kind !== "refused") return;
    const infos = result.kind === "ok" ? listOf(result.envelope.result.dcpInfos) : [];
    const own = infos.find((info) => isRecord(info) && textOf(info, "product") === PRODUCT);
    this.isOffered = isRecord(own) && textOf(own, "dcpStatus") === "ON";
    if (this.isOffered && isRecord(own)) {
      log.info("the venue takes orders back when it loses us", {
        afterSec: Number(textOf(own, "timeWindow")),
      });
      arm();
      return;
    }
    const reason = result.kind === "refused" ? result.text : "it is not on for this account";
    log.info("no disconnect-cancel-all: the guard and the stops stand in for it", { reason });
  }
}
