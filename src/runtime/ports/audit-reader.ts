/** The engine's audit stream, as everybody gets it who shows, records or tells something. */
import type { AuditTick } from "../../engine/audit.ts";

/**
 * One reader of the stream. It gets every tick, in order, inside the engine's own turn: it may keep
 * what it got, since ticks are plain values that nobody changes, and must return at once. What
 * takes time (a disk, a network) it does later, from a queue of its own with a named limit.
 */
export interface AuditReader {
  /** Short and lower-case: the log and the health page call it so. */
  readonly name: string;
  /** A throw is logged and counted; this reader misses the tick and gets the next one. */
  onTick(tick: AuditTick): void;
}

/** What became of the ticks that one reader got. */
export interface ReaderStats {
  readonly name: string;
  /** Ticks that it threw on. */
  readonly failures: number;
  /** Ticks that it held the engine up with. */
  readonly slow: number;
  /** What it threw last; empty when it never did. */
  readonly lastError: string;
  /** Our clock at its last throw; 0 when it never did. */
  readonly failedAtMs: number;
}
