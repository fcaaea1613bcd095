// The score sheet: Enter goes to the next points, Shift and Enter to the previous; sums follow what is typed.
// Without this script the sums are those of the saved draft, and Tab does the moving.

const inputs = [...document.querySelectorAll("input[data-score-maximum]")];
const number = /^\d{1,3}(\.\d{1,2})?$/;

function hundredths(text) {
  const [whole, part = ""] = text.split(".");
  return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

function summed(section) {
  const own = [...section.querySelectorAll("input[data-score-maximum]")].map((one) => one.value.trim());
  const given = own.filter((one) => number.test(one));
  const total = given.reduce((sum, one) => sum + hundredths(one), 0);
  return { text: (total / 100).toFixed(2), open: own.length - given.length };
}

function show(section) {
  const { text, open } = summed(section);
  const words = open ? `${text} · ${open} / ${section.querySelectorAll("input[data-score-maximum]").length}` : text;
  section.querySelector("[data-score-total]").textContent = words;
  const summary = document.querySelector(`[data-score-sum="${section.id}"]`);
  if (summary) summary.textContent = words;
}

for (const [place, input] of inputs.entries()) {
  input.addEventListener("input", () => show(input.closest("[data-score-bid]")));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const next = inputs[place + (event.shiftKey ? -1 : 1)];
    if (next) {
      next.focus();
      next.select();
    }
  });
}
