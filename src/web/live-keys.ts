/**
 * The keys of the live streams: a page's address becomes the keys of its regions, and a key becomes
 * the swap message of its region. A key is a region and the parameters it depends on, as text, so
 * that two readers of the same thing share one rendering.
 */
import type { Tail } from "../../views/page.tsx";
import type { Model } from "../../views/page-model.ts";
import { PAGES, REGIONS } from "../../views/pages/list.ts";
import { partial, type Query, regionId } from "../../views/region.tsx";
import { must } from "../kernel/assert.ts";
import { BadParameter } from "../monitor/params.ts";
import type { WebDeps } from "./deps.ts";

interface LiveRequest {
  readonly keys: readonly string[];
  readonly tail: Tail | null;
}

/** What the stream of a page carries. Throws BadParameter. */
export function liveRequestOf(pageKey: string, query: Query): LiveRequest {
  const page = PAGES.find(({ key }) => key === pageKey);
  if (page !== undefined) return page.live(query);
  const wanted = `one of ${PAGES.map(({ key }) => key).join(", ")}`;
  const found = pageKey.slice(0, 40);
  throw new BadParameter("page", wanted, `Parameter "page" must be ${wanted}; found "${found}".`);
}

/** The swap message of a key, from the present model. */
export function renderKey(deps: WebDeps, model: Model, key: string): string {
  const [name = "", text = ""] = key.split("?");
  const region = must(REGIONS.get(name), "keys are made by regions of the pages");
  const query = Object.fromEntries(new URLSearchParams(text));
  return partial(regionId(name), region.contentOf({ sources: deps, model }, query));
}
