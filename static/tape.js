/**
 * Holds the tape of decisions still while the pointer or the focus is on it. Live messages go on
 * into a hidden twin that carries the id in the meantime; how many entries wait is said above, and
 * what was read stays where it is until the reader leaves.
 */
(() => {
  const ID = "live-tape";
  let held = null;

  function hold() {
    const shown = document.getElementById(ID);
    if (held !== null || shown === null) return;
    const twin = shown.cloneNode(true);
    twin.hidden = true;
    shown.id = `${ID}-held`;
    // An id names one element: those inside the held one are free for the twin's.
    const known = new Set();
    for (const row of shown.querySelectorAll("li[id]")) {
      known.add(row.id);
      row.removeAttribute("id");
    }
    const word = document.createElement("p");
    word.className = "tape-new";
    word.hidden = true;
    shown.before(word);
    shown.after(twin);
    held = { shown, known, word };
  }

  function count() {
    const rows = document.querySelectorAll(`#${ID} li[id]`);
    const fresh = [...rows].filter(({ id }) => !held.known.has(id)).length;
    held.word.hidden = fresh === 0;
    held.word.textContent = `${fresh} new, paused while you read`;
  }

  function release() {
    if (held === null) return;
    const twin = document.getElementById(ID);
    held.word.remove();
    held.shown.remove();
    if (twin !== null) twin.hidden = false;
    held = null;
  }

  const isOnTape = (target) => target instanceof Element && target.closest(".tape") !== null;
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    if (isOnTape(event.target)) hold();
    else release();
  });
  document.addEventListener("pointerleave", release);
  document.addEventListener("focusin", (event) => {
    if (isOnTape(event.target)) hold();
  });
  document.addEventListener("focusout", (event) => {
    if (isOnTape(event.target) && !isOnTape(event.relatedTarget)) release();
  });
  document.addEventListener("htmx:after:swap", () => {
    if (held !== null) count();
  });
})();
