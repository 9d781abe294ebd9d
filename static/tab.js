/**
 * Title and icon say how things are, so that a tab among twenty need not be opened. A visible page
 * takes it from its stream; a hidden one has none and asks four times a minute.
 */
(() => {
  const ASK_EVERY_MS = 15_000;
  const ASK_MS_MAX = 5_000;
  const COLOURS = { good: "#0b6b43", warn: "#9a6a00", bad: "#b3261e", old: "#6b7280" };
  /** "Symbols · scalper"; the first page is the program itself. */
  const base = location.pathname === "/" ? "scalper" : document.title;
  const icon = document.querySelector("link[rel=icon]");
  let shown = "";

  function iconOf(colour) {
    return (
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
      `<rect width="32" height="32" rx="7" fill="${colour}"/>` +
      '<path d="M6 21l6-7 5 4 9-10" fill="none" stroke="#fff" stroke-width="3"/></svg>'
    );
  }

  function show(text, tone) {
    const title = `${text} · ${base}`;
    if (document.title !== title) document.title = title;
    if (icon === null || shown === tone) return;
    shown = tone;
    icon.href = `data:image/svg+xml,${encodeURIComponent(iconOf(COLOURS[tone] ?? COLOURS.old))}`;
  }

  function fromPage() {
    const cell = document.querySelector('[data-v="tab"]');
    if (cell === null) return;
    if (document.body.classList.contains("late")) show("? no link", "old");
    else show(cell.textContent, cell.className.replace("num ", ""));
  }

  async function ask() {
    try {
      const answer = await fetch("/live/state", { signal: AbortSignal.timeout(ASK_MS_MAX) });
      if (answer.status === 401) return show("signed out", "old");
      const { text, tone } = await answer.json();
      show(text, tone);
    } catch {
      show("? no link", "old");
    }
  }

  if (document.querySelector('[data-v="tab"]') === null) return;
  let lateBefore = false;
  document.addEventListener("htmx:sse:after:message", fromPage);
  setInterval(() => {
    const isLate = document.body.classList.contains("late");
    if (!document.hidden && isLate !== lateBefore) fromPage();
    lateBefore = isLate;
  }, 1_000);
  setInterval(() => {
    if (document.hidden) void ask();
  }, ASK_EVERY_MS);
  fromPage();
})();
