// The score sheet of a report: a level fills in its points, typed points choose their level, the sum follows.
// Without this script the server does the same when the sheet is saved.

const form = document.querySelector("form[data-rate]");

function showSum() {
  const inputs = [...form.querySelectorAll("input[data-quality]")];
  const sum = inputs.reduce((total, one) => total + Math.round(Number(one.value || 0) * 100), 0);
  for (const place of form.querySelectorAll("[data-rate-sum]")) place.textContent = (sum / 100).toFixed(2);
}

for (const line of form?.querySelectorAll("[data-rate-line]") ?? []) {
  const points = line.querySelector("input[name^=points_]");
  const levels = [...line.querySelectorAll("input[data-fill]")];
  for (const level of levels) {
    level.addEventListener("change", () => {
      points.value = level.dataset.fill;
      points.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  points.addEventListener("input", () => {
    const value = points.value.trim() === "" ? NaN : Number(points.value);
    const fits = levels.find((level) => value >= Number(level.dataset.begins));
    for (const level of levels) level.checked = level === fits;
    showSum();
  });
}
if (form) showSum();
