/**
 * The pictures in README: pages of the fixture in a real browser, 1440 px wide, dark. Flat colours
 * lose nothing that is seen when a picture keeps its 256 most frequent ones, and take a third.
 * Writes docs/*.png; fails where one is larger than what a reader should load.
 */
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { startFixture } from "./fixture-product.ts";
import { openPage } from "./pages.ts";

const PICTURES = [
  { name: "desk", path: "/" },
  { name: "symbol", path: "/symbols/BTCUSDT" },
  { name: "blotter", path: "/blotter" },
  { name: "pnl", path: "/pnl" },
] as const;
const BYTES_MAX = 120_000;
/** Charts are drawn and values have come once by then. */
const SETTLED_MS = 2_500;
const COLOURS = 256;
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each, row by row. */
  readonly rgba: Uint8Array;
}

/** The browser unpacks its own picture. */
async function pixelsOf(blank: Page, png: Buffer): Promise<Pixels> {
  const found = await blank.evaluate(async (base64) => {
    const picture = await fetch(`data:image/png;base64,${base64}`);
    const bitmap = await createImageBitmap(await picture.blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("no canvas to unpack the picture on");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const blob = new Blob([data]);
    const text = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.readAsDataURL(blob);
    });
    return { width: bitmap.width, height: bitmap.height, text: text.split(",")[1] ?? "" };
  }, png.toString("base64"));
  const { width, height, text } = found;
  return { width, height, rgba: Buffer.from(text, "base64") };
}

const colourAt = (rgba: Uint8Array, at: number): number =>
  ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);

function distance(one: number, other: number): number {
  const part = (shift: number): number => ((one >> shift) & 255) - ((other >> shift) & 255);
  return part(16) ** 2 + part(8) ** 2 + part(0) ** 2;
}

/** The most frequent colours, and for every colour there is the place of the nearest of them. */
function paletteOf({ rgba }: Pixels) {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = colourAt(rgba, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const all = [...counts].sort(([, left], [, right]) => right - left).map(([colour]) => colour);
  const palette = all.slice(0, COLOURS);
  const placeOf = new Map<number, number>();
  for (const colour of all) {
    let best = 0;
    for (let place = 1; place < palette.length; place++) {
      const isNearer = distance(colour, palette[place] ?? 0) < distance(colour, palette[best] ?? 0);
      if (isNearer) best = place;
    }
    placeOf.set(colour, best);
  }
  return { palette, placeOf };
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(Bun.hash.crc32(body), body.length + 4);
  return framed;
}

/** An indexed PNG, a byte a pixel, rows unfiltered: what deflate likes best in flat colours. */
function indexedPng(pixels: Pixels): Buffer {
  const { width, height, rgba } = pixels;
  const { palette, placeOf } = paletteOf(pixels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = placeOf.get(colourAt(rgba, 4 * (y * width + x)));
      rows[y * (width + 1) + 1 + x] = place ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(colours)),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

const browser = await launchBrowser();
if (browser === null) throw new Error("pictures need a Chromium: set CHROMIUM_PATH to one");
const fixture = await startFixture();
try {
  const blank = await browser.newPage();
  for (const { name, path } of PICTURES) {
    const { page, context } = await openPage(browser, { dashboard: fixture.dashboard, path });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForTimeout(SETTLED_MS);
    const picture = indexedPng(await pixelsOf(blank, await page.screenshot()));
    const file = join(import.meta.dir, "../../docs", `${name}.png`);
    await Bun.write(file, picture);
    console.log(`${file}: ${picture.length} bytes`);
    if (picture.length > BYTES_MAX) throw new Error(`${name}: wanted at most ${BYTES_MAX} bytes`);
    await context.close();
  }
} finally {
  await fixture.stop();
  await browser.close();
}
