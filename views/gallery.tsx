/** @jsxImportSource hono/jsx */
/**
 * Every region that any page has, in one state of the world after another: what no running product
 * shows on demand. The states are handed in as literals, so that looking at them needs no engine;
 * the product itself has none and therefore no such page.
 */
import { Card, type Html, render } from "./html.tsx";
import { Document } from "./layout.tsx";
import type { AssetUrls, Theme } from "./page-model.ts";
import { PAGES, REGIONS } from "./pages/list.ts";
import type { Query, Readings } from "./region.tsx";

export interface GalleryState extends Readings {
  readonly name: string;
  /** What is special about it, in a sentence. */
  readonly about: string;
  /** Parameters for the regions that need some. */
  readonly query: Query;
}

interface GalleryProps {
  readonly assets: AssetUrls;
  readonly theme: Theme;
  readonly states: readonly GalleryState[];
  readonly state: GalleryState;
}

export const GALLERY_PATH = "/dev/views";

/** All regions in one state. Parts that ask for themselves come when their reading does. */
export function galleryOf(props: GalleryProps): Promise<string> {
  const { state } = props;
  const polled = PAGES.flatMap((page) => page.polled);
  return Promise.all(polled.map((part) => part.open(state.sources))).then((contents) => {
    const live = [...REGIONS.values()].map((region) => ({
      name: region.name,
      content: region.elementOf(state, state.query),
    }));
    const parts = polled.map((part, at) => ({ name: part.name, content: contents[at] ?? "" }));
    return render(<Gallery {...props} shown={[...live, ...parts]} />);
  });
}

interface Shown {
  readonly name: string;
  readonly content: Html | string;
}

function Gallery(props: GalleryProps & { readonly shown: readonly Shown[] }): Html {
  const { assets, theme, states, state, shown } = props;
  const { run } = state.model;
  return (
    <Document title={`Views, ${state.name} · scalper`} theme={theme} assets={assets} hasCharts>
      <body class={`mode-${run.mode.toLowerCase()}`}>
        <header class="top">
          <nav class="nav" aria-label="States">
            {states.map(({ name }) => (
              <a
                href={`${GALLERY_PATH}/${name}`}
                aria-current={name === state.name ? "page" : undefined}
              >
                {name}
              </a>
            ))}
          </nav>
        </header>
        <main id="main">
          <h1>Every region, {state.name}</h1>
          <p class="hint">{state.about}</p>
          <div class="gallery">
            {shown.map(({ name, content }) => (
              <Card title={name} id={`view-${name}`}>
                {content}
              </Card>
            ))}
          </div>
        </main>
      </body>
    </Document>
  );
}
