/** Switches faults of the embedded exchange on and off, through the admin route of its own port. */
import { z } from "zod";
import { errorText } from "../kernel/wording.ts";
import { type LiveFault, SIM_FAULTS, type SimFaultName } from "../monitor/sim-faults.ts";
import type { FaultDesk } from "../web/deps.ts";
import type { EmbeddedReached } from "./scenario-desk.ts";

/** It is in this process; an answer that takes longer on a busy machine does not come. */
const ANSWER_MS_MAX = 5_000;

const LIST = z.object({
  faults: z.array(z.looseObject({ id: z.number(), kind: z.string(), struck: z.number() })),
});
const STATUS = z.object({
  seed: z.string(),
  framesPerSecond: z.number(),
  clients: z.number(),
  upMs: z.number(),
});
const REFUSAL = z.object({ error: z.string() });
const NONE = "There is no embedded exchange in this run.";

type Terms = Readonly<Record<string, string | number>>;

const BOOKS = { topic: "orderbook.50" };
const PUBLIC = { path: "/v5/public/linear" };
const PRIVATE = { path: "/v5/private" };
const ORDERS = { path: "/v5/order" };

/** What each is to the simulator. */
export const FAULT_TERMS: Readonly<Record<SimFaultName, Terms>> = {
  "lost-frames": {
    kind: "drop",
    probability: 0.01,
    ...BOOKS,
  },
  "late-frames": { kind: "delay", delayMs: 500, ...BOOKS },
  "twice-frames": {
    kind: "duplicate",
    probability: 0.05,
    ...BOOKS,
  },
  "mixed-frames": {
    kind: "reorder",
    probability: 0.05,
    ...BOOKS,
  },
  "cut-frames": {
    kind: "truncate",
    probability: 0.01,
    ...BOOKS,
  },
  "skipped-deltas": {
    kind: "skip_delta",
    probability: 0.01,
    ...BOOKS,
  },
  "rest-errors": {
    kind: "http_error",
    status: 503,
    probability: 0.5,
  },
  "order-refusals": {
    kind: "ret_code",
    code: 10_006,
    ...ORDERS,
  },
  "slow-acks": {
    kind: "slow_ack",
    delayMs: 2_000,
    ...ORDERS,
  },
  "lost-answers": {
    kind: "timeout_after_accept",
    probability: 0.2,
    ...ORDERS,
  },
  maintenance: { kind: "maintenance" },
  "no-connect": { kind: "refuse_connect" },
  clock: { kind: "clock_skew", skewMs: 10_000 },
  "cut-public": { kind: "disconnect", ...PUBLIC },
  "cut-private": { kind: "disconnect", ...PRIVATE },
  "silent-public": {
    kind: "half_open",
    ...PUBLIC,
  },
  "silent-private": {
    kind: "half_open",
    ...PRIVATE,
  },
  "partial-fills": { kind: "partial_fill" },
  "new-books": { kind: "book_restart", topic: "orderbook" },
  adl: { kind: "adl" },
};

/** `exchange` is null while there is no embedded exchange. */
export function faultDesk(exchange: () => EmbeddedReached | null): FaultDesk {
  async function ask(method: string, end: string, body?: unknown): Promise<Response | null> {
    const reached = exchange();
    if (reached === null) return null;
    const headers = { authorization: `Bearer ${reached.apiSecret}` };
    const init = { method, headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) };
    const sent = body === undefined ? init : { ...init, body: JSON.stringify(body) };
    return await fetch(`${reached.url}/sim/${end}`, sent);
  }

  async function change(asked: Promise<Response | null>): Promise<string | null> {
    try {
      const answer = await asked;
      if (answer === null) return NONE;
      if (answer.ok) return null;
      const refusal = REFUSAL.safeParse(await answer.json());
      return refusal.success ? refusal.data.error : `the exchange answered ${answer.status}`;
    } catch (error) {
      return `the embedded exchange does not answer: ${errorText(error)}`;
    }
  }

  return {
    async now() {
      try {
        const [list, status] = await Promise.all([ask("GET", "faults"), ask("GET", "status")]);
        if (list === null || status === null) return null;
        const faults = LIST.parse(await list.json()).faults.map(liveOf);
        return { faults, ...STATUS.parse(await status.json()) };
      } catch {
        return null;
      }
    },
    async add(name) {
      const known = SIM_FAULTS.find((fault) => fault.name === name);
      if (known === undefined) return `There is no fault called ${name}.`;
      return await change(ask("POST", "faults", FAULT_TERMS[known.name]));
    },
    remove: (id) => change(ask("DELETE", id === null ? "faults" : `faults/${id}`)),
  };
}

function liveOf({
  id,
  kind,
  struck,
  ...fields
}: z.infer<typeof LIST>["faults"][number]): LiveFault {
  const name = SIM_FAULTS.find((known) => isSame(FAULT_TERMS[known.name], { kind, ...fields }));
  const detail = Object.entries(fields)
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([field, value]) => `${field}=${value}`)
    .join(" ");
  return { id, kind, name: name?.name ?? null, struck, detail };
}

/** Whether a live fault is one that these terms made; it has the defaults of its kind beside. */
function isSame(terms: Terms, fault: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(terms).every(([field, value]) => fault[field] === value);
}
