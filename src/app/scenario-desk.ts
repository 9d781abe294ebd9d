/**
 * Calls weather up on the embedded exchange, through the admin route of its own port. There is
 * nothing to call where prices come from a real venue or from an exchange that runs elsewhere.
 */
import { z } from "zod";
import { errorText } from "../kernel/wording.ts";
import type { ScenarioDesk } from "../web/deps.ts";

/** It is in this process; an answer that takes longer on a busy machine does not come. */
const ANSWER_MS_MAX = 5_000;

const STATE = z.object({
  regimes: z.array(
    z.object({
      kind: z.string(),
      symbols: z.array(z.string()),
      fromMs: z.number(),
      untilMs: z.number(),
      strength: z.number(),
    }),
  ),
  edge: z.object({ bps: z.number(), horizonS: z.number(), everyS: z.number() }).nullable(),
});
const REFUSAL = z.object({ error: z.string() });

/** Where the embedded exchange is, and the secret of its key pair: its admin routes ask for it. */
export interface EmbeddedReached {
  readonly url: string;
  readonly apiSecret: string;
}

/** `exchange` is null while there is no embedded exchange. */
export function scenarioDesk(exchange: () => EmbeddedReached | null): ScenarioDesk {
  async function ask(method: "GET" | "POST" | "DELETE", body?: unknown): Promise<Response | null> {
    const reached = exchange();
    if (reached === null) return null;
    const headers = { authorization: `Bearer ${reached.apiSecret}` };
    const init = { method, headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) };
    const sent = body === undefined ? init : { ...init, body: JSON.stringify(body) };
    return await fetch(`${reached.url}/sim/scenario`, sent);
  }

  async function change(method: "POST" | "DELETE", body?: unknown): Promise<string | null> {
    try {
      const answer = await ask(method, body);
      if (answer === null) return "There is no embedded exchange in this run.";
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
        const answer = await ask("GET");
        return answer === null ? null : STATE.parse(await answer.json());
      } catch {
        return null;
      }
    },
    call: (wish) => change("POST", { regimes: [wish] }),
    clear: () => change("DELETE"),
  };
}
