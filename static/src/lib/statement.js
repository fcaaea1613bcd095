// What a bidder states beside the price, read from the form's fields; the same as procurement/sealing/statement.py reads.
const USCC = /^[0-9A-Z]{18}$/;
const LONGEST = 200;

/** Members of a consortium, one a line: name, then the 18 signs of the credit code. Unreadable lines come back as well. */
export function readMembers(text) {
  const members = [];
  const wrong = [];
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const parts = line.split(/[\s,，、;；]+/);
    const uscc = (parts.pop() || "").toUpperCase();
    const name = parts.join(" ").slice(0, LONGEST);
    if (name && USCC.test(uscc)) members.push({ name, uscc });
    else wrong.push(line);
  }
  return { members, wrong };
}

/** The statement of the fields inside `root`, each named by `data-statement`; null where the page has none. */
export function readStatement(root) {
  const fields = Array.from(root.querySelectorAll("[data-statement]"));
  if (!fields.length) return null;
  const statement = { signature: "stamped", members: [], firm_size: "other", declarations: [] };
  for (const name of ["sme_employees", "sme_turnover"]) statement[name] = "";
  for (const name of ["amount", "means", "reference", "paid_on", "payer", "bank", "account"]) statement[`deposit_${name}`] = "";
  for (const field of fields) {
    const name = field.dataset.statement;
    if (name === "members") statement.members = readMembers(field.value).members;
    else if (name === "declarations") statement.declarations.push(...(field.checked ? [field.value] : []));
    else if (field.type !== "radio" || field.checked) statement[name] = field.value.trim();
  }
  return statement;
}
