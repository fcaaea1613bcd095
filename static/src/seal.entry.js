// The bid page: completeness is checked here, the bid is sealed here, and only the sealed envelope leaves the browser.
import { newKey, seal } from "./lib/envelope.js";
import { capital } from "./lib/capital.js";
import { keepDraft, keepFiles, readDraft, readFiles } from "./lib/draft.js";
import { config, offer, roles, say, words } from "./lib/page.js";
import { readMembers, readStatement } from "./lib/statement.js";
import { upload } from "./lib/upload.js";

const PRICE = /^\d{1,13}(\.\d{1,2})?$/;

for (const root of document.querySelectorAll("[data-seal]")) {
  const { one, all } = roles(root);
  const settings = config("seal-config");
  const text = words(settings.strings);
  const status = one("status");
  const draftName = `${settings.part || "bid"}:${settings.tender}:${settings.lot}:${settings.bidder}`;
  const fields = { price: one("price"), service_until: one("service-until"), terms: one("terms") };
  const stated = Array.from(root.querySelectorAll("[data-statement]"));
  const chosenBy = (field) => field.type === "radio" || field.type === "checkbox";
  const statedName = (field) => `statement:${field.dataset.statement}${chosenBy(field) ? `:${field.value}` : ""}`;

  const price = () => fields.price.value.replaceAll(",", "").replaceAll("，", "").trim();
  const chosen = () =>
    all("files").flatMap((input) =>
      Array.from(input.files, (file) => ({
        name: file.name,
        purpose: input.dataset.purpose,
        media_type: file.type,
        blob: file,
      })),
    );

  function missing() {
    const found = [];
    if (!PRICE.test(price()) || Number(price()) <= 0) found.push(text("need_price"));
    for (const input of all("files")) {
      if (settings.required.includes(input.dataset.purpose) && input.files.length === 0) {
        found.push(text("need_file", { name: input.dataset.title }));
      }
    }
    found.push(...missingStatement());
    const size = chosen().reduce((sum, file) => sum + file.blob.size, 0);
    if (size > settings.upload.max_bytes) found.push(text("too_large", { limit: Math.floor(settings.upload.max_bytes / 1048576) }));
    return found;
  }

  /** What the frozen record's list asks for beside files: declarations, the deposit, a consortium's agreement, a signature. */
  function missingStatement() {
    const statement = readStatement(root);
    if (!statement) return [];
    const found = [];
    const has = (purpose) => all("files").some((input) => input.dataset.purpose === purpose && input.files.length > 0);
    const declared = (settings.declarations || []).filter((one) => !statement.declarations.includes(one));
    if (declared.length) found.push(text("need_declarations", { count: String(declared.length) }));
    if (settings.deposit) {
      const paid = PRICE.test(statement.deposit_amount) && Number(statement.deposit_amount) === Number(settings.deposit);
      const guaranteed = statement.deposit_means === "guarantee";
      const traced = guaranteed || (statement.deposit_payer && statement.deposit_bank && statement.deposit_account);
      if (!paid || !statement.deposit_means || !statement.deposit_reference) found.push(text("need_deposit", { amount: settings.deposit }));
      else if (!traced) found.push(text("need_account"));
    }
    const { members, wrong } = readMembers(root.querySelector("[data-statement=members]")?.value || "");
    if (wrong.length) found.push(text("wrong_member", { line: wrong[0] }));
    if (members.length && !has("agreement")) found.push(text("need_agreement"));
    if (statement.signature === "certificate" && !has("signature")) found.push(text("need_signature"));
    return found;
  }

  function check() {
    const found = missing();
    if (one("price-words")) one("price-words").textContent = capital(price());
    one("check-list").replaceChildren(
      ...(found.length ? found : [text("complete")]).map((line) => {
        const item = document.createElement("li");
        item.textContent = line;
        item.className = found.length ? "is-missing" : "is-complete";
        return item;
      }),
    );
    one("seal").disabled = found.length > 0;
  }

  const draftFiles = (input) => `${draftName}:${input.dataset.purpose}`;
  const keepsFiles = Boolean(settings.strings.restored_files);

  async function restore() {
    const draft = await readDraft(draftName).catch(() => null);
    for (const [name, field] of Object.entries(fields)) {
      if (draft && draft[name] && field && (!field.value || field.value === field.defaultValue)) field.value = draft[name];
    }
    for (const field of draft ? stated : []) {
      const kept = draft[statedName(field)];
      if (kept === undefined) continue;
      if (chosenBy(field)) field.checked = kept === "yes";
      else field.value = kept;
    }
    let found = 0;
    for (const input of keepsFiles ? all("files") : []) {
      const files = await readFiles(draftFiles(input)).catch(() => []);
      if (!files.length || input.files.length) continue;
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      input.files = transfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      found += files.length;
    }
    if (found) say(status, text("restored_files", { count: String(found) }));
    else if (draft) say(status, text("restored"));
  }

  root.addEventListener("input", () => {
    check();
    const draft = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field ? field.value : ""]));
    for (const field of stated) draft[statedName(field)] = chosenBy(field) ? (field.checked ? "yes" : "no") : field.value;
    keepDraft(draftName, draft).catch(() => {});
  });
  for (const input of keepsFiles ? all("files") : []) {
    input.addEventListener("change", (event) => {
      if (event.isTrusted) keepFiles(draftFiles(input), Array.from(input.files)).catch(() => {});
    });
  }
  root.addEventListener("change", check);

  one("seal").addEventListener("click", async () => {
    const progress = one("progress");
    const tell = (key) => (done, total) => {
      progress.hidden = false;
      progress.max = total || 1;
      progress.value = done;
      say(status, text(key, { done: String(done), total: String(total), percent: String(Math.floor((100 * done) / (total || 1))) }));
    };
    one("seal").disabled = true;
    try {
      const keyName = `${draftName}:key`;
      const own = (await readDraft(keyName).catch(() => null)) || (await newKey());
      await keepDraft(keyName, own).catch(() => {});
      offer(one("bidder-key"), `# public key: ${own.recipient}\n${own.secret}\n`, settings.key_file_name);
      const sealed = await seal({
        manifest: {
          tender: settings.tender,
          lot: settings.lot,
          notice: settings.notice,
          bidder: settings.bidder,
          ...(settings.part ? { part: settings.part } : {}),
          ...(readStatement(root) ? { statement: readStatement(root) } : {}),
          opening_sheet: {
            price: price(),
            price_words: capital(price()),
            currency: "CNY",
            service_until: fields.service_until ? fields.service_until.value : "",
            terms: fields.terms ? fields.terms.value : "",
          },
        },
        files: chosen(),
        keyholders: settings.keyholders,
        needed: settings.needed,
        bidder: own.recipient,
        step: tell("reading"),
      });
      const stored = await upload(settings.upload, sealed.blob, tell("uploading"));
      if (stored.sha256 !== sealed.sha256) throw new Error(text("hash_differs"));
      one("upload-id").value = stored.upload_id;
      one("sha256").value = sealed.sha256;
      say(status, text("submitting"));
      one("submit").requestSubmit();
    } catch (error) {
      say(status, text("failed", { reason: error.message }), true);
      one("seal").disabled = false;
    }
  });

  /** A bid that was sealed elsewhere, with the offline page or the command line: uploaded and submitted as it is. */
  one("send-sealed")?.addEventListener("click", async () => {
    const file = one("sealed-file").files[0];
    if (!file) return say(status, text("need_file", { name: one("sealed-file").dataset.title }), true);
    const progress = one("progress");
    progress.hidden = false;
    one("send-sealed").disabled = true;
    try {
      const stored = await upload(settings.upload, file, (done, total) => {
        progress.max = total;
        progress.value = done;
        say(status, text("uploading", { percent: String(Math.floor((100 * done) / total)) }));
      });
      one("upload-id").value = stored.upload_id;
      one("sha256").value = stored.sha256;
      say(status, text("submitting"));
      one("submit").requestSubmit();
    } catch (error) {
      say(status, text("failed", { reason: error.message }), true);
      one("send-sealed").disabled = false;
    }
    return undefined;
  });

  restore().then(check);
}
