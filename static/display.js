/**
 * How this browser shows things: theme, rows' height, palette, time zone, keys. The theme belongs
 * to the person and is kept by the server; the rest is a cookie of class names, which the server
 * writes on <html> before anything is painted.
 */
(() => {
  const COOKIE = "scalper_display";
  const YEAR_SEC = 31_536_000;
  const CLASSES = {
    density: "density-comfort",
    palette: "palette-blue-orange",
    zone: "zone-local",
    keys: "keys-off",
  };
  const THEMES = ["system", "light", "dark"];
  const root = document.documentElement;

  function keep() {
    const names = Object.values(CLASSES).filter((name) => root.classList.contains(name));
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser
    document.cookie = `${COOKIE}=${names.join(".")}; path=/; max-age=${YEAR_SEC}; samesite=lax`;
  }

  function csrfToken() {
    return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRF-Token"];
  }

  function setTheme(theme) {
    root.dataset.theme = theme;
    const body = new URLSearchParams({ theme, csrf: csrfToken() ?? "" });
    fetch("/account/theme", { method: "POST", body, headers: { "hx-request": "true" } }).catch(
      () => undefined,
    );
  }

  function change(what) {
    if (what === "theme") {
      setTheme(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]);
    } else if (CLASSES[what] !== undefined) {
      root.classList.toggle(CLASSES[what]);
      keep();
    }
    tell();
    document.dispatchEvent(new CustomEvent("display-changed", { detail: what }));
  }

  /** The buttons say what holds now. */
  function tell() {
    for (const button of document.querySelectorAll("button[data-display]")) {
      const what = button.dataset.display;
      if (what === "theme") button.title = `Theme: ${root.dataset.theme}`;
      else button.setAttribute("aria-pressed", String(root.classList.contains(CLASSES[what])));
    }
    for (const input of document.querySelectorAll("input[data-display]")) {
      input.checked = root.classList.contains(CLASSES[input.dataset.display]);
    }
  }

  document.addEventListener("click", (event) => {
    const what = event.target.closest?.("button[data-display]")?.dataset.display;
    if (what !== undefined) change(what);
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    // The choice of the theme is sent by its own form; here it only shows at once.
    if (field.closest?.("form[data-theme-choice]") !== null) root.dataset.theme = field.value;
    else if (field.matches("input[data-display]")) change(field.dataset.display);
  });
  for (const needy of document.querySelectorAll("[data-needs-script]")) needy.hidden = false;
  tell();
})();
