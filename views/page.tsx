/** @jsxImportSource hono/jsx */
/**
 * A page as one value: where it is, what it is called, which parameters it takes, which regions it
 * keeps alive, what it reads, and how it looks. Routes, navigation, the live stream's addresses and
 * the tests' lists of pages all follow from these values (pages/list.ts).
 *
 * A page never waits by itself: what it reads beyond the model it asks of `Sources`, and where the
 * answer comes later, so does the page.
 */
import type { z } from "zod";
import type { LineFilter } from "../src/monitor/log-params.ts";
import { readParams } from "../src/monitor/params.ts";
import type { ModeLabel } from "../src/monitor/view.ts";
import { restart } from "./fragments/restart.tsx";
import { banner, status } from "./fragments/status.tsx";
import { cancelPreview, flattenPreview, symbolStops } from "./fragments/stop-bar.tsx";
import { tab } from "./fragments/tab.tsx";
import type { Html } from "./html.tsx";
import { Layout, Stream } from "./layout.tsx";
import type { Model, PageFrame, Sources } from "./page-model.ts";
import { addressText, type LiveRegion, type Query } from "./region.tsx";

export interface PageProps<Params, Data> {
  readonly frame: PageFrame;
  readonly model: Model;
  readonly params: Params;
  readonly data: Data;
}

/** A log file that the page's stream follows. */
export interface Tail {
  readonly file: string;
  /** Which lines are wanted; null for all. */
  readonly filter: LineFilter | null;
}

interface PageSpec<Shape extends z.ZodRawShape, Data> {
  /** Names the page in the address of its stream and in tests. */
  readonly key: string;
  /** A route pattern; its `:names` are parameters too. */
  readonly path: string;
  readonly alias?: string;
  readonly title: string | ((params: z.infer<z.ZodObject<Shape>>) => string);
  /** Its word in the navigation; null for a page that others lead to. */
  readonly nav: string | null;
  /** The kind of run whose navigation has it; in every one when absent. */
  readonly onlyIn?: ModeLabel;
  /** Every parameter of path and query; another one is refused. */
  readonly params: z.ZodObject<Shape>;
  /** Parameters with which there is something to see, where the path needs some. */
  readonly example?: Query;
  /** What the stream keeps alive besides the header's state and the banners. */
  readonly regions: readonly LiveRegion[];
  /** The file its stream follows. */
  readonly tail?: (params: z.infer<z.ZodObject<Shape>>) => Tail | null;
  /** The scripts of charts are loaded with it. */
  readonly hasCharts?: true;
  /** Parts that are asked for again and again: what they show is too slow for the stream. */
  readonly polled?: readonly Polled[];
  /** What the parameters mean today: an old bookmark's page is the last one there is. */
  readonly settle?: (
    params: z.infer<z.ZodObject<Shape>>,
    model: Model,
  ) => z.infer<z.ZodObject<Shape>>;
  /** What the page shows beyond the model. Throws {@link NotThere}. */
  readonly load: (
    sources: Sources,
    params: z.infer<z.ZodObject<Shape>>,
    model: Model,
    frame: PageFrame,
  ) => Data | Promise<Data>;
  /** A form above the view; a change of it replaces the view only, stream included. */
  readonly filter?: {
    readonly delayMs: number;
    readonly fields: (props: PageProps<z.infer<z.ZodObject<Shape>>, Data>) => Html;
  };
  readonly view: (props: PageProps<z.infer<z.ZodObject<Shape>>, Data>) => Html;
}

interface PageRequest {
  readonly sources: Sources;
  readonly model: Model;
  readonly frame: PageFrame;
  readonly query: Query;
  /** True when the page's own form asks: only the view is wanted. */
  readonly isPart: boolean;
}

/** A page as the routes know it. */
export interface Page {
  readonly key: string;
  readonly paths: readonly string[];
  readonly nav: string | null;
  readonly onlyIn: ModeLabel | null;
  readonly example: Query;
  readonly regions: readonly LiveRegion[];
  readonly polled: readonly Polled[];
  /** True when a form of the page replaces a part of it. */
  readonly hasPart: boolean;
  /** Throws BadParameter and {@link NotThere}. */
  open(request: PageRequest): Html | Promise<Html>;
  /** What the stream of a page with these parameters carries. Throws BadParameter. */
  live(query: Query): { readonly keys: readonly string[]; readonly tail: Tail | null };
}

/** What the address names does not exist: answered with 404. */
export class NotThere extends Error {
  override readonly name = "NotThere";
  readonly title: string;

  constructor(title: string, message: string) {
    super(message);
    this.title = title;
  }
}

/** For pages that show nothing beyond the model. */
export const nothing = (): null => null;

/** What the stream of every page carries: the header, what nobody may overlook, what stops. */
const EVERYWHERE = [status, tab, banner, restart, cancelPreview, flattenPreview, symbolStops];

export function definePage<Shape extends z.ZodRawShape, Data>(spec: PageSpec<Shape, Data>): Page {
  const { key, params: schema } = spec;
  const regions = [...EVERYWHERE, ...spec.regions];
  return {
    key,
    paths: spec.alias === undefined ? [spec.path] : [spec.path, spec.alias],
    nav: spec.nav,
    onlyIn: spec.onlyIn ?? null,
    example: spec.example ?? {},
    regions,
    polled: spec.polled ?? [],
    hasPart: spec.filter !== undefined,
    open({ sources, model, frame, query, isPart }) {
      const asked = readParams(schema, query);
      const params = spec.settle?.(asked, model) ?? asked;
      const show = (data: Data): Html => {
        const props = { frame, model, params, data };
        return isPart ? partOf(spec, props) : wholeOf(spec, props);
      };
      const data = spec.load(sources, params, model, frame);
      return data instanceof Promise ? data.then(show) : show(data);
    },
    live(query) {
      const params = readParams(schema, query);
      const text = Object.fromEntries(new URLSearchParams(addressText(params)));
      const keys = regions.map((region) => region.keyOf(text));
      return { keys, tail: spec.tail?.(params) ?? null };
    },
  };
}

function wholeOf<Shape extends z.ZodRawShape, Data>(
  spec: PageSpec<Shape, Data>,
  props: PageProps<z.infer<z.ZodObject<Shape>>, Data>,
): Html {
  const { frame, model, params } = props;
  const title = typeof spec.title === "string" ? spec.title : spec.title(params);
  const { filter, key, path } = spec;
  return (
    <Layout title={title} frame={frame} model={model} hasCharts={spec.hasCharts === true}>
      {filter === undefined ? null : (
        <FilterForm action={path} target={`#${key}-view`} delayMs={filter.delayMs}>
          {filter.fields(props)}
        </FilterForm>
      )}
      {filter === undefined ? (
        partOf(spec, props)
      ) : (
        <div id={`${key}-view`}>{partOf(spec, props)}</div>
      )}
    </Layout>
  );
}

/** The view and the stream that keeps it alive: a change of the form opens another stream. */
function partOf<Shape extends z.ZodRawShape, Data>(
  spec: PageSpec<Shape, Data>,
  props: PageProps<z.infer<z.ZodObject<Shape>>, Data>,
): Html {
  return (
    <>
      {spec.view(props)}
      <Stream url={liveUrl(spec.key, props.params)} />
    </>
  );
}

/** Address of a page's stream with the page's own parameters. */
function liveUrl(key: string, params: Readonly<Record<string, unknown>>): string {
  const text = addressText(params);
  return `/live/${key}${text === "" ? "" : `?${text}`}`;
}

interface FilterProps {
  readonly action: string;
  readonly target: string;
  readonly delayMs: number;
  readonly children: Html;
}

function FilterForm({ action, target, delayMs, children }: FilterProps): Html {
  return (
    <form
      class="toolbar"
      action={action}
      method="get"
      hx-get={action}
      hx-trigger={`submit, change, input delay:${delayMs}ms`}
      hx-target={target}
      hx-replace-url="true"
    >
      {children}
      <noscript>
        <button type="submit" class="button">
          Show
        </button>
      </noscript>
    </form>
  );
}

/** A part of a page that asks for itself. */
interface Polled {
  readonly name: string;
  /** The content as the server has it now. */
  open(sources: Sources): Promise<Html>;
}

interface PolledSpec<Data> {
  readonly name: string;
  readonly everySec: number;
  readonly load: (sources: Sources) => Promise<Data>;
  readonly view: (data: Data) => Html;
}

export function definePolled<Data>(spec: PolledSpec<Data>): Polled & { place(data: Data): Html } {
  const { name, everySec, load, view } = spec;
  return {
    name,
    open: (sources) => load(sources).then(view),
    place: (data) => (
      <div hx-get={`/fragments/${name}`} hx-trigger={`every ${everySec}s`} hx-swap="innerMorph">
        {view(data)}
      </div>
    ),
  };
}
