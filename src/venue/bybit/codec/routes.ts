/**
 * Which listed contract a topic is about: every message asks, so known topics are found by a hash
 * over some of their letters where they stand in the message, and no text is made of them.
 */
import type { Instrument } from "../../../domain/instrument.ts";
import type { SymbolTable } from "./symbol-table.ts";
import type { TextCursor } from "./text-cursor.ts";
import { parseTopic, type Topic } from "./topics.ts";

export type KnownTopic = Exclude<Topic, { kind: "unknown" }>;

/** A topic of a listed contract. */
export interface Route {
  readonly text: string;
  readonly topic: KnownTopic;
  readonly instrument: Instrument;
}

/** Slots of the table, a power of two: 256 kB. */
const SLOTS = 32_768;
/** Five topics of every contract that a list may hold; beyond it nothing more is remembered. */
const REMEMBERED_MAX = 16_000;
/** Odd: spreads topics, which differ in a few letters, over the slots. */
const HASH_FACTOR = 31;
/** Topics end in the quote coin, which tells nothing: the letters before it are hashed. */
const TAIL_CHARS = 4;
const HASHED_CHARS = 8;
/** Longer topics are not the venue's. */
const TOPIC_CHARS_MAX = 64;

export class Routes {
  private readonly table: SymbolTable;
  /** Only topics of listed contracts, so that a stranger's texts cannot fill it. */
  private slots: (Route | undefined)[] = [];
  private count = 0;
  private generation = -1;

  constructor(table: SymbolTable) {
    this.table = table;
  }

  /** The parts of a topic; its symbol need not be listed. */
  topicOf(text: string): Topic {
    return parseTopic(text);
  }

  instrumentOf(topic: KnownTopic): Instrument | undefined {
    return this.table.find(topic.symbol);
  }

  /** The route of the topic at the cursor, which steps behind its quote. Null: not one of ours. */
  take(cursor: TextCursor): Route | null {
    const { text, at: start } = cursor;
    const end = text.indexOf('"', start);
    if (end < 0 || end - start > TOPIC_CHARS_MAX) return null;
    const route = this.lookUp(text, start, end);
    if (route !== null) cursor.at = end + 1;
    return route;
  }

  private lookUp(text: string, start: number, end: number): Route | null {
    if (this.generation !== this.table.generation) this.forget();
    const { slots } = this;
    let slot = slotOf(text, start, end);
    for (let route = slots[slot]; route !== undefined; route = slots[slot]) {
      if (route.text.length === end - start && text.startsWith(route.text, start)) return route;
      slot = (slot + 1) & (SLOTS - 1);
    }
    const route = this.routeOf(text.slice(start, end));
    if (route === null || this.count >= REMEMBERED_MAX) return route;
    this.count++;
    slots[slot] = route;
    return route;
  }

  private routeOf(text: string): Route | null {
    const topic = parseTopic(text);
    const instrument = topic.kind === "unknown" ? undefined : this.table.find(topic.symbol);
    if (topic.kind === "unknown" || instrument === undefined) return null;
    // A slice keeps the whole message alive that it was cut from: what is remembered is copied.
    const { symbol } = instrument;
    return { text: [...text].join(""), topic: { ...topic, symbol }, instrument };
  }

  /** The list has changed: its instruments have new terms. */
  private forget(): void {
    this.generation = this.table.generation;
    this.slots = Array.from({ length: SLOTS }, () => undefined);
    this.count = 0;
  }
}

function slotOf(text: string, start: number, end: number): number {
  let hash = (text.charCodeAt(start) * HASH_FACTOR + (end - start)) | 0;
  const last = end - TAIL_CHARS;
  for (let at = Math.max(start, last - HASHED_CHARS); at < last; at++) {
    hash = (hash * HASH_FACTOR + text.charCodeAt(at)) | 0;
  }
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
