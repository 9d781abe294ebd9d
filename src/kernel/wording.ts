/** What a text needs before a person or another program reads it. */

/** What went wrong, without the stack: of an error its message, of anything else its own text. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong with the stack, where there is one: for the log, not for people. */
export function errorStack(error: unknown): string {
  return (error instanceof Error ? error.stack : undefined) ?? errorText(error);
}

/** A base address to which a path can be appended: no slash at its end. */
export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

/** "1 order", "3 orders". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
