/** @jsxImportSource hono/jsx */
import type { Html } from "../html.tsx";
import { Document } from "../layout.tsx";
import type { AssetUrls } from "../page-model.ts";

interface ProblemProps {
  readonly assets: AssetUrls;
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

/** A whole page for what went wrong: what happened and where to go, nothing of the inside. */
export function ProblemPage({ assets, status, title, text }: ProblemProps): Html {
  return (
    <Document title={`${title} · scalper`} theme="system" assets={{ ...assets, scripts: [] }}>
      <body class="login">
        <main class="card login-card">
          <h1>
            <small>{status}</small> {title}
          </h1>
          <p>{text}</p>
          <p>
            <a class="button" href="/">
              To the desk
            </a>
          </p>
        </main>
      </body>
    </Document>
  );
}

/** The same as a line inside the page that asked. */
export function Notice({ tone, text }: { tone: "good" | "bad"; text: string }): Html {
  return <p class={`banner ${tone}`}>{text}</p>;
}
