/** Replies as the venue forms them: business results in an envelope, refusals with their codes. */

export interface Outcome {
  readonly code: number;
  readonly text: string;
  readonly result: unknown;
  /** `retExtInfo`: the codes inside a batch. */
  readonly ext?: unknown;
}

/** What leaves the server, before faults touch it. */
export interface HttpReply {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, string>;
}

export function ok(result: unknown, text = "OK"): Outcome {
  return { code: 0, text, result };
}

export function refuse(code: number, text: string): Outcome {
  return { code, text, result: {} };
}

export const SYMBOL_REFUSAL = "Not supported symbols";

export function parameterError(what: string): Outcome {
  return refuse(10001, `params error: ${what} invalid`);
}

export function envelope(outcome: Outcome, nowMs: number): string {
  return JSON.stringify({
    retCode: outcome.code,
    retMsg: outcome.text,
    result: outcome.result,
    retExtInfo: outcome.ext ?? {},
    time: nowMs,
  });
}

/** The bytes after `?`, before any parser touched them. */
export function rawQueryOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
}
