/** @jsxImportSource hono/jsx */
/**
 * The red buttons. Each opens a dialog that says what will happen and asks for a reason; the form
 * also works without scripts. This panel is never part of a live message: both the halt and the
 * resume button are always here, and the style sheet shows the one that fits the trading state.
 */
import { type Html, Time } from "../html.tsx";
import type { Model, PageFrame } from "../page-model.ts";
import { region } from "../region.tsx";

interface Action {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  readonly method: "put" | "post" | "delete";
  readonly title: string;
  readonly consequence: string;
  readonly tone: "danger" | "danger-line" | "plain" | "primary";
  readonly shownWhen?: "halted" | "not-halted";
}

const ACTIONS: readonly Action[] = [
  {
    id: "halt",
    label: "Halt trading",
    path: "/trading/halt",
    method: "put",
    title: "Halt trading?",
    consequence: "No new entry is made from the next event on. Exits and stops stay.",
    tone: "danger",
    shownWhen: "not-halted",
  },
  {
    id: "resume",
    label: "Resume trading",
    path: "/trading/halt",
    method: "delete",
    title: "Resume trading?",
    consequence: "Strategies may open positions again at once.",
    tone: "primary",
    shownWhen: "halted",
  },
  {
    id: "cancel-all",
    label: "Cancel all orders",
    path: "/orders/cancel-all",
    method: "post",
    title: "Cancel all live orders?",
    consequence: "Every live order is cancelled. Exchange-held stops of positions stay.",
    tone: "plain",
  },
  {
    id: "flatten",
    label: "Flatten",
    path: "/positions/flatten",
    method: "post",
    title: "Close every position?",
    consequence:
      "Every order is cancelled and every position is closed at the market with reduce-only " +
      "orders. Prices may be worse than those on the screen.",
    tone: "danger-line",
  },
];

export function OperatorPanel({ frame }: { frame: PageFrame }): Html {
  return (
    <div class="operator">
      {ACTIONS.map((action) => (
        <div class={action.shownWhen === undefined ? "op" : `op when-${action.shownWhen}`}>
          <button
            type="button"
            class={`button ${action.tone}`}
            {...{ command: "show-modal", commandfor: `dialog-${action.id}` }}
          >
            {action.label}
          </button>
          <ActionDialog action={action} csrfToken={frame.csrfToken} />
        </div>
      ))}
    </div>
  );
}

function ActionDialog({ action, csrfToken }: { action: Action; csrfToken: string }) {
  const id = `dialog-${action.id}`;
  return (
    <dialog id={id} aria-labelledby={`${id}-title`}>
      <form method="post" action={action.path}>
        <h2 id={`${id}-title`}>{action.title}</h2>
        <p>{action.consequence}</p>
        <input type="hidden" name="csrf" value={csrfToken} />
        <input type="hidden" name="_method" value={action.method} />
        <label>
          Reason <small>(kept in the audit trail)</small>
          <input name="reason" maxlength={200} autocomplete="off" placeholder="optional" />
        </label>
        <div class="dialog-buttons">
          <button type="button" class="button" {...{ command: "close", commandfor: id }}>
            Keep things as they are
          </button>
          <button
            type="submit"
            class={`button ${action.tone}`}
            {...{
              [`hx-${action.method}`]: action.path,
              // A DELETE carries its fields in the address: the reason may go there, the token not.
              ...(action.method === "delete" ? { "hx-include": `#${id} [name=reason]` } : {}),
              "hx-target": "#notice",
              "hx-swap": "innerHTML",
              "hx-disable": "this",
            }}
          >
            {action.label}
          </button>
        </div>
      </form>
    </dialog>
  );
}

export const actions = region("actions", Actions);

/** What fits the overview; the API has all of them. */
const ROWS_MAX = 10;

/** Who did what to trading and what came of it: people, and the program's own rules. */
function Actions({ view }: Model): Html {
  const rows = view.interventions.slice(0, ROWS_MAX);
  if (rows.length === 0) return <p class="empty">Nobody has intervened yet.</p>;
  return (
    <ul class="feed">
      {rows.map((row) => (
        <li>
          <Time atMs={row.atMs} />
          <span>
            <strong>{row.by}</strong>: {row.action.replace("_", " ")}
            {row.isAutomatic ? " (automatic)" : ""}
          </span>
          <span class="feed-detail">
            {row.outcome === "" ? row.reason : `${row.reason} · ${row.outcome}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
