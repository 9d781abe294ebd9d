/**
 * Our orders, executions, positions and wallet as the venue pushes them. What was missed while the
 * socket was away is fetched by REST each time it comes back; each execution is delivered once.
 */
import type { EventSink } from "../../runtime/ports/venue.ts";
import type { Counters } from "../common/counters.ts";
import type { RecentIds } from "../common/recent-ids.ts";
import { ManagedSocket, type SocketOptions } from "../common/socket.ts";
import type { Control } from "./codec/control-frames.ts";
import { decodePrivate } from "./codec/decode-private.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import { PRIVATE_TOPICS } from "./codec/topics.ts";
import type { VenueTime } from "./rest-client.ts";
import { authText, type Keys } from "./socket-auth.ts";

interface PrivateFeedOptions extends Omit<SocketOptions, "name" | "onOpen" | "onText" | "onDown"> {
  readonly keys: Keys;
  readonly time: VenueTime;
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly executions: RecentIds;
  readonly sink: EventSink;
  readonly onFrame: ((socket: string, text: string) => void) | undefined;
  /** The account must be fetched: the stream started, restarted, or said something unusable. */
  readonly onGap: (cause: string) => void;
  readonly onSubscribed: () => void;
}

const NAME = "private";
/** Request id of a topic that the feed does without. */
const ALSO = "also";

export class PrivateFeed {
  readonly socket: ManagedSocket;
  private readonly options: PrivateFeedOptions;
  private isSubscribed = false;
  private starts = 0;

  constructor(options: PrivateFeedOptions) {
    this.options = options;
    this.socket = new ManagedSocket({
      ...options,
      name: NAME,
      onOpen: () => this.socket.send(authText(options.keys, options.time, "auth")),
      onText: (text) => this.receive(text),
      onDown: (detail) => this.setUp(false, detail),
    });
  }

  /** Authenticated and subscribed. */
  get up(): boolean {
    return this.isSubscribed;
  }

  get detail(): string {
    return this.isSubscribed ? "subscribed" : this.socket.detail;
  }

  start(): void {
    this.socket.start();
  }

  stop(): void {
    this.socket.stop();
  }

  private receive(text: string): void {
    const { counters, log, table } = this.options;
    this.options.onFrame?.(NAME, text);
    const decoded = decodePrivate(text, table);
    if (decoded.kind === "unknown") {
      counters.add(`private_${decoded.reason}`);
      // Cut short or garbled: it may have been a fill of ours.
      if (decoded.reason === "not_json") this.options.onGap("unreadable account message");
    } else if (decoded.kind === "control") this.answer(decoded.control);
    else {
      for (const event of decoded.events) {
        const isNew = event.kind !== "execution" || this.options.executions.take(event.execId);
        if (isNew) this.options.sink(event);
        else counters.add("repeated_executions");
      }
      for (const reason of decoded.skipped) counters.add(`private_${reason}`);
      if (decoded.faults.length === 0) return;
      counters.add("unusable_account", decoded.faults.length);
      log.error("an account message is unusable; fetching the account", { faults: decoded.faults });
      this.options.onGap("unusable account message");
    }
  }

  /** One more topic on the socket that stands: its answer says nothing about the feed. */
  subscribeAlso(topic: string): void {
    this.socket.send(JSON.stringify({ req_id: ALSO, op: "subscribe", args: [topic] }));
  }

  private answer({ op, success, text, reqId }: Control): void {
    if (reqId === ALSO) {
      if (!success) this.options.log.warn("the venue refuses an optional topic", { text });
      return;
    }
    if (op === "auth" && success) {
      this.socket.send(JSON.stringify({ req_id: "topics", op: "subscribe", args: PRIVATE_TOPICS }));
    } else if (op === "auth") {
      this.options.log.error("the venue refuses the API key for the private stream", { text });
      this.refuse(`auth refused: ${text}`);
    } else if (op === "subscribe" && success) {
      this.setUp(true, "subscribed");
      this.options.onGap(this.starts++ === 0 ? "start-up" : "reconnected");
      this.options.onSubscribed();
    } else if (op === "subscribe") {
      this.options.log.error("the venue refuses the private topics", { text });
      this.refuse(`topics refused: ${text}`);
    }
  }

  /** A stale clock is the usual cause, so it is measured before the next try. */
  private refuse(reason: string): void {
    void this.options.time.measureClock();
    this.socket.cut(reason);
  }

  private setUp(up: boolean, detail: string): void {
    this.isSubscribed = up;
    this.options.sink({ kind: "feed_status", feed: "private", up, detail });
  }
}
