// Keeps what is typed in a guarded form until the server has taken it, so that an expired session loses nothing.
// Drafts live in this tab alone; secrets, files and the once-only key are never kept.

const SKIPPED = new Set(["password", "file", "hidden", "submit"]);
const kept = (field) => field.name && !SKIPPED.has(field.type) && !field.closest("[data-no-draft]");
const keyOf = (form) => `draft:${document.body.dataset.person ?? ""}:${location.pathname}:${form.id}`;

function read(form) {
  const values = [...form.elements].filter(kept).map((field) => [field.name, field.value, field.checked]);
  return JSON.stringify(values);
}

function restore(form, stored) {
  const fields = [...form.elements].filter(kept);
  JSON.parse(stored).forEach(([name, value, checked], place) => {
    const field = fields[place];
    if (!field || field.name !== name) return;
    if (field.type === "checkbox" || field.type === "radio") field.checked = field.value === value && checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function nothingWasTaken() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft:") && key.endsWith(":sent")) sessionStorage.removeItem(key);
  }
}

export function keepDrafts(leaveWords, restoredWords) {
  if (document.body.classList.contains("keeps-drafts")) nothingWasTaken();
  for (const form of document.querySelectorAll("form[data-guard]")) {
    const key = keyOf(form);
    const fresh = read(form);
    let sending = false;
    const stored = sessionStorage.getItem(key);
    const refused = form.querySelector(".error-summary");
    // Sent and shown afresh without complaint means taken; the page of an expired session takes the mark away again.
    const taken = sessionStorage.getItem(`${key}:sent`) && !refused;
    sessionStorage.removeItem(`${key}:sent`);
    if (taken) sessionStorage.removeItem(key);
    else if (stored && stored !== fresh && !refused) {
      restore(form, stored);
      const note = Object.assign(document.createElement("p"), { className: "draft-note", textContent: restoredWords });
      note.setAttribute("role", "status");
      form.prepend(note);
    }
    form.addEventListener("input", () => sessionStorage.setItem(key, read(form)));
    form.addEventListener("submit", () => {
      sending = true;
      sessionStorage.setItem(key, read(form));
      sessionStorage.setItem(`${key}:sent`, "1");
    });
    window.addEventListener("beforeunload", (event) => {
      if (sending || read(form) === fresh) return;
      event.preventDefault();
      event.returnValue = leaveWords;
    });
  }
}
