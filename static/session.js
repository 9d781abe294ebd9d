/** A session that ended shows nothing of the account any more. */
(() => {
  // A plain form is on its way to a page of its own. A new password ends the old session, so that
  // the end of the stream overtakes the answer: it must not take the answer's place.
  let isLeaving = false;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) isLeaving = true;
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
  });

  const toLogin = () => {
    const here = encodeURIComponent(location.pathname + location.search);
    if (!isLeaving) location.assign(`/login?next=${here}`);
  };
  document.addEventListener("session-end", toLogin);
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail?.status === 401) toLogin();
  });
})();
