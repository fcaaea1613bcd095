// A keyholder's turn at the opening: the key is unlocked here and peels one layer of every bid; the secret stays here.
import { fromBase64, peel, toBase64 } from "./lib/envelope.js";
import { identityToRecipient } from "age-encryption";
import { readKept } from "./lib/draft.js";
import { readKeyFile } from "./lib/key_file.js";
import { config, request, roles, say, words } from "./lib/page.js";

for (const root of document.querySelectorAll("[data-unseal]")) {
  const { one } = roles(root);
  const settings = config("unseal-config");
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
      const { shares } = await request("GET", settings.shares_url);
      const progress = one("progress");
      progress.hidden = false;
      progress.max = shares.length || 1;
      const peeled = [];
      for (const [index, share] of shares.entries()) {
        const inside = await peel(fromBase64(share.material), secret);
        peeled.push({ bid: share.bid, subset: share.subset, material: inside ? toBase64(inside) : null });
        progress.value = index + 1;
        say(status, text("peeling", { done: String(index + 1), total: String(shares.length) }));
      }
      const answer = await request("POST", settings.shares_url, { json: { shares: peeled } });
      one("passphrase").value = "";
      say(status, text(answer.finished ? "finished" : "given", answer));
      window.location.assign(answer.next);
    } catch (error) {
      say(status, error.message, true);
      one("turn").disabled = false;
    }
    return undefined;
  });
}
