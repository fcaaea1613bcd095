// The conformity matrix: fill what is open without a round trip, keys 1 and 2 to judge, Enter to go on, cells left.
// Without this script the buttons fill through the server and the arrow keys choose.

const form = document.querySelector("[data-conformity]");
const cells = form ? [...form.querySelectorAll(".conformity-cell")] : [];
const left = form?.querySelector("[data-conformity-left]");

const chosen = (cell) => cell.querySelector("input:checked");

function count() {
  const open = cells.filter((cell) => !chosen(cell)).length;
  if (left) left.textContent = open ? `${cells.length - open} / ${cells.length}` : "";
}

function judge(cell, value) {
  cell.querySelector(`input[value="${value}"]`).checked = true;
  cell.dispatchEvent(new Event("change", { bubbles: true }));
}

function goto(cell) {
  (chosen(cell) ?? cell.querySelector("input")).focus();
}

form?.addEventListener("change", count);
form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=fill]");
  if (!button) return;
  event.preventDefault();
  const scope = button.value === "all" ? form : button.closest("[data-conformity-bid]");
  for (const cell of scope.querySelectorAll(".conformity-cell")) if (!chosen(cell)) judge(cell, "passed");
});
form?.addEventListener("keydown", (event) => {
  const cell = event.target.closest(".conformity-cell");
  if (!cell || event.isComposing || event.target.matches("textarea")) return;
  if (event.key === "1") judge(cell, "passed");
  else if (event.key === "2") {
    judge(cell, "failed");
    cell.querySelector("textarea").focus();
  } else if (event.key === "Enter") {
    const next = cells[cells.indexOf(cell) + (event.shiftKey ? -1 : 1)];
    if (next) goto(next);
  } else return;
  event.preventDefault();
});
count();
