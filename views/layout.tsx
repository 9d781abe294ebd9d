/** @jsxImportSource hono/jsx */
/** The document around every page: status bar with navigation and what stops, footer. */
import type { Child } from "hono/jsx";
import { DeskDialogs, DeskTools, goKeyOf } from "./fragments/keys.tsx";
import { restart } from "./fragments/restart.tsx";
import { banner, status } from "./fragments/status.tsx";
import { CommandTray, StopBar, StopDialogs } from "./fragments/stop-bar.tsx";
import { tab } from "./fragments/tab.tsx";
import type { Html } from "./html.tsx";
import type { AssetUrls, Model, NavItem, PageFrame } from "./page-model.ts";
import { V } from "./value.tsx";

/** 401 carries its own redirect; the server answers other errors with a notice to show. */
const HTMX_CONFIG = JSON.stringify({
  noSwap: [204, 304, 401],
  history: "reload",
  includeIndicatorCSS: false,
  defaultTimeout: 15_000,
  // A stream that broke is tried again after 0.5, 1, 2 and then every 4 s; a try that is not
  // answered in 8 s is none.
  sse: { reconnectMaxDelay: 4_000, connectTimeout: 8_000 },
});

interface DocumentProps {
  readonly title: string;
  readonly theme: string;
  readonly assets: AssetUrls;
  /** How this browser shows things. */
  readonly display?: readonly string[];
  readonly hasCharts?: boolean;
  readonly children: Child;
}

/** The bare document; the login page uses it alone. */
export function Document(props: DocumentProps): Html {
  const { title, theme, assets, display = [], hasCharts = false, children } = props;
  return (
    <html lang="en" data-theme={theme} class={display.length === 0 ? undefined : display.join(" ")}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === "system" ? "light dark" : theme} />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <title>{title}</title>
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="manifest" href={assets.manifest} />
        <link rel="stylesheet" href={assets.css} />
        {hasCharts ? <link rel="stylesheet" href={assets.charts.css} /> : null}
        {[...assets.scripts, ...(hasCharts ? assets.charts.scripts : [])].map((source) => (
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
  readonly hasCharts?: boolean;
  readonly children: Child;
}

export function Layout({ title, frame, model, hasCharts, children }: LayoutProps): Html {
  const { viewer, assets } = frame;
  const shown = {
    title: `${title} · scalper`,
    theme: viewer.theme,
    assets,
    display: frame.display,
  };
  return (
    <Document {...shown} hasCharts={hasCharts === true}>
      <body
        class={`mode-${model.run.mode.toLowerCase()} role-${frame.viewer.role}`}
        {...{ "hx-headers:inherited": JSON.stringify({ "X-CSRF-Token": frame.csrfToken }) }}
      >
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <a class="brand" href="/">
            scalper
          </a>
          <Navigation frame={frame} />
          {status.place(model)}
          <span id="link-age" class="link-age" />
          <StopBar frame={frame} />
        </header>
        <div class="messages">
          <p id="link-lost" class="banner bad" role="status" hidden>
            Connection to the server lost: what you see is old. Reconnecting…
          </p>
          {banner.place(model)}
          {restart.place(model)}
          <p class="gaps" data-gaps hidden />
        </div>
        {frame.isClear ? (
          <p class="banner warn">
            This connection is not encrypted: password and session can be read on the way.
          </p>
        ) : null}
        {tab.place(model)}
        <CommandTray frame={frame} model={model} />
        <div id="notice" role="status" aria-live="polite" />
        <main id="main">
          <h1>{title}</h1>
          {children}
        </main>
        <Footer frame={frame} model={model} />
        <StopDialogs frame={frame} model={model} />
        <DeskDialogs nav={frame.nav} />
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

/** So many pages fit the thumb bar of a phone and a narrow header; the others open from "More". */
const NAV_FIRST = 4;

function Navigation({ frame }: { frame: PageFrame }) {
  const first = frame.nav.slice(0, NAV_FIRST);
  const rest = frame.nav.slice(NAV_FIRST);
  const isInRest = rest.some(({ path }) => isHere(frame, path));
  return (
    <nav class="nav" aria-label="Pages">
      {first.map((item) => (
        <NavLink item={item} frame={frame} />
      ))}
      <button
        type="button"
        class={isInRest ? "nav-more here" : "nav-more"}
        popovertarget="nav-rest"
      >
        More
      </button>
      <div id="nav-rest" class="nav-rest" popover="auto">
        {rest.map((item) => (
          <NavLink item={item} frame={frame} />
        ))}
      </div>
    </nav>
  );
}

function NavLink({ item, frame }: { item: NavItem; frame: PageFrame }) {
  const { path, label } = item;
  return (
    <a href={path} data-go={goKeyOf(path)} aria-current={isHere(frame, path) ? "page" : undefined}>
      {label}
    </a>
  );
}

function isHere(frame: PageFrame, path: string): boolean {
  return path === "/" ? frame.path === "/" : frame.path.startsWith(path);
}

function Footer({ frame, model }: { frame: PageFrame; model: Model }) {
  const { run } = model;
  return (
    <footer class="foot">
      <span>
        scalper {run.version} · run <V id="run">{run.runId}</V> · venue {run.venue} ·{" "}
        <a href="/strategies">strategies</a> · all times UTC
      </span>
      <DeskTools />
      <form class="who" method="post" action="/logout">
        <span title={`Role: ${frame.viewer.role}`}>{frame.viewer.name}</span>
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <button type="submit" class="button ghost small">
          Sign out
        </button>
      </form>
    </footer>
  );
}
