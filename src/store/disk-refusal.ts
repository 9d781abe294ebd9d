/**
 * Whether a database error is the disk's, or another writer's: those pass, and what failed may be
 * tried again; all others are about the row and stay.
 */
const REFUSAL = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/;

export function isDiskRefusal(error: unknown): boolean {
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : null);
  return code !== null && REFUSAL.test(code);
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error ? String(error.code) : null;
