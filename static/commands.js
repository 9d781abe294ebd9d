/**
 * Commands of the operator: sent once, with an id and an age, and never silent.
 *
 * The page keeps the server's last stamp and counts on by its own monotonic clock, so that the
 * server knows how old a command is whatever the two wall clocks show. A command of a page holds
 * for LIFE_MS; when no answer has come by then it is dead at the server too, so that "not delivered"
 * is true when it is said. What failed stays here, red, with what to do, until it is dismissed; it is
 * asked about when the link is back, and over a change of page it is kept.
 */
(() => {
  const LIFE_MS = 2_000;
  /** Said within three seconds, with room for a slow screen. */
  const ANSWER_MS = 2_300;
  const LOOK_MS = 250;
  /** A flatten that takes longer is looked at less often. */
  const SLOW_LOOK_MS = 2_000;
  const LOOKS_FAST = 80;
  /** What is done needs no more room after this. */
  const DONE_MS = 12_000;
  /** A better stamp than this old one may have been late only by chance. */
  const STAMP_MS_MAX = 60_000;
  const ENTRIES_MAX = 8;
  const KEPT = "scalper-commands";

  const VERBS = {
    halt: ["Halt", "scalper halt"],
    resume: ["Resume", "scalper resume"],
    cancel_all: ["Cancel all orders", "scalper cancel --keep-trading"],
    cancel_halt: ["Cancel and halt", "scalper cancel"],
    flatten: ["Flatten", "scalper flatten"],
    close_symbol: ["Close", "scalper close"],
    pause_symbol: ["Pause", "scalper pause"],
    resume_symbol: ["Resume", "scalper resume"],
    pin_symbol: ["Pin", "scalper pin"],
    unpin_symbol: ["Unpin", "scalper unpin"],
    block_symbol: ["Block", "scalper block"],
    unblock_symbol: ["Unblock", "scalper unblock"],
  };

  // ------------------------------------------------------------------ the server's time

  let heard = null;

  /** Keeps the stamp that was the least late: the one that puts the server's clock furthest. */
  function hear() {
    const text = document.getElementById("server-stamp")?.dataset.stamp ?? "";
    const [, run, ms] = /^(.+)@(\d+)$/.exec(text) ?? [];
    if (run === undefined || text === heard?.text) return;
    const atMs = performance.now();
    const ahead = Number(ms) - atMs;
    const isOld = heard === null || heard.run !== run || atMs - heard.atMs > STAMP_MS_MAX;
    if (isOld || ahead >= heard.ahead) heard = { text, run, ahead, atMs };
  }
  hear();
  document.addEventListener("htmx:sse:after:message", hear);

  // ------------------------------------------------------------------ the tray

  const tray = document.getElementById("commands");
  const dataDir = tray?.dataset.dataDir ?? "";
  let entries = [];

  function keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(entries.filter(({ tone }) => tone !== "good")));
    } catch {
      // Full or forbidden: the entries are on the screen all the same.
    }
  }

  function show(entry, tone, state, detail) {
    Object.assign(entry, { tone, state, detail });
    if (!entries.includes(entry)) entries = [...entries, entry].slice(-ENTRIES_MAX);
    draw();
    keep();
  }

  function dismiss(entry) {
    entries = entries.filter((other) => other !== entry);
    draw();
    keep();
  }

  function draw() {
    if (tray === null) return;
    const rows = entries.map((entry) => {
      const row = document.createElement("div");
      row.className = `banner command ${entry.tone}`;
      row.dataset.state = entry.state;
      const title = document.createElement("strong");
      title.textContent = `${entry.title}: ${entry.state}`;
      const text = document.createElement("span");
      text.textContent = ` ${entry.detail}`;
      row.append(title, text);
      if (entry.tone === "bad") {
        const cure = document.createElement("code");
        cure.textContent = entry.cure;
        row.append(" On the server: ", cure);
      }
      if (entry.undo) {
        const undo = document.createElement("button");
        undo.type = "button";
        undo.className = "button small";
        undo.textContent = "Undo";
        undo.setAttribute("aria-label", `Undo: ${entry.title}`);
        undo.addEventListener("click", () => {
          const { csrf, ...wish } = entry.undo;
          dismiss(entry);
          void send({ ...wish, csrf, id: newId() });
        });
        row.append(undo);
      }
      const close = document.createElement("button");
      close.type = "button";
      close.className = "button ghost small";
      close.textContent = "Dismiss";
      close.setAttribute("aria-label", `Dismiss: ${entry.title}`);
      close.addEventListener("click", () => dismiss(entry));
      row.append(close);
      return row;
    });
    tray.replaceChildren(...rows);
  }

  // ------------------------------------------------------------------ one command

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }

  function entryOf(fields) {
    const { action, symbol = "", reason = "", id } = fields;
    const [verb, cli] = VERBS[action] ?? [action, "scalper status"];
    const title = [verb, symbol].filter((word) => word !== "").join(" ");
    const about = reason === "" ? title : `${title} (${reason})`;
    const cure = [cli, symbol, "--data-dir", dataDir].filter((word) => word !== "").join(" ");
    return { id, title: about, cure };
  }

  async function send(fields) {
    const entry = entryOf(fields);
    show(entry, "info", "sending…", "");
    const sentAtMs = performance.now();
    const stamp =
      heard === null ? {} : { stamp: heard.text, sinceMs: Math.floor(sentAtMs - heard.atMs) };
    try {
      const answer = await fetch("/commands", {
        method: "POST",
        headers: { accept: "application/json", "x-csrf-token": fields.csrf },
        body: new URLSearchParams({ ...fields, ...stamp, lifeMs: LIFE_MS }),
        signal: AbortSignal.timeout(ANSWER_MS),
        redirect: "error",
      });
      const told = await readable(answer);
      if (told === null) show(entry, "bad", "NOT done", `The server answered ${answer.status}.`);
      else {
        await follow(entry, told, performance.now() - sentAtMs, fields.csrf);
      }
    } catch {
      const seconds = ((performance.now() - sentAtMs) / 1_000).toFixed(1);
      const text =
        `No answer after ${seconds} s; it is not carried out later than ${LIFE_MS / 1_000} s after ` +
        "it was given. Give it again, or by another way. What this page shows is old.";
      show(entry, "bad", "NOT delivered", text);
      await findOut(entry);
    }
  }

  /** The command's row, or the server's own words for why there is none. */
  async function readable(answer) {
    const isJson = (answer.headers.get("content-type") ?? "").includes("json");
    const body = isJson ? await answer.json().catch(() => null) : null;
    if (body?.state !== undefined) return body;
    if (body?.error === undefined) return null;
    return { state: "refused", outcome: body.error.message };
  }

  /** Tells what came of it until nothing more will. */
  async function follow(entry, first, tookMs, csrf) {
    let told = first;
    for (let looks = 0; ; looks++) {
      if (told.state === "done") {
        const { undo, symbol } = told;
        // Orders cannot be taken back; what was said of a symbol can.
        if (undo && csrf) entry.undo = { action: undo, symbol, reason: "undone", csrf };
        const took = told.tookMs > 0 ? "" : ` (${Math.round(tookMs)} ms)`;
        show(entry, "good", "done", `${told.outcome}${took}.`);
        setTimeout(() => dismiss(entry), DONE_MS);
        return;
      }
      if (told.state !== "accepted") {
        const isLate = told.state === "expired";
        show(entry, "bad", isLate ? "NOT done, too late" : "refused", `${told.outcome}.`);
        return;
      }
      show(entry, "info", "accepted", `${told.outcome}.`);
      await pause(looks < LOOKS_FAST ? LOOK_MS : SLOW_LOOK_MS);
      told = (await look(entry)) ?? told;
    }
  }

  /** What became of a command that was not answered, as soon as somebody can say. */
  async function findOut(entry) {
    for (;;) {
      await pause(SLOW_LOOK_MS);
      if (!entries.includes(entry)) return;
      const told = await look(entry);
      if (told === undefined) continue;
      if (told !== null) return await follow(entry, told, 0);
      const text = "It never arrived, and will not be carried out. Give it again if it is wanted.";
      return show(entry, "bad", "NOT delivered", text);
    }
  }

  /** Null when the server never heard of it, undefined when nobody answers. */
  async function look({ id }) {
    try {
      const answer = await fetch(`/api/commands/${encodeURIComponent(id)}`, {
        headers: { accept: "application/json" },
        signal: AbortSignal.timeout(ANSWER_MS),
        redirect: "error",
      });
      if (answer.status === 404) return null;
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // ------------------------------------------------------------------ forms and buttons

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-command]")) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    form.closest("dialog")?.close();
    form.reset();
    void send({ ...fields, id: newId() });
  });

  document.addEventListener("click", (event) => {
    const symbol = event.target.closest?.("a[data-symbol]")?.dataset.symbol;
    const dialog = document.getElementById("dialog-symbol");
    if (symbol === undefined || dialog === null || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.querySelector("[name=symbol]").value = symbol;
    dialog.showModal();
    // Where a row's button named the action, the dialog's own has the focus: Enter does it.
    const { action } = event.target.closest("a[data-symbol]").dataset;
    if (action !== undefined) dialog.querySelector(`button[value="${action}"]`)?.focus();
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches?.("#dialog-symbol [name=symbol]")) field.value = field.value.toUpperCase();
  });

  // What failed on the page before, or was still under way there.
  try {
    entries = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    entries = [];
  }
  draw();
  for (const entry of entries) void findOut(entry);
})();
