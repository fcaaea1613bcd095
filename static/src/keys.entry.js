// A keyholder makes a key in the own browser: the secret leaves its memory only as a passphrase-encrypted file.
import { keepKeyFile } from "./lib/draft.js";
import { fingerprint, newKey } from "./lib/envelope.js";
import { writeKeyFile } from "./lib/key_file.js";
import { config, offer, roles, say, words } from "./lib/page.js";

const SHORTEST = 10;

for (const root of document.querySelectorAll("[data-keys]")) {
  const { one } = roles(root);
  const settings = config("keys-config");
  const text = words(settings.strings);
  const status = one("status");

  one("make").addEventListener("click", async () => {
    const passphrase = one("passphrase").value;
    if (passphrase.length < SHORTEST) return say(status, text("too_short", { count: SHORTEST }), true);
    if (passphrase !== one("again").value) return say(status, text("differ"), true);
    one("make").disabled = true;
    say(status, text("making"));
    try {
      const key = await newKey();
      const file = await writeKeyFile(settings.worker, key, passphrase);
      // A second copy beside the downloaded file; without a store (private windows) the file alone remains.
      await keepKeyFile(key.recipient, file).catch(() => {});
      offer(one("download"), file, settings.file_name);
      one("public-key").value = key.recipient;
      one("fingerprint").textContent = (await fingerprint(key.recipient)).replace(/(.{4})(?=.)/g, "$1 ");
      say(status, text("made"));
    } catch {
      say(status, text("failed"), true);
      one("make").disabled = false;
    }
    return undefined;
  });

  one("download").addEventListener("click", () => {
    one("register").disabled = false;
    say(status, text("downloaded"));
  });
}
