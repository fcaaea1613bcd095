// Keys of the report workbench: J and K go to the next and previous finding, U upholds, D dismisses with the reason typed.
// Without this script the same buttons and links do all of it.

const cards = [...document.querySelectorAll("[data-finding-card]")];
let at = cards.findIndex((card) => `#${card.id}` === location.hash);

function go(to) {
  if (to < 0 || to >= cards.length) return;
  at = to;
  cards[at].focus({ preventScroll: true });
  cards[at].scrollIntoView({ block: "nearest" });
  const place = cards[at].querySelector(".finding-evidence a");
  document.querySelector(place?.getAttribute("href") ?? "#none")?.scrollIntoView({ block: "center" });
}

function answer(deed) {
  const card = cards[at];
  const button = card?.querySelector(`[data-deed="${deed}"]`);
  if (!button) return;
  const reason = button.form.elements.reason;
  if (deed === "dismiss" && !reason.value.trim()) {
    reason.focus();
    return;
  }
  button.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const deeds = { j: () => go(at + 1), k: () => go(at - 1), u: () => answer("uphold"), d: () => answer("dismiss") };
  const deed = deeds[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed();
});

if (at >= 0) go(at);
