/**
 * Routes that a real venue does not have: faults and status. Loopback only, no secrets in replies.
 */
import { ZodError } from "zod";
import type { Faults } from "./faults.ts";
import type { HttpReply } from "./wire/reply.ts";

interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** `GET /sim/status`; `GET`, `POST`, `DELETE /sim/faults` and `DELETE /sim/faults/{id}`. */
export function handleAdmin(
  request: AdminRequest,
  faults: Faults,
  status: () => unknown,
): HttpReply {
  const { method, path } = request;
  if (path === "/sim/status" && method === "GET") return reply(200, status());
  if (!path.startsWith("/sim/faults")) return reply(404, { error: `no admin route ${path}` });
  if (method === "GET") return reply(200, { faults: faults.all() });
  if (method === "DELETE") {
    const id = path.slice("/sim/faults/".length);
    faults.remove(id === "" ? null : Number(id));
    return reply(200, { faults: faults.all() });
  }
  if (method !== "POST") return reply(405, { error: `${method} is not offered here` });
  return addFaults(request.body, faults);
}

function addFaults(body: string, faults: Faults): HttpReply {
  try {
    const input: unknown = JSON.parse(body);
    const added = (Array.isArray(input) ? input : [input]).map((fault) => faults.add(fault));
    return reply(201, { faults: added });
  } catch (error) {
    const text = error instanceof ZodError ? error.issues.map(issueText).join("; ") : String(error);
    return reply(400, { error: `cannot add a fault: ${text}` });
  }
}

function issueText(issue: {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}): string {
  return `${issue.path.join(".") || "fault"}: ${issue.message}`;
}

function reply(status: number, value: unknown): HttpReply {
  return {
    status,
    body: JSON.stringify(value),
    headers: { "Content-Type": "application/json; charset=utf-8" },
  };
}
