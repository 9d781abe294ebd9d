import { Card, type Html, Time } from "../html.tsx";
import { Layout } from "../layout.tsx";
import type { Model, PageFrame } from "../page-model.ts";
import { Notice } from "./problem.tsx";

interface AccountProps {
  readonly frame: PageFrame;
  readonly model: Model;
  readonly notice: { readonly tone: "good" | "bad"; readonly text: string } | null;
  readonly expiresAtMs: number;
}

const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

/** The signed-in person's own settings. */
export function AccountPage({ frame, model, notice, expiresAtMs }: AccountProps): Html {
  const { viewer } = frame;
  return (
    <Layout title="Account" frame={frame} model={model}>
      {notice === null ? null : <Notice tone={notice.tone} text={notice.text} />}
      <div class="columns even settings">
        <Card title="You">
          <dl class="facts">
            <div>
              <dt>Name</dt>
              <dd>{viewer.name}</dd>
            </div>
            <div>
              <dt>Role</dt>
              <dd>{viewer.role}</dd>
            </div>
            <div>
              <dt>Session ends without use (UTC)</dt>
              <dd>
                <Time atMs={expiresAtMs} withDate={true} />
              </dd>
            </div>
          </dl>
          <ThemeForm frame={frame} />
        </Card>
        <Card title="Password">
          <PasswordForm frame={frame} />
        </Card>
      </div>
    </Layout>
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
