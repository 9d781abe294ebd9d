/** @jsxImportSource hono/jsx */
import type { RunInfo } from "../../src/monitor/view.ts";
import type { Html } from "../html.tsx";
import { Document } from "../layout.tsx";
import type { AssetUrls } from "../page-model.ts";

interface LoginProps {
  readonly assets: AssetUrls;
  readonly run: RunInfo;
  /** What went wrong, or empty. */
  readonly problem: string;
  readonly name: string;
  /** Where to go afterwards. */
  readonly next: string;
}

/** Sign in. The same text for a wrong name and a wrong password. */
export function LoginPage({ assets, run, problem, name, next }: LoginProps): Html {
  return (
    <Document title="Sign in · scalper" theme="system" assets={{ ...assets, scripts: [] }}>
      <body class="login">
        <main class="card login-card">
          <h1>
            <span class="brand">scalper</span> <span class="badge info">{run.mode}</span>
          </h1>
          <form method="post" action="/login">
            {problem === "" ? null : (
              <p class="banner bad" role="alert">
                {problem}
              </p>
            )}
            <label>
              Name
              <input
                name="name"
                value={name}
                autocomplete="username"
                autocapitalize="none"
                spellcheck={false}
                maxlength={64}
                required
                autofocus
              />
            </label>
            <label>
              Password
              <input
                name="password"
                type="password"
                autocomplete="current-password"
                maxlength={256}
                required
              />
            </label>
            {next === "/" ? null : <input type="hidden" name="next" value={next} />}
            <button type="submit" class="button primary">
              Sign in
            </button>
          </form>
        </main>
      </body>
    </Document>
  );
}
