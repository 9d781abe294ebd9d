/** Builds the model that pages and live regions are functions of. */
import type { Model } from "../../views/page-model.ts";
import type { WebDeps } from "./deps.ts";

export function modelOf(deps: WebDeps): Model {
  return {
    run: deps.run,
    view: deps.view(),
    health: deps.health(),
    nowMs: deps.nowMs(),
    stamp: deps.commands.stamp(),
  };
}
