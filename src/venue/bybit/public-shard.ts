/**
 * One public socket and the topics that live on it.
 *
 * The venue limits the topics of one connection to 21 000 characters together. A request with one
 * bad topic fails as a whole and names the topic, so that topic is set aside and the rest is sent
 * again. A refusal for any other reason ends the connection, and the next one asks for everything
 * anew.
 */

import { ManagedSocket, type SocketOptions } from "../common/socket.ts";
import type { Control } from "./codec/control-frames.ts";

/** Below the venue's 21 000; each topic is counted with its quotes and comma. */
const ARGS_CHARS_MAX = 20_000;
const ARG_OVERHEAD_CHARS = 3;
/** Topics a request: keeps a refused request cheap to repeat. */
const CHUNK_TOPICS = 90;
const REFUSED_TOPIC = /topic:([\w.-]+)/;

export type ShardSocket = Omit<SocketOptions, "onOpen" | "onText">;

interface ShardOptions extends ShardSocket {
  readonly onText: (text: string) => void;
  /** The connection stands and every topic was asked for. */
  readonly onUp: () => void;
  /** The venue will not serve this topic; it is not asked for again on this connection. */
  readonly onRefused: (topic: string, text: string) => void;
}

export class PublicShard {
  readonly socket: ManagedSocket;
  private readonly options: ShardOptions;
  private readonly topics = new Set<string>();
  private argsChars = 0;
  private requests = 0;
  /**
   * Requests on their way, by their id: at most topics ÷ chunk size, cleared with the connection.
   */
  private readonly pending = new Map<string, readonly string[]>();

  constructor(options: ShardOptions) {
    this.options = options;
    this.socket = new ManagedSocket({
      ...options,
      onOpen: () => this.resubscribe(),
      onDown: (detail) => {
        this.pending.clear();
        options.onDown(detail);
      },
    });
  }

  get topicCount(): number {
    return this.topics.size;
  }

  hasRoomFor(topics: readonly string[]): boolean {
    return this.argsChars + charsOf(topics) <= ARGS_CHARS_MAX;
  }

  /** Adds topics to the live set; they are subscribed now or when the connection stands. */
  add(topics: readonly string[]): void {
    for (const topic of topics) this.topics.add(topic);
    this.argsChars += charsOf(topics);
    this.request("subscribe", topics);
  }

  remove(topics: readonly string[]): void {
    const live = topics.filter((topic) => this.topics.delete(topic));
    this.argsChars -= charsOf(live);
    this.request("unsubscribe", live);
  }

  /** Asks for one topic anew: the venue answers with a fresh snapshot. */
  renew(topic: string): void {
    if (!this.topics.has(topic)) return;
    this.request("unsubscribe", [topic]);
    this.request("subscribe", [topic]);
  }

  /** What the venue says to our requests. */
  answer(control: Control): void {
    const topics = this.pending.get(control.reqId);
    this.pending.delete(control.reqId);
    if (control.success || topics === undefined || control.op !== "subscribe") return;
    const refused = REFUSED_TOPIC.exec(control.text)?.[1];
    if (refused === undefined || !topics.includes(refused)) {
      this.socket.cut(`topics refused: ${control.text}`);
      return;
    }
    if (!control.text.includes("already subscribed")) this.options.onRefused(refused, control.text);
    this.request(
      "subscribe",
      topics.filter((topic) => topic !== refused && this.topics.has(topic)),
    );
  }

  private resubscribe(): void {
    this.pending.clear();
    this.request("subscribe", [...this.topics]);
    this.options.onUp();
  }

  private request(op: "subscribe" | "unsubscribe", topics: readonly string[]): void {
    if (!this.socket.up) return;
    for (let from = 0; from < topics.length; from += CHUNK_TOPICS) {
      const args = topics.slice(from, from + CHUNK_TOPICS);
      const reqId = `${op[0]}${++this.requests}`;
      this.pending.set(reqId, args);
      this.socket.send(JSON.stringify({ req_id: reqId, op, args }));
    }
  }
}

function charsOf(topics: readonly string[]): number {
  return topics.reduce((chars, topic) => chars + topic.length + ARG_OVERHEAD_CHARS, 0);
}
