/** @jsxImportSource hono/jsx */
/**
 * What the keyboard can do, the search over everything, and the switches of how this browser shows
 * things: at the foot of every page, since every key has a button. static/keys.js presses them.
 */
import type { Html } from "../html.tsx";
import type { NavItem } from "../page-model.ts";

/** The letter after `g` by a page's path. */
const GO_KEYS: Readonly<Record<string, string>> = {
  "/": "d",
  "/symbols": "s",
  "/blotter": "b",
  "/pnl": "p",
  "/risk": "r",
  "/logs": "l",
  "/health": "h",
  "/settings": ",",
  "/simulator": "m",
};

export function goKeyOf(path: string): string | undefined {
  return GO_KEYS[path];
}

const KEYS: readonly (readonly [string, string])[] = [
  ["Ctrl K, ⌘K", "search pages, symbols, actions, settings"],
  ["?", "this map"],
  ["/", "search or filter of the page"],
  ["Esc", "close, clear, leave"],
  ["j, k, ↓, ↑", "next and previous row"],
  ["Enter", "open the row"],
  ["x", "close the row's position (asks first)"],
  ["p, b, *", "pause, block, pin the row's symbol"],
  ["c", "copy the row's link"],
  ["Space", "hold or follow a tape or a log"],
  ["1 … 5", "interval of the chart"],
  ["[, ]", "older, newer page"],
  ["t, z", "theme, time zone"],
  ["Shift H, Shift H", "halt"],
  ["Shift F, then flat", "flatten"],
];

interface DeskKeysProps {
  readonly nav: readonly NavItem[];
}

/** Buttons for what belongs to no page. They need scripts, and are not there without. */
export function DeskTools(): Html {
  return (
    <span class="desk-tools" data-needs-script hidden>
      <button type="button" class="button ghost small" data-palette data-label="Search">
        Search <kbd>⌘K</kbd>
      </button>
      <Switch what="theme" label="Theme" keyName="t" />
      <Switch what="zone" label="Local time" keyName="z" />
      <Switch what="density" label="Roomy rows" />
      <Switch what="palette" label="Blue and orange" />
      <Switch what="keys" label="Keys off" />
      <button
        type="button"
        class="button ghost small"
        data-map
        data-key="?"
        data-label="Keyboard map"
        {...{ command: "show-modal", commandfor: "dialog-keys" }}
      >
        Keys <kbd>?</kbd>
      </button>
    </span>
  );
}

function Switch(props: { what: string; label: string; keyName?: string }) {
  const { what, label, keyName } = props;
  return (
    <button
      type="button"
      class="button ghost small"
      data-display={what}
      data-key={keyName}
      data-label={label}
    >
      {label}
      {keyName === undefined ? null : <kbd>{keyName}</kbd>}
    </button>
  );
}

export function DeskDialogs({ nav }: DeskKeysProps): Html {
  const pages = nav.flatMap(({ path, label }) => {
    const letter = goKeyOf(path);
    return letter === undefined ? [] : [[`g ${letter}`, label] as const];
  });
  return (
    <>
      <dialog id="dialog-keys" aria-labelledby="dialog-keys-title">
        <form method="dialog">
          <h2 id="dialog-keys-title">Keyboard</h2>
          <dl class="keys">
            {[...KEYS, ...pages].map(([keys, what]) => (
              <div>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <p class="hint">Off in fields and with a modifier; “Keys off” at the foot ends it.</p>
          <div class="dialog-buttons">
            <button type="submit" class="button">
              Close
            </button>
          </div>
        </form>
      </dialog>
      <dialog id="dialog-palette" class="palette" aria-label="Search everything">
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-label="Search pages, symbols, actions, settings"
          placeholder="Page, symbol, action, setting"
          autocomplete="off"
          spellcheck={false}
          autofocus
        />
        <div id="palette-list" role="listbox" aria-label="Found" />
      </dialog>
      <p id="key-note" class="key-note" role="status" hidden />
    </>
  );
}
