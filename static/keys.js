/**
 * The keyboard. A key only ever presses what can be pressed by hand: the button that carries it
 * (`data-key`), the page's link in the navigation (`g` and its letter), the buttons of the row that
 * has the focus. Off in fields, with a modifier, in dialogs, and where the person switched it off.
 */
(() => {
  /** A second key belongs to the first for so long. */
  const CHORD_MS = 1_500;
  /** Time to type a word that is meant. */
  const WORD_MS = 6_000;
  const VERBS = { x: "close", p: "pause", b: "block", "*": "pin" };
  const WORD = "flat";

  const isVisible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
  const first = (selector, from = document) =>
    [...from.querySelectorAll(selector)].find((one) => !one.disabled && isVisible(one)) ?? null;

  // ------------------------------------------------------------------ saying what is going on

  function say(text) {
    const box = document.getElementById("key-note");
    if (box === null) return;
    box.textContent = text;
    box.hidden = text === "";
  }

  // ------------------------------------------------------------------ rows

  /** A chart names its symbol too, and is no row. */
  const MARKED = "[data-symbol]:not(a, button, form, figure)";
  const ROWS = `main ${MARKED}, main tr:has(a.symbol)`;

  function rowOfFocus() {
    return document.activeElement?.closest?.(`${MARKED}, tr`) ?? null;
  }

  const handle = (row) => row.querySelector("a, button") ?? row;

  function step(by) {
    const rows = [...document.querySelectorAll(ROWS)].filter(isVisible);
    const at = rows.indexOf(rowOfFocus());
    const next = at === -1 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (row === undefined) return false;
    handle(row).focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  }

  function symbolOf(row) {
    const named = row?.dataset.symbol ?? row?.querySelector("[data-symbol]")?.dataset.symbol;
    const path = row?.querySelector("a.symbol")?.getAttribute("href") ?? location.pathname;
    const here = document.activeElement?.closest?.("[data-symbol]")?.dataset.symbol;
    return named ?? here ?? /^\/symbols\/([^/?]+)/.exec(path)?.[1];
  }

  /** What a verb may look like in a row: a button or form with its word, a link with its action. */
  const likeVerb = (name) =>
    [
      `[data-verb="${name}"]`,
      `a[data-action="${name}_symbol"]`,
      ...(name === "pause" ? ['a[data-action="resume_symbol"]'] : []),
    ].join();

  /** Presses the row's own button, or opens the dialog about its symbol with the choice ready. */
  function verb(name) {
    const row = rowOfFocus();
    const own = first(likeVerb(name), row ?? document.querySelector("main"));
    const isAlone = row === null && document.querySelector("main").querySelectorAll(likeVerb(name)).length === 1;
    if (own !== null && (row !== null || isAlone)) {
      if (own instanceof HTMLFormElement) own.requestSubmit();
      else own.click();
      return true;
    }
    const symbol = symbolOf(row);
    const dialog = document.getElementById("dialog-symbol");
    const button = dialog?.querySelector(`[value="${name}_symbol"]`);
    if (symbol === undefined || !button) return false;
    dialog.querySelector("[name=symbol]").value = decodeURIComponent(symbol);
    dialog.showModal();
    button.focus();
    return true;
  }

  function copy() {
    const link = rowOfFocus()?.querySelector("a[href]")?.href ?? location.href;
    if (!navigator.clipboard) return false;
    navigator.clipboard.writeText(link).then(
      () => say(`Copied: ${link}`),
      () => say("The browser did not let the link be copied."),
    );
    return true;
  }

  // ------------------------------------------------------------------ what stops

  function commandButton(dialog, action) {
    return document.querySelector(`#${dialog} form[data-command] [value="${action}"]`);
  }

  function give(dialog, action) {
    const button = commandButton(dialog, action);
    button?.form?.requestSubmit(button);
  }

  // ------------------------------------------------------------------ keys in a row

  /** What was begun: "g", "H" or letters of the word; and until when it may be gone on with. */
  let begun = "";
  let untilMs = 0;

  function begin(what, forMs, text) {
    begun = what;
    untilMs = performance.now() + forMs;
    say(text);
  }

  function leave() {
    begun = "";
    say("");
  }

  /** True when the key belonged to what was begun before. */
  function goOn(key) {
    if (begun === "" || performance.now() > untilMs) {
      if (begun !== "") leave();
      return false;
    }
    if (begun === "g") {
      leave();
      first(`a[data-go="${CSS.escape(key)}"]`)?.click() ??
        document.querySelector(`a[data-go="${CSS.escape(key)}"]`)?.click();
      return true;
    }
    if (begun === "H") {
      leave();
      if (key === "H") give("dialog-halt", "halt");
      return key === "H";
    }
    const typed = `${begun.slice(1)}${key.toLowerCase()}`;
    if (typed === WORD) {
      leave();
      give("dialog-flatten", "flatten");
    } else if (WORD.startsWith(typed)) {
      begin(`F${typed}`, WORD_MS, `Flatten: type “${WORD.slice(typed.length)}”, Esc to leave it`);
    } else leave();
    return true;
  }

  const ACTS = {
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => rowOfFocus() !== null && step(1),
    ArrowUp: () => rowOfFocus() !== null && step(-1),
    c: copy,
    "/": () => {
      const field = first('main input[type="search"], main [data-key="/"], main input[name="q"]');
      field?.focus();
      return field !== null;
    },
    g: () => {
      begin("g", CHORD_MS, "g …");
      return true;
    },
    H: () => {
      if (commandButton("dialog-halt", "halt") === null) return false;
      begin("H", CHORD_MS, "Press Shift+H again to halt");
      return true;
    },
    F: () => {
      if (commandButton("dialog-flatten", "flatten") === null) return false;
      begin("F", WORD_MS, `Flatten: type “${WORD}”, Esc to leave it`);
      return true;
    },
    Escape: () => {
      if (begun !== "") leave();
      else document.activeElement?.blur?.();
      return true;
    },
  };

  function isOff(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
    if (document.documentElement.classList.contains("keys-off")) return true;
    if (document.querySelector("dialog[open]") !== null) return true;
    return event.target.closest?.("input, textarea, select, [contenteditable]") !== null;
  }

  /** Space and Enter belong to what has the focus, where that does something with them. */
  function isTaken(key) {
    const isKey = key === " " || key === "Enter";
    return isKey && document.activeElement?.closest?.("a, button, summary") !== null;
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("main input");
    if (event.key === "Escape" && field) field.blur();
    if (isOff(event) || isTaken(event.key) || ["Shift", "CapsLock"].includes(event.key)) return;
    const name = event.key === " " ? "Space" : event.key;
    const isHandled = goOn(event.key) || press(name);
    if (isHandled) event.preventDefault();
  });

  function press(name) {
    if (VERBS[name] !== undefined && verb(VERBS[name])) return true;
    const button = document.querySelector(`[data-key="${CSS.escape(name)}"]:not(:disabled)`);
    if (button !== null && !button.matches("input")) {
      button.click();
      return true;
    }
    return ACTS[name]?.() ?? false;
  }
})();
