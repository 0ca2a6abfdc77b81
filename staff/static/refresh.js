// Brings lists up to date every minute, and leaves the focus where it is.
//
// It rests while nobody uses the page: otherwise a screen that is left alone would
// never be logged out.
const EVERY = 60_000;
const IN_USE = 10 * 60_000;
const live = document.getElementById("live");
const state = document.getElementById("refresh-state");
let used = Date.now();

for (const event of ["keydown", "pointerdown", "pointermove", "scroll"]) {
  addEventListener(event, () => (used = Date.now()), { passive: true });
}

/** Fetches this page and exchanges its list if it has changed. */
async function refresh() {
  if (document.hidden || Date.now() - used > IN_USE) return;
  let page;
  try {
    const reply = await fetch(location.href, { redirect: "error" });
    if (!reply.ok) throw new Error(reply.statusText);
    page = new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    state.textContent = "The list could not be brought up to date. Load the page again.";
    return;
  }
  const fresh = page.getElementById("live");
  if (!fresh || !live) return;
  if (state.textContent) state.textContent = "";
  if (ids(fresh) !== ids(live)) state.textContent = "The list has changed.";
  const focused = live.contains(document.activeElement) ? document.activeElement.id : "";
  live.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Returns what is on a list, to tell whether anything was added or has gone. */
function ids(list) {
  return [...list.querySelectorAll("li[id]")].map((item) => item.id).join(" ");
}

setInterval(refresh, EVERY);
