/**
 * Style sheets, scripts and icons: read once at start, hashed into their address, compressed
 * once when first asked for, and served as immutable. The style sheets of the components are joined
 * into one file, so that a page costs one request for all of them; their cascade layers keep the
 * order irrelevant. Our scripts, each a closure of its own, are joined in the same way.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Context } from "hono";
import ssePath from "htmx.org/dist/ext/hx-sse.min.js" with { type: "file" };
import htmxPath from "htmx.org/dist/htmx.min.js" with { type: "file" };
import plotPath from "uplot/dist/uPlot.iife.min.js" with { type: "file" };
import plotCssPath from "uplot/dist/uPlot.min.css" with { type: "file" };
import type { AssetUrls } from "../../views/page-model.ts";
import { encodingFor } from "./byte-cache.ts";

interface Asset {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Null until a browser asks: compressing them all would be a fifth of the start. */
  gzip: Uint8Array<ArrayBuffer> | null;
}

export interface Assets {
  readonly urls: AssetUrls;
  /** Serves /assets/:hash/:name, 404 for anything else. */
  serve(c: Context): Response;
}

/** Of pages with charts: before the library, and after it. */
const BEFORE_PLOT = ["chart-locale.js"];
const AFTER_PLOT = ["chart-core.js", "chart-time.js", "chart-candles.js", "chart-equity.js"];
/** Ours, in loading order. */
const SCRIPTS = [
  "values.js",
  "hand.js",
  "link.js",
  "session.js",
  "tab.js",
  "follow.js",
  "dialogs.js",
  "display.js",
  "zone.js",
  "keys.js",
  "palette.js",
  "commands.js",
  "logs.js",
  "tape.js",
  "hold.js",
];
const SCRIPT_TYPE = "text/javascript; charset=utf-8";
/** What a home screen wants. */
const ICON_SIZES = [192, 512];
/** Declares the order of the cascade layers, so it comes first. */
const LAYERS_FILE = "layers.css";

/** Reads everything under `staticDir`; throws with the folder's name when it is not there. */
export function loadAssets(staticDir: string): Assets {
  const names = staticNames(staticDir);
  const read = (name: string): Buffer => readFileSync(join(staticDir, name));
  const sheets = names.filter((name) => name.endsWith(".css"));
  const inOrder = [LAYERS_FILE, ...sheets.filter((name) => name !== LAYERS_FILE).sort()];
  const byUrl = new Map<string, Asset>();
  const add = (name: string, type: string, bytes: Buffer): string => {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    const url = `/assets/${hash}/${name}`;
    byUrl.set(url, { type, plain: new Uint8Array(bytes), gzip: null });
    return url;
  };
  const script = (path: string): string => add(basename(path), SCRIPT_TYPE, readFileSync(path));
  const own = (name: string): string => script(join(staticDir, name));
  const icons = ICON_SIZES.map((size) => ({
    src: add(`icon-${size}.png`, "image/png", read(`icon-${size}.png`)),
    sizes: `${size}x${size}`,
    type: "image/png",
    purpose: "any maskable",
  }));
  const urls = {
    css: add("scalper.css", "text/css; charset=utf-8", Buffer.concat(inOrder.map(read))),
    scripts: [
      script(htmxPath),
      script(ssePath),
      add("scalper.js", SCRIPT_TYPE, Buffer.concat(SCRIPTS.map(read))),
    ],
    icon: add("icon.svg", "image/svg+xml", read("icon.svg")),
    manifest: add("scalper.webmanifest", "application/manifest+json", manifestOf(icons)),
    charts: {
      css: add("plot.css", "text/css; charset=utf-8", readFileSync(plotCssPath)),
      scripts: [...BEFORE_PLOT.map(own), script(plotPath), ...AFTER_PLOT.map(own)],
    },
  };
  return { urls, serve: (c) => serve(c, byUrl) };
}

/** Installable, and nothing kept: there is no service worker that could show old money. */
function manifestOf(icons: readonly object[]): Buffer {
  const look = { background_color: "#0d1117", theme_color: "#0d1117", display: "standalone" };
  const about = { name: "scalper", short_name: "scalper", description: "Trading desk" };
  return Buffer.from(JSON.stringify({ ...about, start_url: "/", scope: "/", ...look, icons }));
}

function staticNames(staticDir: string): string[] {
  try {
    return readdirSync(staticDir);
  } catch (error) {
    throw new Error(
      `Cannot read the dashboard's style sheets: wanted the folder ${staticDir}. ` +
        "Reinstall the program or start it from its own folder.",
      { cause: error },
    );
  }
}

function gzipOf(asset: Asset): Uint8Array<ArrayBuffer> {
  asset.gzip ??= new Uint8Array(gzipSync(asset.plain, { level: 9 }));
  return asset.gzip;
}

function serve(c: Context, byUrl: ReadonlyMap<string, Asset>): Response {
  const asset = byUrl.get(c.req.path);
  if (asset === undefined) return c.text("Not found", 404);
  const isGzip = encodingFor(c.req.header("accept-encoding"), asset.plain, ["gzip"]) === "gzip";
  const body = isGzip ? gzipOf(asset) : asset.plain;
  return c.body(body, 200, {
    "content-type": asset.type,
    "content-length": String(body.byteLength),
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
    ...(isGzip ? { "content-encoding": "gzip" } : {}),
  });
}
