/**
 * Times in the zone of this browser, where that was chosen. The server writes UTC for everybody,
 * since everybody shares its renderings; here the text is put right before it is painted. What was
 * put right carries a mark, which goes when the server's text comes again.
 */
(() => {
  const root = document.documentElement;
  const name = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" })
    .formatToParts(new Date())
    .find(({ type }) => type === "timeZoneName")?.value;
  const two = (number) => String(number).padStart(2, "0");
  const isLocal = () => root.classList.contains("zone-local");

  function texts(ms) {
    const at = isLocal() ? new Date(ms - new Date(ms).getTimezoneOffset() * 60_000) : new Date(ms);
    const text = at.toISOString();
    return { date: text.slice(0, 10), clock: text.slice(11, 19) };
  }

  function put(time) {
    const ms = Date.parse(time.dateTime);
    const last = time.lastChild;
    if (Number.isNaN(ms) || last?.nodeType !== Node.TEXT_NODE) return;
    if (!/^\d\d:\d\d:\d\d$/.test(last.data.trim())) return;
    const { date, clock } = texts(ms);
    if (last.data !== clock) last.data = clock;
    const day = time.querySelector(".date");
    if (day !== null && day.textContent !== `${date} `) day.textContent = `${date} `;
  }

  /** "Time (UTC)" at the head of a column. */
  function rename(head) {
    const node = head.lastChild;
    if (node?.nodeType !== Node.TEXT_NODE) return;
    if (isLocal() && node.data.includes("UTC")) {
      node.data = node.data.replace("UTC", name);
      head.dataset.zone = "local";
    } else if (!isLocal() && head.dataset.zone === "local") {
      node.data = node.data.replace(name, "UTC");
      delete head.dataset.zone;
    }
  }

  /** The clock's text is a value of the stream: UTC whenever it was sent. */
  function clock(text) {
    const [hours, minutes, seconds] = text.split(":").map(Number);
    if (seconds === undefined) return;
    const shift = isLocal() ? -new Date().getTimezoneOffset() : 0;
    const day = (((hours * 60 + minutes + shift) % 1440) + 1440) % 1440;
    const shown = `${two(Math.floor(day / 60))}:${two(day % 60)}:${two(seconds)}`;
    for (const cell of document.querySelectorAll('[data-v="clock"]')) cell.textContent = shown;
  }

  let clockUtc = document.querySelector('[data-v="clock"]')?.textContent ?? "";
  function all() {
    for (const time of document.querySelectorAll("time[datetime]")) put(time);
    for (const head of document.querySelectorAll("th, dt, .clock small")) rename(head);
    clock(clockUtc);
  }

  document.addEventListener("values", (event) => {
    const cell = JSON.parse(event.detail.data).find(([id]) => id === "clock");
    if (cell === undefined) return;
    clockUtc = cell[1];
    if (isLocal()) clock(clockUtc);
  });
  document.addEventListener("htmx:after:swap", () => {
    if (isLocal()) all();
  });
  document.addEventListener("display-changed", (event) => {
    if (event.detail === "zone") all();
  });
  if (isLocal()) all();
  root.classList.add("zone-ready");
})();
