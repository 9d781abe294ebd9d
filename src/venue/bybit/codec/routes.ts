/** Which listed contract a topic is about; remembered, since every message asks. */
import type { Instrument } from "../../../domain/instrument.ts";
import type { SymbolTable } from "./symbol-table.ts";
import { parseTopic, type Topic } from "./topics.ts";

export type KnownTopic = Exclude<Topic, { kind: "unknown" }>;

/**
 * Every topic of every contract that the venue could list; beyond it nothing more is remembered.
 */
const REMEMBERED_MAX = 20_000;

export class Routes {
  private readonly table: SymbolTable;
  /** Only topics of listed contracts, so that a stranger's texts cannot fill it. */
  private readonly known = new Map<string, KnownTopic>();

  constructor(table: SymbolTable) {
    this.table = table;
  }

  /** The parts of a topic; its symbol need not be listed. */
  topicOf(text: string): Topic {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const topic = parseTopic(text);
    if (topic.kind === "unknown") return topic;
    const instrument = this.table.find(topic.symbol);
    if (instrument === undefined || this.known.size >= REMEMBERED_MAX) return topic;
    // A slice keeps the whole frame that it was cut from alive: what is remembered is copied.
    const remembered = { ...topic, symbol: instrument.symbol };
    this.known.set([...text].join(""), remembered);
    return remembered;
  }

  instrumentOf(topic: KnownTopic): Instrument | undefined {
    return this.table.find(topic.symbol);
  }
}
