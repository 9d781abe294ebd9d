/**
 * Parameters of pages and routes, through zod. A wrong, unknown or repeated one becomes an error
 * that names the parameter, what it takes and what was found: nothing is replaced by a default in
 * silence, because a filter that is swallowed shows an answer to another question.
 */
import { z } from "zod";

/** Thrown by {@link readParams}; the apps' error handlers answer 400 with it. */
export class BadParameter extends Error {
  override readonly name = "BadParameter";
  readonly parameter: string;
  /** What would have been taken, to read after "must be". */
  readonly wanted: string;

  constructor(parameter: string, wanted: string, message: string) {
    super(message);
    this.parameter = parameter;
    this.wanted = wanted;
  }
}

/** How much of a wrong value or name an error message repeats. */
const FOUND_CHARS_MAX = 60;

/** Checks `found` against an object schema. Throws {@link BadParameter} for the first wrong one. */
export function readParams<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  found: Readonly<Record<string, string>>,
): z.infer<z.ZodObject<Shape>> {
  const unknown = Object.keys(found).find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) throw unknownParameter(unknown, Object.keys(schema.shape));
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const parameter = String(issue?.path[0] ?? "parameter");
  const wanted = issue?.message ?? "valid";
  const value = (found[parameter] ?? "").slice(0, FOUND_CHARS_MAX);
  const text = `Parameter "${parameter}" must be ${wanted}; found "${value}".`;
  throw new BadParameter(parameter, wanted, text);
}

/** For a name that an address does not take. */
export function unknownParameter(name: string, known: readonly string[]): BadParameter {
  const wanted = known.length === 0 ? "no parameter" : `one of ${known.join(", ")}`;
  const shown = name.slice(0, FOUND_CHARS_MAX);
  const text =
    known.length === 0
      ? `Parameter "${shown}" is not known: this address takes none.`
      : `Parameter "${shown}" is not known: this address takes ${known.join(", ")}.`;
  return new BadParameter(shown, wanted, text);
}

/** For a name that stands twice in one address: which of the two was meant is not ours to guess. */
export function repeatedParameter(name: string): BadParameter {
  const shown = name.slice(0, FOUND_CHARS_MAX);
  return new BadParameter(shown, "given once", `Parameter "${shown}" must be given once.`);
}

/** For addresses that take nothing. */
export const NO_PARAMS = z.object({});

/** Empty text in a form field means "not given". */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
}

export function oneOf<Name extends string>(names: readonly Name[]) {
  return z.enum(names, { error: `one of ${names.join(", ")}` });
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

/** For what can be shown of all symbols or of one. */
export const SYMBOL_OR_ALL = z.object({ symbol: optional(symbolParam()) });

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
