/** @jsxImportSource hono/jsx */
/**
 * The buttons that stop, on every page: halt or resume, cancel and halt, flatten, one symbol. Each
 * opens a dialog that says with numbers what will happen; the safest answer has the focus, so that
 * one press and Enter halt. The forms also work without scripts; with them (static/commands.js) a
 * command carries an id and its age, and what became of it stays on the screen until it is done.
 *
 * The buttons are never part of a live message: both halt and resume are always here, and the style
 * sheet shows the one that fits the trading state. The numbers in the dialogs are live.
 */
import type { Child } from "hono/jsx";
import { flattenCostOf } from "../../src/monitor/danger.ts";
import { fixed, grouped, signed } from "../format.ts";
import { Empty, type Html, SideMark } from "../html.tsx";
import { isOperator, type Model, type PageFrame } from "../page-model.ts";
import { region } from "../region.tsx";

interface Choice {
  readonly action: string;
  readonly label: string;
  readonly tone: "danger" | "danger-line" | "plain" | "primary";
}

interface Stop {
  readonly id: string;
  /** On the bar. */
  readonly label: string;
  readonly tone: Choice["tone"];
  readonly title: string;
  readonly about: Child;
  /** The first is the default. */
  readonly choices: readonly Choice[];
  /** What it would do now, in numbers. */
  readonly preview?: (model: Model) => Html;
  readonly shownWhen?: "halted" | "not-halted";
}

const HALT: Stop = {
  id: "halt",
  label: "Halt",
  tone: "danger",
  title: "Halt trading?",
  about: "No new entry is made from the next event on. Exits and stops go on.",
  choices: [{ action: "halt", label: "Halt trading", tone: "danger" }],
  shownWhen: "not-halted",
};

const RESUME: Stop = {
  id: "resume",
  label: "Resume",
  tone: "primary",
  title: "Resume trading?",
  about: "Strategies may open positions again at once. Symbols that are paused stay paused.",
  choices: [{ action: "resume", label: "Resume trading", tone: "primary" }],
  shownWhen: "halted",
};

export const cancelPreview = region("cancel-preview", CancelPreview);
export const flattenPreview = region("flatten-preview", FlattenPreview);
/** What is held or halted, symbol by symbol, in the dialog that is about one. */
export const symbolStops = region("symbol-stops", SymbolStops);

function CancelPreview({ view }: Model): Html {
  return (
    <p class="preview">
      Now: <strong>{count(view.openOrders.size, "live order")}</strong>.
    </p>
  );
}

function FlattenPreview({ view }: Model): Html {
  const { positions, valueUsdt, touchUsdt, feesUsdt } = flattenCostOf(view);
  return (
    <p class="preview">
      Cancels <strong>{count(view.openOrders.size, "live order")}</strong>, closes{" "}
      <strong>{count(positions, "position")}</strong> worth {fixed(valueUsdt, 0)} USDT: about{" "}
      {signed(touchUsdt, 2)} at the touch, taker fees {fixed(feesUsdt, 2)}.
    </p>
  );
}

function SymbolStops({ view }: Model): Html {
  const halts = new Map(view.symbolHalts.map((halt) => [halt.symbol, halt]));
  const open = [...view.positions.values()].filter(({ side }) => side !== "flat");
  const symbols = [...new Set([...halts.keys(), ...open.map(({ symbol }) => symbol)])].sort();
  if (symbols.length === 0) return <Empty>No position, and no symbol is paused.</Empty>;
  return (
    <div class="stops-list">
      {symbols.map((symbol) => {
        const position = open.find((row) => row.symbol === symbol);
        const halt = halts.get(symbol);
        return (
          <p>
            <strong>{symbol}</strong>{" "}
            {position === undefined ? null : (
              <span>
                <SideMark side={position.side} /> {grouped(position.qtyText)},{" "}
                {fixed(Number(position.notionalText), 0)} USDT{" "}
              </span>
            )}
            {halt === undefined ? null : (
              <span class="halted-note">
                {HALT_WORDS[halt.kind]} by {halt.by}
              </span>
            )}
          </p>
        );
      })}
    </div>
  );
}

const HALT_WORDS = {
  halted: "no entries, stopped",
  closing: "being closed",
  closed: "closed, no entries, stopped",
} as const;

function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? "" : "s"}`;
}

const CLEAR: Stop = {
  id: "clear",
  label: "Cancel + halt",
  tone: "danger-line",
  title: "Cancel every order?",
  about: (
    <>
      Every live order is cancelled, exits too; stops at the venue stay. Alone, a cancel undoes
      itself: <strong>trading goes on and entries return 5 s later.</strong>
    </>
  ),
  choices: [
    { action: "cancel_halt", label: "Cancel and halt", tone: "danger" },
    { action: "cancel_all", label: "Cancel all orders, trading goes on", tone: "plain" },
  ],
  preview: (model) => cancelPreview.place(model),
};

const FLATTEN: Stop = {
  id: "flatten",
  label: "Flatten",
  tone: "danger-line",
  title: "Close every position?",
  about:
    "Every order is cancelled and every position is closed at the market, reduce-only, until the " +
    "venue says flat; trading stays halted. Prices may be worse than those on the screen.",
  choices: [{ action: "flatten", label: "Flatten", tone: "danger" }],
  preview: (model) => flattenPreview.place(model),
};

/** The bar itself. Who may only look sees the buttons, and why they do nothing. */
export function StopBar({ frame }: { frame: PageFrame }): Html {
  const may = isOperator(frame.viewer);
  const why = may ? undefined : "Viewers can look but not act";
  const button = ({
    id,
    label,
    name,
    tone,
    shownWhen,
  }: Pick<Stop, "id" | "label" | "tone" | "shownWhen"> & { name?: string }) => (
    <button
      id={`stop-${id}`}
      type="button"
      class={`button small ${tone}${shownWhen === undefined ? "" : ` when-${shownWhen}`}`}
      disabled={!may}
      title={why ?? name}
      aria-label={name}
      {...(may ? { command: "show-modal", commandfor: `dialog-${id}` } : {})}
    >
      {label}
    </button>
  );
  return (
    <div class="stops">
      {[HALT, RESUME, CLEAR, FLATTEN].map(button)}
      {button({ id: "symbol", label: "⋯", name: "Stop one symbol", tone: "plain" })}
      <span class="not-connected">not connected</span>
    </div>
  );
}

/** The dialogs of the bar, and where the fate of commands is shown; for those who may act. */
export function StopDialogs({ frame, model }: { frame: PageFrame; model: Model }): Html | null {
  if (!isOperator(frame.viewer)) return null;
  const { csrfToken } = frame;
  return (
    <>
      {[HALT, RESUME, CLEAR, FLATTEN].map((stop) => (
        <StopDialog stop={stop} csrfToken={csrfToken} model={model} />
      ))}
      <SymbolDialog csrfToken={csrfToken} model={model} />
    </>
  );
}

/** Empty until something is commanded; nothing of it goes away by itself while it failed. */
export function CommandTray({ frame, model }: { frame: PageFrame; model: Model }): Html | null {
  if (!isOperator(frame.viewer)) return null;
  return (
    <section
      id="commands"
      class="commands"
      aria-label="Your commands"
      aria-live="assertive"
      data-data-dir={model.run.dataDir}
    />
  );
}

function Fields({ csrfToken }: { csrfToken: string }) {
  return (
    <>
      <input type="hidden" name="csrf" value={csrfToken} />
      <label>
        Reason <small>(kept in the audit trail)</small>
        <input name="reason" maxlength={200} autocomplete="off" placeholder="optional" />
      </label>
    </>
  );
}

interface DialogProps {
  readonly stop: Stop;
  readonly csrfToken: string;
  readonly model: Model;
}

function StopDialog({ stop, csrfToken, model }: DialogProps) {
  const id = `dialog-${stop.id}`;
  return (
    <dialog id={id} aria-labelledby={`${id}-title`}>
      <form method="post" action="/commands" data-command>
        <h2 id={`${id}-title`}>{stop.title}</h2>
        <p>{stop.about}</p>
        {stop.preview?.(model)}
        <Fields csrfToken={csrfToken} />
        <Choices id={id} choices={stop.choices} />
      </form>
    </dialog>
  );
}

function Choices({ id, choices }: { id: string; choices: readonly Choice[] }) {
  return (
    <div class="dialog-buttons">
      {choices.map(({ action, label, tone }, at) => (
        <button
          type="submit"
          name="action"
          value={action}
          class={`button ${tone}`}
          autofocus={at === 0}
        >
          {label}
        </button>
      ))}
      <button type="button" class="button" {...{ command: "close", commandfor: id }}>
        Keep things as they are
      </button>
    </div>
  );
}

const OF_SYMBOL: readonly Choice[] = [
  { action: "pause_symbol", label: "Pause", tone: "danger-line" },
  { action: "close_symbol", label: "Close", tone: "danger" },
  { action: "resume_symbol", label: "Resume", tone: "primary" },
  { action: "pin_symbol", label: "Pin", tone: "plain" },
  { action: "unpin_symbol", label: "Unpin", tone: "plain" },
  { action: "block_symbol", label: "Block", tone: "danger-line" },
  { action: "unblock_symbol", label: "Unblock", tone: "plain" },
];

function SymbolDialog({ csrfToken, model }: { csrfToken: string; model: Model }) {
  const id = "dialog-symbol";
  return (
    <dialog id={id} aria-labelledby={`${id}-title`}>
      <form method="post" action="/commands" data-command>
        <h2 id={`${id}-title`}>Stop one symbol</h2>
        <p>
          <strong>Pause</strong>: no entries there, exits go on. <strong>Close</strong>: its orders
          are cancelled and its position is closed at the market until the venue says flat. Both
          last, over restarts too, until <strong>Resume</strong>. <strong>Pin</strong>: quoted
          whatever it scores. <strong>Block</strong>: not quoted whatever it scores, exits go on.
        </p>
        {symbolStops.place(model)}
        <label>
          Symbol
          <input
            name="symbol"
            required
            maxlength={40}
            pattern="[0-9A-Z_\-]+"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            placeholder="BTCUSDT"
          />
        </label>
        <Fields csrfToken={csrfToken} />
        <Choices id={id} choices={OF_SYMBOL} />
      </form>
    </dialog>
  );
}

/**
 * Opens the dialog of one symbol with its name filled in; a link, so that live messages carry no
 * button, and that it leads to the symbol's page where scripts do not run.
 */
export function SymbolStopLink({ symbol }: { symbol: string }): Html {
  return (
    <a
      class="button tiny"
      href={`/symbols/${encodeURIComponent(symbol)}`}
      data-symbol={symbol}
      aria-label={`Close or pause ${symbol}`}
    >
      Stop…
    </a>
  );
}
