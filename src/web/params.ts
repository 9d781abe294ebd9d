/**
 * Query parameters through zod. A bad one becomes an error that names the parameter, what it takes,
 * and what was found; nothing is silently replaced by a default.
 */
import { z } from "zod";

/** Thrown by {@link readParams}; the apps' error handlers answer 400 with it. */
export class BadParameter extends Error {
  override readonly name = "BadParameter";
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

/** How much of a wrong value an error message repeats. */
const FOUND_CHARS_MAX = 60;

/** Checks `found` against an object schema. Throws {@link BadParameter} for the first wrong one. */
export function readParams<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  found: Readonly<Record<string, string>>,
): z.infer<z.ZodObject<Shape>> {
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const parameter = String(issue?.path[0] ?? "parameter");
  const value = (found[parameter] ?? "").slice(0, FOUND_CHARS_MAX);
  throw new BadParameter(
    parameter,
    `Parameter "${parameter}" must be ${issue?.message ?? "valid"}; found "${value}".`,
  );
}

/** A whole number in a range; the message reads after "must be". */
export function wholeParam(min: number, max: number) {
  const message = `a whole number from ${min} to ${max}`;
  return z
    .string({ error: message })
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** A symbol name as the venue writes it, in upper case after parsing. */
export function symbolParam() {
  const message = "a symbol such as BTCUSDT";
  return z
    .string({ error: message })
    .regex(/^[A-Za-z0-9-]{1,40}$/, message)
    .transform((value) => value.toUpperCase());
}

/** Literal text to search for. */
export function textParam(charsMax: number) {
  const message = `text of at most ${charsMax} characters`;
  return z.string({ error: message }).max(charsMax, message);
}

/**
 * The base name of a log file: no separators, no leading dot, so that it cannot leave the folder.
 */
export function fileParam() {
  const message = "the name of a file in the log directory, for example engine.log";
  return z.string({ error: message }).regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, message);
}
