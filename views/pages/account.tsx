/** @jsxImportSource hono/jsx */
/**
 * Settings: the signed-in person's own, where they are signed in, and for an admin who else may
 * sign in. Limits, strategies and symbols have pages of their own; this one leads there.
 */
import { z } from "zod";
import { oneOf, optional } from "../../src/monitor/params.ts";
import { Badge, Card, type Column, cell, Empty, Facts, type Html, Table, Time } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type {
  Model,
  PageFrame,
  PageNotice,
  PersonView,
  SessionView,
  Sources,
} from "../page-model.ts";
import { Notice } from "./problem.tsx";

/** What a form that led here has done. */
const FORMS = ["password", "people", "sessions"] as const;
const PARAMS = z.object({ done: optional(oneOf(FORMS)) });
type Params = z.infer<typeof PARAMS>;

interface Loaded {
  readonly mine: readonly SessionView[];
  /** Null for who is no admin. */
  readonly people: readonly PersonView[] | null;
  readonly others: readonly SessionView[];
}

export const account = definePage({
  key: "settings",
  path: "/settings",
  title: "Settings",
  nav: "Settings",
  params: PARAMS,
  regions: [],
  load,
  view: Account,
});

function load({ people }: Sources, _params: Params, _model: Model, frame: PageFrame): Loaded {
  const { name, role } = frame.viewer;
  const mine = people.sessions(name);
  if (role !== "admin") return { mine, people: null, others: [] };
  const others = people.sessions(null).filter((session) => session.name !== name);
  return { mine, people: people.list(), others };
}

const DONE: Readonly<Record<(typeof FORMS)[number], string>> = {
  password: "The password is changed. Every other session of yours has ended.",
  people: "Done. Whoever it concerns has been signed out.",
  sessions: "Ended.",
};

const ROLES = ["viewer", "operator", "admin"] as const;

const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

function Account({ frame, params, data }: PageProps<Params, Loaded>): Html {
  const { viewer, sessionEndsAtMs } = frame;
  const { done } = params;
  const said: PageNotice | null = done === undefined ? null : { tone: "good", text: DONE[done] };
  const notice = frame.notice ?? said;
  return (
    <div class="cards">
      {notice === null ? null : <Notice tone={notice.tone} text={notice.text} />}
      <div class="columns even settings">
        <Card title="You">
          <Facts
            rows={[
              ["Name", viewer.name],
              ["Role", viewer.role],
              ["Session ends without use (UTC)", <Time atMs={sessionEndsAtMs} withDate={true} />],
            ]}
          />
          <ThemeForm frame={frame} />
        </Card>
        <Card title="Password">
          <PasswordForm frame={frame} />
        </Card>
      </div>
      <SignedIn frame={frame} data={data} />
      <More frame={frame} />
    </div>
  );
}

function SignedIn({ frame, data }: { frame: PageFrame; data: Loaded }) {
  return (
    <>
      <Card title="Your sessions" meta={<EndOthers frame={frame} />}>
        <Sessions label="Your sessions" frame={frame} sessions={data.mine} />
      </Card>
      {data.people === null ? null : (
        <>
          <Card title="People">
            <People frame={frame} people={data.people} />
            <AddPerson frame={frame} />
          </Card>
          <Card title="Sessions of others">
            {data.others.length === 0 ? (
              <Empty>Nobody else is signed in.</Empty>
            ) : (
              <Sessions label="Sessions of others" frame={frame} sessions={data.others} />
            )}
          </Card>
        </>
      )}
    </>
  );
}

function More({ frame }: { frame: PageFrame }) {
  return (
    <Card title="More">
      <ul class="links">
        {frame.viewer.role === "viewer" ? null : (
          <li>
            <a href="/settings/audit">Audit trail</a>: who did and tried what, from where
          </li>
        )}
        <li>
          <a href="/risk">Risk limits</a>: what holds, what is used, and how to change it
        </li>
        <li>
          <a href="/symbols">Universe</a>: pinned and blocked symbols
        </li>
        <li>
          <a href="/strategies">Strategies</a> and their parameters
        </li>
      </ul>
    </Card>
  );
}

const SESSION_COLUMNS: readonly Column[] = [
  { label: "Who" },
  { label: "Address" },
  { label: "Program", from: "wide" },
  { label: "Since, UTC", from: "mid" },
  { label: "Last used, UTC" },
  { label: "" },
];

interface SessionsProps {
  readonly label: string;
  readonly frame: PageFrame;
  readonly sessions: readonly SessionView[];
}

function Sessions({ label, frame, sessions }: SessionsProps) {
  return (
    <Table label={label} columns={SESSION_COLUMNS}>
      {sessions.map((session) => (
        <tr id={`session-${session.id}`}>
          <td>{session.name}</td>
          <td>{session.address}</td>
          <td class={`wrap ${cell({ from: "wide" })}`}>{session.userAgent}</td>
          <td class={cell({ from: "mid" })}>
            <Time atMs={session.createdAtMs} withDate={true} />
          </td>
          <td>
            <Time atMs={session.lastSeenAtMs} withDate={true} />
          </td>
          <td>
            {session.id === frame.sessionId ? (
              <Badge tone="info">this one</Badge>
            ) : (
              <Press
                frame={frame}
                action={`/settings/sessions/${session.id}/end`}
                label="End"
                about={`the session of ${session.name} at ${session.address}`}
              />
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function EndOthers({ frame }: { frame: PageFrame }) {
  const action = "/settings/sessions/others/end";
  return <Press frame={frame} action={action} label="End all others" about="" />;
}

interface PressProps {
  readonly frame: PageFrame;
  readonly action: string;
  readonly label: string;
  /** For who hears the button without its row. */
  readonly about: string;
}

function Press({ frame, action, label, about }: PressProps) {
  return (
    <form method="post" action={action} class="inline">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <button
        type="submit"
        class="button small"
        aria-label={about === "" ? undefined : `${label} ${about}`}
      >
        {label}
      </button>
    </form>
  );
}

const PEOPLE_COLUMNS: readonly Column[] = [
  { label: "Name" },
  { label: "Role" },
  { label: "Last login, UTC", from: "mid" },
  { label: "Wrong tries", num: true, from: "wide" },
  { label: "" },
];

function People({ frame, people }: { frame: PageFrame; people: readonly PersonView[] }) {
  return (
    <Table label="People" columns={PEOPLE_COLUMNS}>
      {people.map((person) => (
        <PersonRow frame={frame} person={person} />
      ))}
    </Table>
  );
}

function PersonRow({ frame, person }: { frame: PageFrame; person: PersonView }) {
  const { name, role, disabledAtMs, lastLoginAtMs, failedLogins } = person;
  const base = `/settings/people/${encodeURIComponent(name)}`;
  const isDisabled = disabledAtMs !== null;
  return (
    <tr id={`person-${name}`}>
      <th scope="row">
        {name} {isDisabled ? <Badge tone="warn">disabled</Badge> : null}
      </th>
      <td>
        <form method="post" action={`${base}/role`} class="inline">
          <input type="hidden" name="csrf" value={frame.csrfToken} />
          <RoleField label={`Role of ${name}`} chosen={role} isHidden={true} />
          <button type="submit" class="button small" aria-label={`Set the role of ${name}`}>
            Set
          </button>
        </form>
      </td>
      <td class={cell({ from: "mid" })}>
        {lastLoginAtMs === null ? "never" : <Time atMs={lastLoginAtMs} withDate={true} />}
      </td>
      <td class={cell({ num: true, from: "wide" })}>{failedLogins}</td>
      <td>
        <Press
          frame={frame}
          action={`${base}/${isDisabled ? "enable" : "disable"}`}
          label={isDisabled ? "Enable" : "Disable"}
          about={name}
        />{" "}
        <details class="inline">
          <summary aria-label={`Delete ${name}`}>Delete…</summary>
          <Press frame={frame} action={`${base}/delete`} label="Delete for good" about={name} />
        </details>
      </td>
    </tr>
  );
}

interface RoleProps {
  readonly label: string;
  readonly chosen: PersonView["role"];
  /** Its row says what it is. */
  readonly isHidden: boolean;
}

function RoleField({ label, chosen, isHidden }: RoleProps) {
  const options = ROLES.map((role) => (
    <option value={role} selected={role === chosen}>
      {role}
    </option>
  ));
  if (isHidden) {
    return (
      <select name="role" aria-label={label}>
        {options}
      </select>
    );
  }
  return (
    <label>
      {label}
      <select name="role">{options}</select>
    </label>
  );
}

function AddPerson({ frame }: { frame: PageFrame }) {
  return (
    <form class="toolbar" method="post" action="/settings/people">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <label>
        New login
        <input name="name" maxlength={64} autocomplete="off" autocapitalize="none" required />
      </label>
      <label>
        Password
        <input
          type="password"
          name="password"
          maxlength={256}
          autocomplete="new-password"
          required
        />
      </label>
      <RoleField label="Role" chosen="viewer" isHidden={false} />
      <button type="submit" class="button">
        Add
      </button>
    </form>
  );
}

function ThemeForm({ frame }: { frame: PageFrame }) {
  return (
    <form
      class="stack"
      method="post"
      action="/account/theme"
      hx-post="/account/theme"
      hx-trigger="change"
      hx-swap="none"
      data-theme-choice
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <fieldset>
        <legend>Theme</legend>
        {THEMES.map(({ value, label }) => (
          <label class="radio">
            <input type="radio" name="theme" value={value} checked={frame.viewer.theme === value} />{" "}
            {label}
          </label>
        ))}
      </fieldset>
      <noscript>
        <button type="submit" class="button">
          Use this theme
        </button>
      </noscript>
    </form>
  );
}

function PasswordForm({ frame }: { frame: PageFrame }) {
  return (
    <form class="stack" method="post" action="/account/password">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input name="username" value={frame.viewer.name} autocomplete="username" readonly hidden />
      <PasswordField name="current" label="Current password" autocomplete="current-password" />
      <PasswordField name="next" label="New password" autocomplete="new-password" />
      <PasswordField name="again" label="New password again" autocomplete="new-password" />
      <button type="submit" class="button">
        Change password
      </button>
    </form>
  );
}

function PasswordField(props: { name: string; label: string; autocomplete: string }) {
  return (
    <label>
      {props.label}
      <input
        type="password"
        name={props.name}
        autocomplete={props.autocomplete}
        maxlength={256}
        required
      />
    </label>
  );
}
