/**
 * Routes that a real venue does not have: faults, scenarios and status. Loopback only, no secrets
 * in replies.
 */
import { ZodError } from "zod";
import type { SimVenue } from "../world/world.ts";
import type { Faults } from "./faults.ts";
import { changeGrid } from "./rest/grid.ts";
import { callScenario, describeScenario } from "./rest/scenario.ts";
import { transferCash } from "./rest/transfer.ts";
import type { HttpReply } from "./wire/reply.ts";

interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

interface AdminDesk {
  readonly faults: Faults;
  readonly venue: SimVenue;
  status(): unknown;
}

/**
 * `GET /sim/status`; `POST /sim/grid` and `/sim/transfer`; `GET`, `POST`, `DELETE` of `/sim/faults`
 * and `/sim/scenario`, and `DELETE /sim/faults/{id}`.
 */
export function handleAdmin(request: AdminRequest, desk: AdminDesk): HttpReply {
  const { method, path } = request;
  if (path === "/sim/status" && method === "GET") return reply(200, desk.status());
  if (path === "/sim/scenario") return handleScenario(request, desk.venue);
  if (path === "/sim/grid") return handleGrid(request, desk.venue);
  if (path === "/sim/transfer") return handleTransfer(request, desk.venue);
  if (!path.startsWith("/sim/faults")) return reply(404, { error: `no admin route ${path}` });
  const { faults } = desk;
  if (method === "GET") return reply(200, { faults: faults.all() });
  if (method === "DELETE") {
    const id = path.slice("/sim/faults/".length);
    faults.remove(id === "" ? null : Number(id));
    return reply(200, { faults: faults.all() });
  }
  if (method !== "POST") return reply(405, { error: `${method} is not offered here` });
  return addFaults(request.body, faults);
}

function handleScenario({ method, body }: AdminRequest, venue: SimVenue): HttpReply {
  if (method === "GET") return reply(200, describeScenario(venue));
  if (method === "DELETE") {
    venue.market.scenario.clear();
    return reply(200, describeScenario(venue));
  }
  if (method !== "POST") return reply(405, { error: `${method} is not offered here` });
  try {
    callScenario(venue, JSON.parse(body));
    return reply(201, describeScenario(venue));
  } catch (error) {
    return reply(400, { error: `cannot call a scenario: ${textOf(error)}` });
  }
}

function handleGrid({ method, body }: AdminRequest, venue: SimVenue): HttpReply {
  if (method !== "POST") return reply(405, { error: `${method} is not offered here` });
  try {
    changeGrid(venue, JSON.parse(body));
    return reply(201, {});
  } catch (error) {
    return reply(400, { error: `cannot change a grid: ${textOf(error)}` });
  }
}

function handleTransfer({ method, body }: AdminRequest, venue: SimVenue): HttpReply {
  if (method !== "POST") return reply(405, { error: `${method} is not offered here` });
  try {
    transferCash(venue, JSON.parse(body));
    return reply(201, {});
  } catch (error) {
    return reply(400, { error: `cannot move cash: ${textOf(error)}` });
  }
}

function addFaults(body: string, faults: Faults): HttpReply {
  try {
    const input: unknown = JSON.parse(body);
    const added = faults.addAll(Array.isArray(input) ? input : [input]);
    return reply(201, { faults: added });
  } catch (error) {
    return reply(400, { error: `cannot add a fault: ${textOf(error)}` });
  }
}

function textOf(error: unknown): string {
  return error instanceof ZodError ? error.issues.map(issueText).join("; ") : String(error);
}

function issueText(issue: {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}): string {
  return `${issue.path.join(".") || "input"}: ${issue.message}`;
}

function reply(status: number, value: unknown): HttpReply {
  return {
    status,
    body: JSON.stringify(value),
    headers: { "Content-Type": "application/json; charset=utf-8" },
  };
}
