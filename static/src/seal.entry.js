// The bid page: completeness is checked here, the bid is sealed here, and only the sealed envelope leaves the browser.
import { newKey, seal } from "./lib/envelope.js";
import { keepDraft, keepFiles, readDraft, readFiles } from "./lib/draft.js";
import { config, offer, roles, say, words } from "./lib/page.js";
import { upload } from "./lib/upload.js";

const PRICE = /^\d{1,13}(\.\d{1,2})?$/;

for (const root of document.querySelectorAll("[data-seal]")) {
  const { one, all } = roles(root);
  const settings = config("seal-config");
  const text = words(settings.strings);
  const status = one("status");
  const draftName = `bid:${settings.tender}:${settings.lot}:${settings.bidder}`;
  const fields = { price: one("price"), service_until: one("service-until"), terms: one("terms") };

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
    const size = chosen().reduce((sum, file) => sum + file.blob.size, 0);
    if (size > settings.upload.max_bytes) found.push(text("too_large", { limit: Math.floor(settings.upload.max_bytes / 1048576) }));
    return found;
  }

  function check() {
    const found = missing();
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
          opening_sheet: {
            price: price(),
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
      const stored = await upload(settings.upload.start, sealed.blob, tell("uploading"));
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

  restore().then(check);
}
