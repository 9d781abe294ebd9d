/** @jsxImportSource hono/jsx */
/** The document around every page: header with the state of the trade, navigation, footer. */
import type { Child } from "hono/jsx";
import { banner, status } from "./fragments/status.tsx";
import { CommandTray, StopBar, StopDialogs } from "./fragments/stop-bar.tsx";
import type { Html } from "./html.tsx";
import type { AssetUrls, Model, PageFrame } from "./page-model.ts";

/** 401 carries its own redirect; the server answers other errors with a notice to show. */
const HTMX_CONFIG = JSON.stringify({
  noSwap: [204, 304, 401],
  history: "reload",
  includeIndicatorCSS: false,
  defaultTimeout: 15_000,
  // A stream that broke is tried again after 0.5, 1, 2 and then every 4 s.
  sse: { reconnectMaxDelay: 4_000 },
});

interface DocumentProps {
  readonly title: string;
  readonly theme: string;
  readonly assets: AssetUrls;
  readonly children: Child;
}

/** The bare document; the login page uses it alone. */
export function Document({ title, theme, assets, children }: DocumentProps): Html {
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === "system" ? "light dark" : theme} />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <title>{title}</title>
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.css} />
        {assets.scripts.map((source) => (
          <script defer src={source} />
        ))}
      </head>
      {children}
    </html>
  );
}

interface LayoutProps {
  readonly title: string;
  readonly frame: PageFrame;
  readonly model: Model;
  readonly children: Child;
}

export function Layout({ title, frame, model, children }: LayoutProps): Html {
  return (
    <Document title={`${title} · scalper`} theme={frame.viewer.theme} assets={frame.assets}>
      <body
        class={`mode-${model.run.mode.toLowerCase()}`}
        {...{ "hx-headers:inherited": JSON.stringify({ "X-CSRF-Token": frame.csrfToken }) }}
      >
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <a class="brand" href="/">
            scalper
          </a>
          {status.place(model)}
          <StopBar frame={frame} />
          <Navigation frame={frame} />
          <form class="who" method="post" action="/logout">
            <span title={`Role: ${frame.viewer.role}`}>{frame.viewer.name}</span>
            <input type="hidden" name="csrf" value={frame.csrfToken} />
            <button type="submit" class="button ghost small">
              Sign out
            </button>
          </form>
        </header>
        <p id="link-lost" class="banner bad" role="status" hidden>
          Connection to the server lost: what you see is old. Reconnecting…
        </p>
        {banner.place(model)}
        <CommandTray frame={frame} model={model} />
        <div id="notice" role="status" aria-live="polite" />
        <main id="main">
          <h1>{title}</h1>
          {children}
        </main>
        <Footer model={model} />
        <StopDialogs frame={frame} model={model} />
      </body>
    </Document>
  );
}

/** Opens the page's one live stream; its messages name their own targets. */
export function Stream({ url }: { url: string }): Html {
  return (
    <div
      id="stream"
      hidden
      {...{ "hx-sse:connect": url, "hx-sse:close": "session-end", "hx-swap": "none" }}
    />
  );
}

function Navigation({ frame }: { frame: PageFrame }) {
  return (
    <nav class="nav" aria-label="Pages">
      {frame.nav.map(({ path, label }) => {
        const isHere = path === "/" ? frame.path === "/" : frame.path.startsWith(path);
        return (
          <a href={path} aria-current={isHere ? "page" : undefined}>
            {label}
          </a>
        );
      })}
    </nav>
  );
}

function Footer({ model }: { model: Model }) {
  const { run } = model;
  return (
    <footer class="foot">
      scalper {run.version} · run {run.runId} · venue{" "}
      {run.mode === "SIM" ? <a href="/simulator">{run.venue}: call weather up</a> : run.venue} · all
      times UTC
    </footer>
  );
}
