/**
 * A start that failed for a reason outside the program. The text says what was being done, what was
 * found and what to do; nothing runs any more when it is thrown.
 *
 * What the disk and the operating system refuse comes up as a code, sometimes under an error of
 * ours that only knows what it was doing. So the codes are looked for along the causes, and each is
 * turned into the sentence that an operator needs; anything without a known code is a fault of ours
 * and passes as it is.
 */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The process was asked to stop while it was starting; what had been opened is closed again. */
export class StartAborted extends Error {
  override readonly name = "StartAborted";
}

interface Attempt {
  /** After "cannot": "use the data directory /var/lib/scalper". */
  readonly doing: string;
  /** The setting that names another place. */
  readonly setting: string;
}

/** Does the work; what the operating system refuses becomes a {@link StartError}. */
export function attempt<Value>(what: Attempt, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw startErrorOf(what, error);
  }
}

/** The error as the operator's, when its codes say so; else the error itself. */
export function startErrorOf({ doing, setting }: Attempt, error: unknown): unknown {
  // It says already what was being done, closer to where it failed.
  if (error instanceof StartError) return error;
  const refusal = refusalOf(error);
  if (refusal === null) return error;
  const { found, code, cure } = refusal;
  const text = `cannot ${doing}: ${found} (${code}). Nothing was started. ${cure(setting)}`;
  return new StartError(text, { cause: error });
}

interface Refusal {
  readonly found: string;
  readonly cure: (setting: string) => string;
}

const FULL: Refusal = {
  found: "the disk is full",
  cure: (setting) => `Free some space, or name another place with ${setting}.`,
};
const FORBIDDEN: Refusal = {
  found: "this user may not write there",
  cure: (setting) => `Make it writable, or name another place with ${setting}.`,
};
const NOT_A_DIRECTORY: Refusal = {
  found: "something that is no directory is in the way",
  cure: (setting) => `Move it away, or name another place with ${setting}.`,
};
const UNREACHABLE: Refusal = {
  found: "the path cannot be made or opened",
  cure: (setting) => `Check the path, or name another one with ${setting}.`,
};
const DAMAGED: Refusal = {
  found: "a file there is damaged, or was not written by this program",
  cure: (setting) => `Put a snapshot back or move the files away, or set ${setting}.`,
};
const DISK_FAULT: Refusal = {
  found: "the disk reports an error, or has no room left",
  cure: (setting) => `Check the disk, or name another place with ${setting}.`,
};

/** Codes of the operating system (errno) and of SQLite, whose extended codes begin with these. */
const REFUSALS: readonly (readonly [RegExp, Refusal])[] = [
  [/^(ENOSPC|EDQUOT|SQLITE_FULL)/, FULL],
  [/^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_PERM)/, FORBIDDEN],
  [/^(ENOTDIR|EEXIST)/, NOT_A_DIRECTORY],
  [/^(ENOENT|ELOOP|ENAMETOOLONG|SQLITE_CANTOPEN)/, UNREACHABLE],
  [/^(SQLITE_NOTADB|SQLITE_CORRUPT)/, DAMAGED],
  [/^(EIO|SQLITE_IOERR)/, DISK_FAULT],
];

function refusalOf(error: unknown): (Refusal & { readonly code: string }) | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = "code" in at ? String(at.code) : "";
    const [, known] = REFUSALS.find(([pattern]) => pattern.test(code)) ?? [];
    // Who found a damaged file has its own words for it.
    if (known === DAMAGED && at !== error) return null;
    if (known !== undefined) return { ...known, code };
  }
  return null;
}
