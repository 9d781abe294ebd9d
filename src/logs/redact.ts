/**
 * Keeps secrets out of log lines, in two ways: values under names that hold secrets are replaced
 * whatever they are, and the text of every registered secret is replaced wherever it turns up, also
 * inside an error message or an address.
 */

/** Names, compared without case, dashes and underscores. */
const SECRET_NAMES = new Set([
  "apikey",
  "apisecret",
  "secret",
  "password",
  "passwordhash",
  "token",
  "csrftoken",
  "signature",
  "sign",
  "cookie",
  "setcookie",
  "authorization",
  "xbapiapikey",
  "xbapisign",
]);

export const REDACTED = "[redacted]";
/** Shorter texts would blank out ordinary words. */
const SECRET_CHARS_MIN = 6;
/** Keys, passwords and tokens of one process; more would slow every line. */
export const SECRETS_MAX = 64;
/** Deeper is not read by people; circular data ends here too. */
const DEPTH_MAX = 6;
/** One line stays readable, and a runaway array cannot fill the disk. */
const TEXT_CHARS_MAX = 4_000;
const ITEMS_MAX = 100;

/**
 * A copy fit for JSON: secrets replaced, big integers as text, errors with their message and stack.
 */
function cleaned(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cut(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol")
    return String(value.toString().slice(0, 40));
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEPTH_MAX) return "[deeper]";
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return cleaned(Object.fromEntries(value), depth);
  if (value instanceof Set) return cleaned([...value], depth);
  if (Array.isArray(value)) {
    return value.slice(0, ITEMS_MAX).map((item) => cleaned(item, depth + 1));
  }
  return cleanedFields(value, depth);
}

export function cleanedFields(value: object, depth = 0): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    entries.map(([name, field]) => [
      name,
      isSecretName(name) ? REDACTED : cleaned(field, depth + 1),
    ]),
  );
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    message: cut(error.message),
    stack: cut(error.stack ?? ""),
    ...cleanedFields({ ...error }, depth),
    ...(error.cause === undefined ? {} : { cause: cleaned(error.cause, depth + 1) }),
  };
}

const isSecretName = (name: string): boolean =>
  SECRET_NAMES.has(name.toLowerCase().replaceAll(/[-_]/g, ""));

const cut = (text: string): string =>
  text.length <= TEXT_CHARS_MAX
    ? text
    : `${text.slice(0, TEXT_CHARS_MAX)}… (${text.length} characters)`;

/** The registered secrets in every spelling that a JSON line may show them in. */
export class SecretTexts {
  private spellings: string[] = [];
  private count = 0;

  /** False when the text is too short or there are too many: the caller must keep it out itself. */
  add(secret: string): boolean {
    if (secret.length < SECRET_CHARS_MIN || this.count >= SECRETS_MAX) return false;
    this.count++;
    const spellings = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
    ];
    const longestFirst = [...new Set([...this.spellings, ...spellings])];
    this.spellings = longestFirst.sort((a, b) => b.length - a.length);
    return true;
  }

  hide(line: string): string {
    let hidden = line;
    for (const spelling of this.spellings) {
      if (hidden.includes(spelling)) hidden = hidden.replaceAll(spelling, REDACTED);
    }
    return hidden;
  }
}
