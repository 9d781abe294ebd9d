/** @jsxImportSource hono/jsx */
/**
 * A live region: one element of a page whose content one function makes. The page calls that
 * function when it is rendered and the live stream calls it on every tick, so the two cannot
 * differ. A region says which parameters it depends on; two readers with the same parameters share
 * one rendering, named by its key.
 */
import type { z } from "zod";
import { NO_PARAMS, readParams } from "../src/monitor/params.ts";
import { type Html, render } from "./html.tsx";
import type { Model, Sources } from "./page-model.ts";

/** Parameters as they stand in an address. */
export type Query = Readonly<Record<string, string>>;

/** What a region is rendered from when nobody has loaded its data yet. */
export interface Readings {
  readonly sources: Sources;
  readonly model: Model;
}

/** A region as lists of regions know it: without the type of its data. */
export interface LiveRegion {
  readonly name: string;
  /** Names the rendering for these parameters; other parameters of the page are left out. */
  keyOf(query: Query): string;
  /** The present content for a key's parameters, as text. Throws BadParameter. */
  contentOf(readings: Readings, query: Query): string;
  /** The whole element for the same parameters. */
  elementOf(readings: Readings, query: Query): Html;
}

/** A region as pages know it: they hand it the data it shows. */
interface Region<Data> extends LiveRegion {
  /** The element with its present content. */
  place(model: Model, data: Data): Html;
}

interface Element<Data> {
  readonly id: string;
  readonly data: Data;
  readonly model: Model;
  readonly children: Html;
}

interface RegionSpec<Shape extends z.ZodRawShape, Data> {
  readonly name: string;
  /** Which of a page's parameters it depends on. */
  readonly params: z.ZodObject<Shape>;
  /** What it shows beyond the model; called at every tick somebody looks, so it must be cheap. */
  readonly load: (sources: Sources, params: z.infer<z.ZodObject<Shape>>) => Data;
  readonly view: (model: Model, data: Data) => Html;
  /** The element that carries the content and the id; a plain box when absent. */
  readonly element?: (element: Element<Data>) => Html;
}

export function regionOf<Shape extends z.ZodRawShape, Data>(
  spec: RegionSpec<Shape, Data>,
): Region<Data> {
  const { name, params, load, view } = spec;
  const names = Object.keys(params.shape);
  const element = spec.element ?? plainBox;
  const read = (query: Query) => readParams(params, only(query, names));
  const place = (model: Model, data: Data): Html =>
    element({ id: regionId(name), data, model, children: view(model, data) });
  return {
    name,
    place,
    keyOf: (query) => `${name}?${addressText(read(query))}`,
    contentOf: ({ sources, model }, query) => render(view(model, load(sources, read(query)))),
    elementOf: ({ sources, model }, query) => place(model, load(sources, read(query))),
  };
}

/** A region that is a function of the model alone. */
export function region(
  name: string,
  view: (model: Model) => Html,
  className?: string,
): Region<void> {
  return regionOf<Record<never, never>, void>({
    name,
    params: NO_PARAMS,
    load: () => undefined,
    view,
    element: ({ id, children }) => (
      <div id={id} class={className}>
        {children}
      </div>
    ),
  });
}

function plainBox({ id, children }: { id: string; children: Html }): Html {
  return <div id={id}>{children}</div>;
}

export function regionId(name: string): string {
  return `live-${name}`;
}

/** One swap of a live message; morphing keeps focus, selection and scroll position. */
export function partial(targetId: string, html: string, swap = "innerMorph"): string {
  return `<hx-partial hx-target="#${targetId}" hx-swap="${swap}">${html}</hx-partial>`;
}

/** Parsed parameters as they stand behind a question mark; what is not given is left out. */
export function addressText(params: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

function only(query: Query, names: readonly string[]): Query {
  return Object.fromEntries(Object.entries(query).filter(([name]) => names.includes(name)));
}
