/**
 * The palette on ⌘K or Ctrl K: pages, symbols, what stops, settings. Pages and actions are the
 * links and buttons that are on the page already; symbols are searched by the server.
 */
(() => {
  const SEARCH_AFTER_MS = 80;
  const SHOWN_MAX = 14;
  const dialog = document.getElementById("dialog-palette");
  const field = dialog?.querySelector("input");
  const list = dialog?.querySelector("[role=listbox]");
  if (!field || !list) return;

  let symbols = [];
  let items = [];
  let at = 0;
  let asked = 0;
  let timer = null;

  const labelOf = (element) =>
    element.dataset.label ?? element.getAttribute("aria-label") ?? element.textContent.trim();

  function standing() {
    const pages = [...document.querySelectorAll("nav a[data-go]")].map((link) => ({
      kind: "page",
      text: labelOf(link),
      run: () => location.assign(link.href),
    }));
    const stops = [...document.querySelectorAll(".stops button[commandfor]:not(:disabled)")].map(
      (button) => ({
        kind: "action",
        text: labelOf(button),
        run: () => document.getElementById(button.getAttribute("commandfor"))?.showModal(),
      }),
    );
    const settings = [...document.querySelectorAll("button[data-display], button[data-map]")].map(
      (button) => ({ kind: "setting", text: labelOf(button), run: () => button.click() }),
    );
    return [...pages, ...stops, ...settings];
  }

  /** How well a text fits: begins with it, a word begins with it, has it; −1 when it has not. */
  function rank(text, wanted) {
    const low = text.toLowerCase();
    if (low.startsWith(wanted)) return 0;
    if (low.includes(` ${wanted}`)) return 1;
    return low.includes(wanted) ? 2 : -1;
  }

  function draw() {
    const wanted = field.value.trim().toLowerCase();
    const found = standing()
      .map((item) => ({ item, rank: rank(item.text, wanted) }))
      .filter((one) => one.rank >= 0)
      .sort((left, right) => left.rank - right.rank)
      .map(({ item }) => item);
    const named = symbols.map(({ symbol, note }) => ({
      kind: "symbol",
      text: symbol,
      note,
      run: () => location.assign(`/symbols/${encodeURIComponent(symbol)}`),
    }));
    items = (wanted === "" ? found : [...named.slice(0, 8), ...found]).slice(0, SHOWN_MAX);
    at = Math.min(at, Math.max(0, items.length - 1));
    list.replaceChildren(...items.map(row));
    field.setAttribute("aria-activedescendant", items.length === 0 ? "" : `palette-${at}`);
  }

  function row({ kind, text, note, run }, index) {
    const option = document.createElement("div");
    option.id = `palette-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(index === at));
    const name = document.createElement("strong");
    name.textContent = text;
    const about = document.createElement("span");
    about.textContent = note ?? kind;
    option.append(name, about);
    option.addEventListener("click", () => choose(run));
    return option;
  }

  function choose(run) {
    dialog.close();
    run?.();
  }

  async function search() {
    const mine = ++asked;
    const q = field.value.trim();
    let found = [];
    if (q !== "") {
      try {
        const answer = await fetch(`/palette?q=${encodeURIComponent(q)}`);
        if (answer.ok) found = await answer.json();
      } catch {
        // Without the server there are still the pages and the actions.
      }
    }
    if (mine !== asked) return;
    symbols = found;
    draw();
  }

  function open() {
    field.value = "";
    symbols = [];
    at = 0;
    draw();
    if (!dialog.open) dialog.showModal();
    field.focus();
  }

  field.addEventListener("input", () => {
    at = 0;
    draw();
    clearTimeout(timer);
    timer = setTimeout(search, SEARCH_AFTER_MS);
  });
  field.addEventListener("keydown", async (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      at = (at + by + items.length) % Math.max(1, items.length);
      draw();
      return;
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    // Who types fast means what the server is about to find.
    clearTimeout(timer);
    if (field.value.trim() !== "") await search();
    choose(items[at]?.run);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
    if (event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else if (document.querySelector("dialog[open]") === null) open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("button[data-palette]")) open();
  });
})();
