/**
 * Who may sign in, as what, and with which sessions now: the rules behind the settings page and
 * `scalper user`. One enabled admin always remains. Whoever gets another role, is disabled or
 * deleted loses every session at once.
 */
import { failure, type Result, success } from "../kernel/result.ts";
import type { EndReason, People, Person } from "../runtime/ports/accounts.ts";
import type { JournalDatabase } from "../store/database.ts";
import { type AuthStatements, authStatements } from "./auth-statements.ts";
import type { Passwords } from "./passwords.ts";
import { nameProblem, passwordProblem } from "./user-rules.ts";

interface PeopleOptions {
  readonly database: JournalDatabase;
  readonly nowMs: () => number;
  readonly passwords: Passwords;
  /** Told of each session that is ended here, so that its owner can be told why. */
  readonly onEnded?: (tokenSha256: string, why: EndReason) => void;
}

const LAST_ADMIN = "This is the last admin who can sign in: make somebody else admin first.";

type Done = Result<null, string>;

export function createPeople(options: PeopleOptions): People {
  const { database, nowMs, passwords } = options;
  const sql = authStatements(database);
  const change = changer(database, sql, options.onEnded ?? (() => {}));
  return {
    list: () => sql.listUsers(),
    async add({ name, password, role }) {
      const problem = nameProblem(name) ?? passwordProblem(password);
      if (problem !== null) return failure(problem);
      const passwordHash = await passwords.hash(password);
      const id = sql.addUser({ name, role, passwordHash, nowMs: nowMs() });
      return id === null ? failure(`There is already a user called ${name}.`) : success(null);
    },
    setRole: (name, role) =>
      change(name, "role", (person) => {
        if (person.role === role) return `${person.name} is ${role} already.`;
        sql.setRole(person.id, role);
        return null;
      }),
    setDisabled: (name, isDisabled) =>
      change(name, "disabled", (person) => {
        const isNow = person.disabledAtMs !== null;
        if (isNow === isDisabled)
          return `${person.name} is ${isNow ? "disabled" : "enabled"} already.`;
        sql.setDisabled(person.id, isDisabled ? nowMs() : null);
        return null;
      }),
    remove: (name) =>
      change(name, "deleted", (person) => {
        sql.removeUser(person.id);
        return null;
      }),
    sessions: (name) => sql.listSessions(name, nowMs()),
    endSession: (id) => ended(sql, options.onEnded, [id]),
    endOthers: (name, keptId) => {
      const others = sql.listSessions(name, nowMs()).filter(({ id }) => id !== keptId);
      return ended(
        sql,
        options.onEnded,
        others.map(({ id }) => id),
      );
    },
  };
}

type Change = (name: string, why: EndReason, apply: (person: Person) => string | null) => Done;

/** Applies a change and its consequences in one transaction, unless it takes the last admin. */
function changer(
  { sqlite }: JournalDatabase,
  sql: AuthStatements,
  onEnded: NonNullable<PeopleOptions["onEnded"]>,
): Change {
  class Refused extends Error {}
  return (name, why, apply) => {
    const tokens: string[] = [];
    const work = sqlite.transaction(() => {
      const person = sql.listUsers().find((row) => isNamed(row, name));
      if (person === undefined) throw new Refused(`There is no user called ${name}.`);
      const hadAdmin = sql.listUsers().some(isAdmin);
      tokens.push(...sql.sessionTokensOf(person.id));
      const problem = apply(person);
      if (problem !== null) throw new Refused(problem);
      if (hadAdmin && !sql.listUsers().some(isAdmin)) throw new Refused(LAST_ADMIN);
      sql.dropSessionsOf(person.id);
    });
    try {
      work.immediate();
    } catch (error) {
      if (error instanceof Refused) return failure(error.message);
      throw error;
    }
    for (const token of tokens) onEnded(token, why);
    return success(null);
  };
}

function ended(
  sql: AuthStatements,
  onEnded: PeopleOptions["onEnded"],
  ids: readonly number[],
): number {
  const tokens = ids.flatMap((id) => sql.dropSessionById(id));
  for (const token of tokens) onEnded?.(token, "ended");
  return tokens.length;
}

export const isAdmin = ({ role, disabledAtMs }: Pick<Person, "role" | "disabledAtMs">): boolean =>
  role === "admin" && disabledAtMs === null;

const isNamed = (person: { readonly name: string }, name: string): boolean =>
  person.name.toLowerCase() === name.toLowerCase();
