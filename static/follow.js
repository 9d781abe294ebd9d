/** Lists that grow at their end: kept to their length, and at the end unless somebody scrolled up. */
(() => {
  const scrolledUp = new WeakSet();

  function trim(list) {
    const rowsMax = Number(list.dataset.rowsMax);
    while (list.childElementCount > rowsMax) list.firstElementChild.remove();
  }

  function follow(box) {
    if (!scrolledUp.has(box)) box.scrollTop = box.scrollHeight;
  }

  document.addEventListener("htmx:sse:after:message", (event) => {
    if (event.detail.message.event === "values") return;
    for (const list of document.querySelectorAll("[data-rows-max]")) trim(list);
    for (const box of document.querySelectorAll("[data-follow]")) follow(box);
  });
  document.addEventListener(
    "scroll",
    (event) => {
      const box = event.target;
      if (!(box instanceof Element) || !box.matches("[data-follow]")) return;
      const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
      if (isAtEnd) scrolledUp.delete(box);
      else scrolledUp.add(box);
    },
    { capture: true, passive: true },
  );
  for (const box of document.querySelectorAll("[data-follow]")) follow(box);
})();
