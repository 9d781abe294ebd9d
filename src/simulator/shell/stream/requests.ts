/** Requests on a socket, and what all sockets answer alike. */
import { z } from "zod";

const ControlSchema = z.looseObject({
  op: z.string(),
  args: z.array(z.unknown()).optional(),
  req_id: z.union([z.string(), z.number()]).optional(),
});

export type Control = z.output<typeof ControlSchema>;

/** Topic names of all requests on one public connection together. */
export const TOPIC_CHARS_MAX = 21_000;
/** Topics in one request on the spot socket. */
export const SPOT_ARGS_MAX = 10;

/** Parses a frame, null when it is not a request object. */
export function parseControl(text: string): Control | null {
  try {
    const parsed = ControlSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Text arguments; anything else is left out and counts as unknown. */
export function topicsOf(control: Control): string[] {
  return (control.args ?? []).map((arg) => (typeof arg === "string" ? arg : ""));
}

/** Echoes the request id as it came, or not at all. */
export function reqIdOf(control: Control): { req_id?: string | number } {
  return control.req_id === undefined ? {} : { req_id: control.req_id };
}
