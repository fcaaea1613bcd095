// A draw's entropy stays in the browser until it is revealed: only its commitment is sent.
// The byte rules stand in experts/draw/entropy.py and experts/stored_draws.py; without this script the server computes the same.

const text = new TextEncoder();
const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
const digest = async (prefix, words) => hex(await crypto.subtle.digest("SHA-256", text.encode(`${prefix}\0${words}`)));
const keyOf = (holder) => `draw:${holder.dataset.draw}:${document.body.dataset.person}`;

async function commitmentOf(phrase, anchor, role) {
  const secret = await digest("hengping/phrase/1", phrase.trim());
  return digest("hengping/promise/1", JSON.stringify({ anchor, role, secret }));
}

function promise(holder) {
  const form = holder.closest("form");
  const phrase = form.elements.phrase;
  const generate = holder.querySelector("[data-draw-generate]");
  generate.hidden = false;
  generate.addEventListener("click", () => {
    phrase.value = hex(crypto.getRandomValues(new Uint8Array(16))).match(/.{4}/g).join(" ");
  });
  form.addEventListener("submit", async (event) => {
    if (form.elements.commitment.value || phrase.value.trim().length < 16) return;
    event.preventDefault();
    localStorage.setItem(keyOf(holder), phrase.value.trim());
    form.elements.commitment.value = await commitmentOf(phrase.value, holder.dataset.anchor, holder.dataset.role);
    phrase.disabled = true;
    form.submit();
  });
}

function reveal(holder) {
  const kept = localStorage.getItem(keyOf(holder));
  const phrase = holder.closest("form").elements.phrase;
  if (kept && !phrase.value) phrase.value = kept;
}

if (window.crypto?.subtle) {
  document.querySelectorAll("[data-draw-promise]").forEach(promise);
}
document.querySelectorAll("[data-draw-reveal]").forEach(reveal);
