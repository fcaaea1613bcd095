// Moves the date ruler while dates are typed: asks the server what follows from them. Without it a button does the same.
const holder = document.querySelector("[data-ruler]");
const form = holder && document.getElementById("form");
const NAMES = ["notice_on", "documents_until", "deadline", "service_until"];
let asked = 0;
let waiting;

async function move() {
  const mine = ++asked;
  const query = new URLSearchParams(NAMES.map((name) => [name, form.elements[name]?.value ?? ""]));
  const answer = await fetch(`${holder.dataset.ruler}?${query}`, { headers: { Accept: "text/html" } }).catch(() => null);
  // An older answer never overwrites a newer one.
  if (!answer?.ok || answer.redirected || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  holder.replaceChildren(...page.body.childNodes);
}

if (form) {
  for (const button of form.querySelectorAll("[data-ruler-button]")) button.hidden = true;
  for (const name of NAMES) {
    form.elements[name]?.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(move, 250);
    });
  }
}
