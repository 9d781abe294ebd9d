/**
 * The only way to time: handed to whoever needs it, so that tests and recordings bring their own.
 */

/** The only reader of time. `monotonicMs` is for durations and never crosses a process. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}
