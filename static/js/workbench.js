// Keys of the report workbench: J and K go to the next and previous finding, U upholds, D dismisses; after D a digit chooses
// the reason of the list. The evidence of the finding at hand is shown beside it. Without this script the same buttons,
// lists and links do all of it.

const cards = [...document.querySelectorAll("[data-finding-card]")];
const pane = document.querySelector(".workbench-text");
let at = cards.findIndex((card) => `#${card.id}` === location.hash);
let waiting = null;

function show(id) {
  const place = document.getElementById(id);
  if (!place || !pane) return;
  if (getComputedStyle(pane).overflowY === "visible") return; // on a phone the list stays where the reader is
  const inside = place.getBoundingClientRect();
  const outside = pane.getBoundingClientRect();
  pane.scrollTop += inside.top - outside.top - outside.height / 3;
}

function mark(number) {
  for (const one of document.querySelectorAll("[data-mark], mark[data-finding]")) {
    one.classList.toggle("at-hand", (one.dataset.mark ?? one.dataset.finding) === number);
  }
}

function go(to, { focus = true } = {}) {
  if (to < 0 || to >= cards.length) return;
  at = to;
  waiting = null;
  const card = cards[at];
  if (focus) card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  mark(card.dataset.findingCard);
  const place = card.querySelector("[data-place]");
  if (place) show(place.getAttribute("href").slice(1));
}

function answer(deed) {
  const button = cards[at]?.querySelector(`[data-deed="${deed}"]`);
  if (!button) return;
  const { reason, ground } = button.form.elements;
  if (deed === "dismiss" && !reason.value.trim() && !ground.value) {
    waiting = ground;
    ground.focus();
    return;
  }
  button.click();
}

function choose(digit) {
  if (!waiting?.options[digit] || digit === 0) return;
  waiting.selectedIndex = digit;
  waiting = null;
  answer("dismiss");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (waiting && event.target === waiting && /^[1-9]$/.test(event.key)) {
    event.preventDefault();
    choose(Number(event.key));
    return;
  }
  if (event.key === "Escape" && waiting) {
    go(at);
    return;
  }
  if (event.target.closest("input, textarea, select")) return;
  const deeds = { j: () => go(at + 1), k: () => go(at - 1), u: () => answer("uphold"), d: () => answer("dismiss") };
  const deed = deeds[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-place], [data-mark]");
  if (!link) return;
  const card = link.closest("[data-finding-card]") ?? cards.find((one) => one.dataset.findingCard === link.dataset.mark);
  if (!card) return;
  event.preventDefault();
  if (link.dataset.mark) {
    go(cards.indexOf(card));
    return;
  }
  at = cards.indexOf(card);
  mark(card.dataset.findingCard);
  show(link.getAttribute("href").slice(1));
});

if (at >= 0) go(at);
