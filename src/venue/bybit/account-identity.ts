/**
 * Whose account the key opens, asked with every look at the account: behind one address and one
 * key another account may answer tomorrow (a test exchange that began anew, a proxy that was
 * re-pointed), and what it says must not be taken for ours.
 *
 * Where the venue does not offer the question (demo trading has a short list of endpoints) the key
 * itself names the account: a key belongs to one account only, and a new key counts as another.
 *
 * For the same reason a start whose question is not answered (the address is banned) works with the
 * account that this key opened last, until the venue says otherwise.
 */
import { isRecord } from "../../kernel/json.ts";
import { failure, type Result, success } from "../../kernel/result.ts";
import type { VenueMemory } from "../../runtime/ports/venue-memory.ts";
import { textOf } from "./codec/fields.ts";
import type { RestCaller } from "./rest-client.ts";

interface IdentityOptions {
  readonly rest: RestCaller;
  readonly apiKey: string;
  /** Called with the first answer and with every other one than before. */
  readonly onIdentity: (accountId: string) => void;
  readonly memory: VenueMemory;
}

const READ_RETRIES = 3;
/** "Not supported in demo trading", and a key without the right to ask. */
const NOT_OFFERED: ReadonlySet<number> = new Set([10032, 10005]);
/** Hexadecimal digits of the key's digest: no two keys of one operator share them. */
const KEY_DIGITS = 16;

export class AccountIdentityReader {
  private readonly options: IdentityOptions;
  private accountId: string | null = null;
  private keptId = "";

  constructor(options: IdentityOptions) {
    this.options = options;
  }

  /** Somebody has been told whose account it is. */
  get isKnown(): boolean {
    return this.accountId !== null;
  }

  /** Asks, and tells when it is news. The problem says why there is no answer. */
  async confirm(): Promise<Result<string, string>> {
    const found = await this.ask();
    const { apiKey, memory } = this.options;
    if (!found.ok) return found;
    if (found.value !== this.keptId) memory.keepAccountId(apiKey, found.value);
    this.keptId = found.value;
    this.tell(found.value);
    return found;
  }

  /** Tells the account that this key opened last, when nobody was told of any. */
  assume(): void {
    const { apiKey, memory } = this.options;
    const accountId = this.accountId ?? memory.accountId(apiKey);
    if (accountId !== null) this.tell(accountId);
  }

  private tell(accountId: string): void {
    if (accountId === this.accountId) return;
    this.accountId = accountId;
    this.options.onIdentity(accountId);
  }

  private async ask(): Promise<Result<string, string>> {
    const { rest, apiKey } = this.options;
    const path = "/v5/user/query-api";
    const request = { method: "GET", path, signed: true, purpose: "read" } as const;
    const answer = await rest.call({ ...request, retries: READ_RETRIES });
    if (answer.kind === "ok") {
      const userId = decodeUserId(answer.envelope.result);
      return userId === null ? failure("the venue does not say whose key it is") : success(userId);
    }
    const isOffered = answer.kind !== "refused" || !NOT_OFFERED.has(answer.code);
    return isOffered ? failure(answer.text) : success(`key-${digestOf(apiKey)}`);
  }
}

/**
 * The user id as text, a sub-account's own; null when the answer holds none (Bybit v5, "Get API Key
 * Information").
 */
function decodeUserId(result: unknown): string | null {
  if (!isRecord(result)) return null;
  const { userID } = result;
  if (typeof userID === "number" && Number.isSafeInteger(userID) && userID > 0) {
    return String(userID);
  }
  const text = textOf(result, "userID");
  return /^[1-9]\d*$/.test(text) ? text : null;
}

function digestOf(apiKey: string): string {
  return new Bun.CryptoHasher("sha256").update(apiKey).digest("hex").slice(0, KEY_DIGITS);
}
