/** @jsxImportSource hono/jsx */
/** The signed-in person's own settings. */
import { z } from "zod";
import { oneOf, optional } from "../../src/monitor/params.ts";
import { Card, Facts, type Html, Time } from "../html.tsx";
import { definePage, nothing, type PageProps } from "../page.tsx";
import type { PageFrame, PageNotice } from "../page-model.ts";
import { Notice } from "./problem.tsx";

const PARAMS = z.object({ done: optional(oneOf(["password"])) });

export const account = definePage({
  key: "settings",
  path: "/settings",
  title: "Settings",
  nav: "Settings",
  params: PARAMS,
  regions: [],
  load: nothing,
  view: Account,
});

const CHANGED: PageNotice = {
  tone: "good",
  text: "The password is changed. Every other session of yours has ended.",
};

const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

function Account({ frame, params }: PageProps<z.infer<typeof PARAMS>, null>): Html {
  const { viewer, sessionEndsAtMs } = frame;
  const notice = frame.notice ?? (params.done === "password" ? CHANGED : null);
  return (
    <>
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
    </>
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
