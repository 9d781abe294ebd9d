/**
 * Drives a recorded session through the decoder into whoever consumes market events, on a virtual
 * clock that stands at each line's receive time. The same file gives the same events with the same
 * times, always.
 */
import type { EngineEvent, TradesFrame } from "../../domain/event.ts";
import type { Instrument } from "../../domain/instrument.ts";
import type { SymbolId } from "../../domain/units.ts";
import type { VirtualClock } from "../../runtime/clocks.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import { type PublicRead, PublicReader } from "../bybit/codec/public-reader.ts";
import { SymbolTable } from "../bybit/codec/symbol-table.ts";
import { GridInference, type Inferred, printersOf } from "./infer.ts";
import { parseLine, readLines } from "./recording.ts";

interface ReplayFileOptions {
  readonly file: string;
  /**
   * Moved to each line's time before its events are delivered. Must have no timers when the replay
   * starts: its first move is from its own start to the first line.
   */
  readonly clock: VirtualClock;
  /** Gets `instruments` first, then every frame. Frames are lent until it returns. */
  readonly sink: EventSink;
  /** Sees public trades beside the sink, in order of arrival. */
  readonly onTrades?: (frame: TradesFrame) => void;

  /** The venue's list of the recording's day; inferred from the file when left out. */
  readonly instruments?: readonly Instrument[];
}

export interface ReplayReport extends Inferred {
  readonly lines: number;
  readonly messages: number;
  readonly badLines: number;
  /** Why the first {@link SAMPLES_MAX} bad lines are bad, with their numbers. */
  readonly badSamples: readonly string[];
  /** Messages that no decoder knew, by reason. */
  readonly unknown: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly faultSamples: readonly string[];
  /** The venue's number of the last book message of a symbol that followed. */
  readonly updateIdOf: (symbolId: SymbolId) => number;
}

/** Enough to see what is wrong with a file, short enough to read. */
const SAMPLES_MAX = 5;

interface Tally {
  lines: number;
  messages: number;
  badLines: number;
  faults: number;
  readonly badSamples: string[];
  readonly faultSamples: string[];
  readonly unknown: Record<string, number>;
}

/** Rejects only when the file cannot be read. */
export async function replayFile(options: ReplayFileOptions): Promise<ReplayReport> {
  const inferred = await gridsFor(options);
  const table = new SymbolTable();
  table.load(inferred.instruments);
  const reader = new PublicReader(table);
  const tally: Tally = {
    lines: 0,
    messages: 0,
    badLines: 0,
    faults: 0,
    badSamples: [],
    faultSamples: [],
    unknown: {},
  };
  let started = false;
  await readLines(options.file, (line, number) => {
    tally.lines = number;
    const entry = parseLine(line);
    if (entry.kind === "bad") {
      tally.badLines++;
      if (tally.badSamples.length < SAMPLES_MAX) {
        tally.badSamples.push(`line ${number}: ${entry.reason}`);
      }
    }
    if (entry.kind !== "received") return;
    options.clock.advanceTo(entry.atMs);
    if (!started) options.sink({ kind: "instruments", instruments: inferred.instruments });
    started = true;
    tally.messages++;
    deliver(reader.read(entry.text), options, tally);
  });
  return { ...inferred, ...tally, updateIdOf: (symbolId) => reader.updateIdOf(symbolId) };
}

async function gridsFor(options: ReplayFileOptions): Promise<Inferred> {
  const { file, instruments } = options;
  if (instruments !== undefined) {
    return { instruments, printers: instruments.map(printersOf), ambiguous: [] };
  }
  const inference = new GridInference();
  await readLines(file, (line) => {
    const entry = parseLine(line);
    if (entry.kind === "received") inference.add(entry.text);
  });
  return inference.finish();
}

function deliver(read: PublicRead, options: ReplayFileOptions, tally: Tally): void {
  switch (read.kind) {
    case "frame":
      if (read.event.kind === "trades") options.onTrades?.(read.event);
      options.sink(read.event);
      break;
    case "frames":
      for (const event of read.events) options.sink(event);
      break;
    case "fault": {
      tally.faults++;
      if (tally.faultSamples.length < SAMPLES_MAX) tally.faultSamples.push(read.fault);
      const { symbolId, fault } = read;
      const event: EngineEvent = { kind: "book_fault", symbolId, fault };
      if (read.topic === "book") options.sink(event);
      break;
    }
    case "gap":
      options.sink({ kind: "book_fault", symbolId: read.symbolId, fault: read.fault });
      break;
    case "unknown":
      tally.unknown[read.reason] = (tally.unknown[read.reason] ?? 0) + 1;
      break;
    case "left_out":
    case "control":
      break;
  }
}
