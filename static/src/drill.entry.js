// A keyholder's drill: a sealed test is opened here with the registered key, as at the opening; the secret stays here.
import { identityToRecipient } from "age-encryption";
import { readKept } from "./lib/draft.js";
import { fromBase64, peel, toBase64 } from "./lib/envelope.js";
import { readKeyFile } from "./lib/key_file.js";
import { config, request, roles, say, words } from "./lib/page.js";

for (const root of document.querySelectorAll("[data-drill]")) {
  const { one } = roles(root);
  const settings = config("drill-config");
  const text = words(settings.strings);
  const status = one("status");

  one("turn").addEventListener("click", async () => {
    const file = one("key-file").files[0];
    const bytes = file
      ? new Uint8Array(await file.arrayBuffer())
      : await readKept(settings.recipient).catch(() => undefined);
    if (!bytes) return say(status, text("need_file"), true);
    one("turn").disabled = true;
    try {
      say(status, text("unlocking"));
      const secret = await readKeyFile(settings.worker, bytes, one("passphrase").value).catch(() => {
        throw new Error(text("wrong_key"));
      });
      if ((await identityToRecipient(secret)) !== settings.recipient) throw new Error(text("other_key"));
      const drill = await request("POST", settings.start_url);
      const inside = await peel(fromBase64(drill.material), secret);
      await request("POST", drill.url, { json: { answer: inside ? toBase64(inside) : "" } });
      one("passphrase").value = "";
      say(status, text("passed"));
      window.location.assign(settings.next);
    } catch (error) {
      say(status, error.message, true);
      one("turn").disabled = false;
    }
    return undefined;
  });
}
