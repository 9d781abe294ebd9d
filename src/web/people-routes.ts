/**
 * What the settings page changes about logins and sessions: an admin adds, disables, deletes and
 * gives roles, everybody ends sessions of their own. Streams of a session that ended close with the
 * next tick, within a second.
 */
import type { Context } from "hono";
import { stream } from "hono/streaming";
import { account } from "../../views/pages/account.tsx";
import { AUDIT_PARAMS, trailQueryOf } from "../../views/pages/audit.tsx";
import type { Result } from "../kernel/result.ts";
import type { Role } from "../runtime/ports/accounts.ts";
import type { TrailRow } from "../runtime/ports/audit-trail.ts";
import type { WebDeps } from "./deps.ts";
import { showPage } from "./pages.ts";
import { paramsOf } from "./parameters.ts";
import { type Dashboard, type DashboardEnv, problem } from "./respond.ts";

const ROLES: readonly Role[] = ["viewer", "operator", "admin"];
/** One piece of an export. */
const EXPORT_ROWS = 500;
const COLUMNS = [
  "id",
  "atMs",
  "kind",
  "by",
  "address",
  "session",
  "what",
  "detail",
  "outcome",
  "hash",
] as const satisfies readonly (keyof TrailRow)[];

type PeopleContext = Context<DashboardEnv>;
type Done = Result<null, string>;

export function peopleRoutes(dashboard: Dashboard): void {
  loginChanges(dashboard);
  sessionChanges(dashboard);
  trailExport(dashboard);
}

/** A change of a login, by the end of its address. */
interface Change {
  readonly what: (name: string) => string;
  readonly work: (form: Readonly<Record<string, string>>, name: string) => Promise<Done> | Done;
}

function changesOf({ people }: WebDeps): Readonly<Record<string, Change>> {
  return {
    "": {
      what: (name) => `add user ${name}`,
      work: ({ password = "", role }, name) => people.add({ name, password, role: roleOf(role) }),
    },
    "/:name/role": {
      what: (name) => `set role of ${name}`,
      work: ({ role }, name) => people.setRole(name, roleOf(role)),
    },
    "/:name/disable": {
      what: (name) => `disable user ${name}`,
      work: (_form, name) => people.setDisabled(name, true),
    },
    "/:name/enable": {
      what: (name) => `enable user ${name}`,
      work: (_form, name) => people.setDisabled(name, false),
    },
    "/:name/delete": {
      what: (name) => `delete user ${name}`,
      work: (_form, name) => people.remove(name),
    },
  };
}

/** For admins: does it, says what was refused, and shows the page again. */
function loginChanges(dashboard: Dashboard): void {
  for (const [path, { what, work }] of Object.entries(changesOf(dashboard.deps))) {
    dashboard.app.post(`/settings/people${path}`, async (c) => {
      const form = c.get("form");
      const name = c.req.param("name") ?? form.name ?? "";
      const refuse = (outcome: string) => c.set("deed", { what: what(name), outcome });
      if (c.get("session").user.role !== "admin") {
        refuse("refused: not an admin");
        return notAllowed(dashboard, c, "Only admins change logins.");
      }
      const result = await work(form, name);
      if (!result.ok) {
        refuse(`refused: ${result.problem}`);
        const notice = { tone: "bad", text: result.problem } as const;
        return showPage(dashboard, c, account, { query: {}, notice });
      }
      c.set("deed", { what: what(name), detail: form.role ?? "", outcome: "done" });
      return c.redirect("/settings?done=people", 303);
    });
  }
}

/** What is no role gets the least. */
const roleOf = (text: string | undefined): Role => ROLES.find((role) => role === text) ?? "viewer";

function sessionChanges(dashboard: Dashboard): void {
  const { app, deps } = dashboard;
  app.post("/settings/sessions/others/end", (c) => {
    const { user, id } = c.get("session");
    const count = deps.people.endOthers(user.name, id);
    c.set("deed", { what: "end own other sessions", detail: `${count} ended` });
    return c.redirect("/settings?done=sessions", 303);
  });
  app.post("/settings/sessions/:id/end", (c) => {
    const { user } = c.get("session");
    const wanted = Number(c.req.param("id"));
    const found = deps.people.sessions(null).find(({ id }) => id === wanted);
    if (found !== undefined && found.name !== user.name && user.role !== "admin") {
      return notAllowed(dashboard, c, "Only admins end sessions of others.");
    }
    const count = found === undefined ? 0 : deps.people.endSession(found.id);
    const whose = found === undefined ? "" : ` of ${found.name}`;
    c.set("deed", { what: `end session ${wanted}${whose}`, detail: `${count} ended` });
    return c.redirect("/settings?done=sessions", 303);
  });
}

function notAllowed({ assets }: Dashboard, c: PeopleContext, text: string): Response {
  return problem(c, assets, 403, { title: "Not allowed", text });
}

/** The rows that the page's filter shows, all of them, newest first. */
function trailExport(dashboard: Dashboard): void {
  const { app, deps } = dashboard;
  for (const format of ["csv", "ndjson"] as const) {
    app.get(`/settings/audit.${format}`, (c) => {
      if (c.get("session").user.role === "viewer") {
        return notAllowed(dashboard, c, "The audit trail is for operators and admins.");
      }
      const query = trailQueryOf(paramsOf(c, AUDIT_PARAMS), deps.nowMs());
      const isCsv = format === "csv";
      c.header("content-type", isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson");
      c.header("content-disposition", `attachment; filename="audit.${format}"`);
      return stream(c, async (out) => {
        if (isCsv) await out.write(`${COLUMNS.join(",")}\r\n`);
        let { before } = query;
        for (;;) {
          const rows = deps.trail.rows({ ...query, before, limit: EXPORT_ROWS });
          await out.write(rows.map(isCsv ? csvOf : ndjsonOf).join(""));
          if (rows.length < EXPORT_ROWS || out.aborted) return;
          before = rows.at(-1)?.id;
        }
      });
    });
  }
}

const ndjsonOf = (row: TrailRow): string => `${JSON.stringify(row)}\n`;

/** A text that a spreadsheet would take for a formula is quoted as one that is none. */
function csvOf(row: TrailRow): string {
  const cells = COLUMNS.map((name) => {
    const value = row[name];
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
    return `"${text.replaceAll('"', '""')}"`;
  });
  return `${cells.join(",")}\r\n`;
}
