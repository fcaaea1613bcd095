// Keeps a part of a page up to date while others work on it: fetches the page again and puts the new part in its place.
const live = document.querySelector("[data-live]");
const EVERY = 5000;

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-live]");
  // Another stage has begun, or it is this reader's turn: the whole page is another one.
  if (next?.dataset.live === live.dataset.live) live.replaceChildren(...next.childNodes);
  else location.reload();
}

if (live) setInterval(() => document.visibilityState === "visible" && refresh(), EVERY);
