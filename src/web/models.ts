/** Builds the model that pages and live regions are functions of. */
import type { ActionRow, EquityPoint, Model } from "../../views/page-model.ts";
import type { WebDeps } from "./deps.ts";

/** What this process remembers for the pages beyond the read model. */
export interface PageMemory {
  readonly equity: () => readonly EquityPoint[];
  readonly actions: () => readonly ActionRow[];
}

export function modelOf(deps: WebDeps, memory: PageMemory): Model {
  return {
    run: deps.run,
    view: deps.view(),
    health: deps.health(),
    nowMs: deps.nowMs(),
    equity: memory.equity(),
    actions: memory.actions(),
  };
}
