/**
 * What is said on the control socket: one JSON value a line.
 *
 * The engine speaks first, with its time and state. Whoever hears nothing sends nothing, so that an
 * engine that stands still finds no command waiting when it wakes; and what is sent carries the
 * stamp that was heard, so that one which stopped in between finds it too old. A question is
 * answered by one line: a command and its later looks by what came of it, all else by the state.
 */
import { z } from "zod";
import { OPERATOR_ACTIONS } from "../domain/event.ts";
import { COMMAND_LIFE_MS_MAX } from "../runtime/ports/commands.ts";

/** The longest line is a hello with fifty positions. */
const LINE_CHARS_MAX = 64 * 1_024;

const text = (charsMax: number) => z.string().max(charsMax);

export const Question = z.union([
  z.object({
    command: z.object({
      id: text(64).min(1),
      action: z.enum(OPERATOR_ACTIONS),
      symbol: text(40),
      by: text(64).min(1),
      reason: text(200),
      stamp: text(40),
      sinceMs: z.number().min(0),
      lifeMs: z.number().min(1).max(COMMAND_LIFE_MS_MAX),
    }),
  }),
  z.object({ look: text(64) }),
  z.object({ status: z.literal(true) }),
]);
export type Question = z.infer<typeof Question>;

/** What a terminal reads of a command's fate; there is more in it for scripts. */
const Told = z.looseObject({
  commandId: z.string(),
  action: z.string(),
  symbol: z.string(),
  state: z.enum(["accepted", "done", "refused", "expired"]),
  outcome: z.string(),
  tookMs: z.number().nullable(),
});
export type Told = z.infer<typeof Told>;

const Status = z.looseObject({
  runId: z.string(),
  mode: z.string(),
  version: z.string(),
  trading: z.string(),
  reason: z.string(),
  openOrders: z.number(),
  positions: z
    .array(
      z.looseObject({
        symbol: z.string(),
        side: z.string(),
        qty: z.string(),
        notionalUsdt: z.string(),
      }),
    )
    .readonly(),
  symbolHalts: z
    .array(z.looseObject({ symbol: z.string(), kind: z.string(), by: z.string() }))
    .readonly(),
  health: z.string(),
  down: z.array(z.string()),
  underWay: z.looseObject({ action: z.string(), outcome: z.string() }).nullable(),
});
export type Status = z.infer<typeof Status>;

export const Answer = z.union([
  z.object({ hello: Status, stamp: z.string(), pid: z.number() }),
  z.object({ told: Told }),
  z.object({ unknown: z.string() }),
  z.object({ status: Status }),
  z.object({ fault: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;

export function parsedLine<Value>(schema: z.ZodType<Value>, line: string): Value | null {
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Hands over whole lines, in order; false once a line is longer than any of ours. */
export function lineReader(onLine: (line: string) => void): (chunk: string) => boolean {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    return rest.length <= LINE_CHARS_MAX;
  };
}
