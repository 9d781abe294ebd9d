/**
 * The values lane: [[id, text, tone, title?], …] of what changed, four times a second. It touches
 * the text and the class of the cells, or the one attribute that a cell names, and nothing else: no
 * row moves and no layout is asked for.
 */
(() => {
  /** Attributes that may live; anything else a cell names is left alone. */
  const LIVING = new Set(["value", "points", "d", "width", "x", "data-stamp", "datetime"]);
  /** Elements by id; null after anything was swapped. */
  let cells = null;

  function found() {
    const byId = new Map();
    for (const cell of document.querySelectorAll("[data-v]")) {
      const have = byId.get(cell.dataset.v);
      if (have === undefined) byId.set(cell.dataset.v, [cell]);
      else have.push(cell);
    }
    for (const same of byId.values()) if (same.length > 1) agree(same);
    return byId;
  }

  /** Outside of regions nothing is swapped: such a cell says what its like in a region says. */
  function agree(same) {
    const isLive = (cell) => cell.closest('[id^="live-"]') !== null;
    const source = same.find(isLive);
    if (source === undefined || source.dataset.va !== undefined) return;
    const tone = source.className.replace(/^num ?/, "");
    for (const cell of same) if (!isLive(cell)) put(cell, source.textContent, tone);
  }

  function put(cell, text, tone, title) {
    const attribute = cell.dataset.va;
    if (attribute !== undefined) {
      if (LIVING.has(attribute)) cell.setAttribute(attribute, text);
      return;
    }
    const node = cell.firstChild;
    if (node !== null && node.nodeType === Node.TEXT_NODE) node.data = text;
    else cell.textContent = text;
    const name = tone === "" ? "num" : `num ${tone}`;
    if (cell.className !== name) cell.className = name;
    if (title !== undefined) cell.title = title;
  }

  document.addEventListener("values", (event) => {
    cells ??= found();
    for (const [id, text, tone, title] of JSON.parse(event.detail.data)) {
      for (const cell of cells.get(id) ?? []) put(cell, text, tone, title);
    }
  });
  const forget = () => {
    cells = null;
  };
  document.addEventListener("htmx:after:swap", forget);
  document.addEventListener("htmx:sse:before:message", (event) => {
    if (event.detail.message.event !== "values") forget();
  });
})();
