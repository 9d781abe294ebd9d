/**
 * Faults on demand: what networks and venues do to their clients, switched on by request.
 *
 * A fault has a kind, an optional filter (topic prefix or path prefix) and runs out by count or
 * lasts until it is deleted. Frame faults act on each client's copy of a frame, after the stream
 * made it: the venue's own state stays right, only what arrives is wrong.
 */

import { z } from "zod";
import { assert } from "../../kernel/assert.ts";
import { isRecord } from "../../kernel/json.ts";
import type { Prng } from "../../kernel/prng.ts";

/** More at once is a broken script. */
const FAULTS_MAX = 100;
/** Frames held back by delay and reorder faults together. */
const HELD_FRAMES_MAX = 10_000;

/** Topics, paths, fields and symbols are shorter; an error names what was sent. */
const text = z.string().max(200);

const FRAME_KINDS = [
  "drop",
  "delay",
  "duplicate",
  "reorder",
  "truncate",
  "skip_delta",
  "field_missing",
  "field_null",
  "field_new",
] as const;
const HTTP_KINDS = [
  "http_error",
  "ret_code",
  "timeout_after_accept",
  "slow_ack",
  "maintenance",
  "row",
] as const;
const SOCKET_KINDS = ["half_open", "disconnect", "refuse_connect"] as const;

/** What the venue itself does to what is there now. */
const VENUE_KINDS = ["partial_fill", "book_restart", "adl"] as const;

const FaultSchema = z.strictObject({
  kind: z.enum([...FRAME_KINDS, ...HTTP_KINDS, ...SOCKET_KINDS, "clock_skew", ...VENUE_KINDS]),
  /** Topic or its first parts for frame faults: "orderbook.50.BTCUSDT", "publicTrade". */
  topic: text.optional(),
  /** Path prefix for REST faults, socket path for socket faults. */
  path: text.optional(),
  probability: z.number().min(0).max(1).default(1),
  /** How often it strikes before it is spent; without it, until deleted. */
  count: z.int().min(1).optional(),
  delayMs: z.number().min(0).max(120_000).default(500),
  /** HTTP status, or return code, of the error kinds. */
  status: z.int().optional(),
  code: z.int().optional(),
  /** Field of the frame's data, for the field kinds, or of a list's rows, for rows. */
  field: text.optional(),
  /** For rows: whose, and what the field says instead; without a value it is missing. */
  symbol: text.optional(),
  value: z.union([text, z.number(), z.null()]).optional(),
  /** Milliseconds that the venue's clock is ahead. */
  skewMs: z.number().optional(),
});

type Fault = z.output<typeof FaultSchema> & { readonly id: number; struck: number };
type FrameKind = (typeof FRAME_KINDS)[number];

export class Faults {
  private readonly prng: Prng;
  private list: Fault[] = [];
  private nextId = 1;

  constructor(prng: Prng) {
    this.prng = prng;
  }

  /** Adds one fault, under the terms of {@link addAll}. */
  add(input: unknown): Fault {
    const [fault] = this.addAll([input]);
    assert(fault !== undefined, "what was taken is there");
    return fault;
  }

  /**
   * Adds all of them, or none. Throws ZodError for bad input, RangeError for too many.
   */
  addAll(inputs: readonly unknown[]): readonly Fault[] {
    const wanted = inputs.map((input) => FaultSchema.parse(input));
    if (this.list.length + wanted.length > FAULTS_MAX) {
      throw new RangeError(`${FAULTS_MAX} may be live, ${this.list.length} are: delete some first`);
    }
    const added = wanted.map((fields) => ({ ...fields, id: this.nextId++, struck: 0 }));
    this.list.push(...added);
    return added;
  }

  all(): readonly Fault[] {
    return this.list;
  }

  /** Removes one fault, or all of them. */
  remove(id: number | null): void {
    this.list = id === null ? [] : this.list.filter((fault) => fault.id !== id);
  }

  /** Faults that act on what is open now are over once they acted, unless they come with dice. */
  endMomentary(): void {
    const momentary: readonly string[] = ["half_open", "disconnect", ...VENUE_KINDS];
    this.list = this.list.filter(
      (fault) => !momentary.includes(fault.kind) || fault.probability < 1 || fault.struck === 0,
    );
  }

  get skewMs(): number {
    return this.list.find((fault) => fault.kind === "clock_skew")?.skewMs ?? 0;
  }

  has(kinds: readonly string[]): boolean {
    return this.list.some((fault) => kinds.includes(fault.kind));
  }

  /**
   * The first live fault of a kind whose filter matches and whose dice say so; counts the strike.
   */
  strike(kinds: readonly string[], filter: { topic?: string; path?: string }): Fault | null {
    for (const fault of this.list) {
      if (!kinds.includes(fault.kind)) continue;
      if (fault.topic !== undefined && !isTopicUnder(filter.topic, fault.topic)) continue;
      if (fault.path !== undefined && !filter.path?.startsWith(fault.path)) continue;
      if (fault.probability < 1 && this.prng.next() >= fault.probability) continue;
      fault.struck++;
      if (fault.count !== undefined && fault.struck >= fault.count) this.remove(fault.id);
      return fault;
    }
    return null;
  }
}

/**
 * Whole parts of a topic's name: "order" is not "orderbook.50.BTCUSDT". Empty means every topic.
 */
export function isTopicUnder(topic: string | undefined, prefix: string): boolean {
  if (topic === undefined) return false;
  return prefix === "" || topic === prefix || topic.startsWith(`${prefix}.`);
}

/** Applies frame faults to one client's frames. */
export class FrameFaults {
  private readonly faults: Faults;
  private readonly after: (delayMs: number, callback: () => void) => void;
  /** One frame a topic: it goes out behind the next frame of that topic. */
  private readonly held = new Map<string, string>();
  private late = 0;

  /** `after` calls back once, on the shell's time. */
  constructor(faults: Faults, after: (delayMs: number, callback: () => void) => void) {
    this.faults = faults;
    this.after = after;
  }

  get active(): boolean {
    return this.faults.has(FRAME_KINDS) || this.held.size > 0;
  }

  /** Frames to send now, in order. `sendLate` gets delayed ones. */
  apply(topic: string, frame: string, sendLate: (frame: string) => void): string[] {
    const waiting = this.held.get(topic);
    this.held.delete(topic);
    const behind = waiting === undefined ? [] : [waiting];
    const fault = this.faults.strike(FRAME_KINDS, { topic });
    if (fault === null) return [frame, ...behind];
    switch (fault.kind) {
      case "skip_delta":
        return frame.includes('"type":"delta"') ? behind : [frame, ...behind];
      case "delay":
        if (this.late >= HELD_FRAMES_MAX) return [frame, ...behind];
        this.late++;
        this.after(fault.delayMs, () => {
          this.late--;
          sendLate(frame);
        });
        return behind;
      case "duplicate":
        return [frame, frame, ...behind];
      case "reorder":
        if (this.held.size >= HELD_FRAMES_MAX) return [frame, ...behind];
        this.held.set(topic, frame);
        return behind;
      case "truncate":
        return [frame.slice(0, Math.floor(frame.length / 2)), ...behind];
      case "field_missing":
      case "field_null":
      case "field_new":
        return [editField(frame, fault.kind, fault.field ?? "seq"), ...behind];
      default:
        return behind;
    }
  }
}

/** Removes, nulls or adds a field in the frame's data, or in its first row when data is a list. */
function editField(frame: string, kind: FrameKind, field: string): string {
  const { data, ...rest } = JSON.parse(frame);
  const [row, ...others]: unknown[] = Array.isArray(data) ? data : [data];
  if (!isRecord(row)) return frame;
  const { [field]: _taken, ...without } = row;
  const edited =
    kind === "field_missing"
      ? without
      : kind === "field_null"
        ? { ...row, [field]: null }
        : { ...row, [field === "seq" ? "newField" : field]: "new" };
  return JSON.stringify({ ...rest, data: Array.isArray(data) ? [edited, ...others] : edited });
}
