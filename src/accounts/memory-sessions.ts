/**
 * Sessions that the disk would not take. Somebody who can sign in can flatten, so a full disk must
 * not be what keeps an operator out.
 *
 * They end as others do, after half an hour without use, at logout and with a change of password,
 * and beyond that with the process. They are few: each costs a right password, and the one that was
 * unused longest gives way.
 */

/** A desk's browsers; nobody needs more while a disk is being mended. */
export const MEMORY_SESSIONS_MAX = 16;

interface MemorySession {
  readonly tokenSha256: string;
  readonly userId: number;
  readonly csrfToken: string;
  /** The one that was right: with another one in the table the session is over. */
  readonly passwordHash: string;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
}

export class MemorySessions {
  /** By token, the longest unused first; at most {@link MEMORY_SESSIONS_MAX}. */
  private readonly sessions = new Map<string, MemorySession>();

  /** Keeps a new session, or the use of a known one. */
  keep(session: MemorySession): void {
    this.sessions.delete(session.tokenSha256);
    this.sessions.set(session.tokenSha256, session);
    for (const longestUnused of this.sessions.keys()) {
      if (this.sessions.size <= MEMORY_SESSIONS_MAX) break;
      this.sessions.delete(longestUnused);
    }
  }

  find(tokenSha256: string): MemorySession | undefined {
    return this.sessions.get(tokenSha256);
  }

  drop(tokenSha256: string): void {
    this.sessions.delete(tokenSha256);
  }

  /** Drops what was last used at or before `sinceMs`. */
  prune(sinceMs: number): void {
    for (const [token, { lastSeenAtMs }] of this.sessions) {
      if (lastSeenAtMs <= sinceMs) this.sessions.delete(token);
    }
  }
}
