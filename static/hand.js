/**
 * Rows do not move under a hand. While the pointer was just moved over a row of a region, or a key
 * was just pressed in one, a new structure of that region waits; its values go on. The newest one
 * that waited is shown when the hand is gone, with the values that came since.
 */
(() => {
  /** A hand that rests is no hand: a wall display must not stand still. */
  const POINTER_MS = 5_000;
  const KEY_MS = 10_000;
  const LOOK_EVERY_MS = 250;
  const REGION = '[id^="live-"]';

  /** The region with the row under the pointer, and when it was there last. */
  let pointed = null;
  let pointedAtMs = 0;
  let keyAtMs = 0;
  /** Newest structure that waits, by region. */
  const waiting = new Map();
  /** Values that came while something waited. */
  const since = new Map();

  document.addEventListener(
    "pointermove",
    (event) => {
      const row = event.target.closest?.("tr, [data-symbol]");
      pointed = row?.closest(REGION) ?? null;
      pointedAtMs = performance.now();
    },
    { passive: true },
  );
  document.addEventListener("pointerdown", () => {
    pointedAtMs = performance.now();
  });
  document.addEventListener("keydown", () => {
    keyAtMs = performance.now();
  });

  function isUnderHand(region) {
    const nowMs = performance.now();
    if (pointed === region && nowMs - pointedAtMs < POINTER_MS) return true;
    const row = document.activeElement?.closest?.("tr, [data-symbol]");
    return row?.closest(REGION) === region && nowMs - keyAtMs < KEY_MS;
  }

  document.addEventListener("htmx:sse:before:message", (event) => {
    const { data, event: name } = event.detail.message;
    if (name !== "") return;
    const id = /^<hx-partial hx-target="#(live-[\w-]+)" hx-swap="innerMorph">/.exec(data)?.[1];
    const region = id === undefined ? null : document.getElementById(id);
    if (region === null) return;
    if (!isUnderHand(region)) {
      waiting.delete(id);
      return;
    }
    waiting.set(id, data);
    event.preventDefault();
  });

  document.addEventListener("values", (event) => {
    if (waiting.size === 0) return;
    for (const cell of JSON.parse(event.detail.data)) since.set(cell[0], cell);
  });

  setInterval(async () => {
    const stream = document.getElementById("stream");
    if (waiting.size === 0 || stream === null) return;
    for (const [id, text] of waiting) {
      const region = document.getElementById(id);
      if (region !== null && isUnderHand(region)) continue;
      waiting.delete(id);
      await htmx.swap({ sourceElement: stream, target: stream, swap: "none", text });
    }
    const data = JSON.stringify([...since.values()]);
    if (waiting.size === 0) since.clear();
    stream.dispatchEvent(new CustomEvent("values", { bubbles: true, detail: { data } }));
  }, LOOK_EVERY_MS);
})();
