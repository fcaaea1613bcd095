// The sealing page without a server: seals a bid for the keyholders that a tender's file names, and peels a keyholder's
// layers. Everything is read from files and written to files; nothing is sent anywhere.
import { Decrypter, armor, identityToRecipient } from "age-encryption";
import { capital } from "./lib/capital.js";
import { fingerprint, fromBase64, newKey, peel, seal, toBase64 } from "./lib/envelope.js";
import { offer } from "./lib/page.js";

const PRICE = /^\d{1,13}(\.\d{1,2})?$/;
const one = (role) => document.querySelector(`[data-role="${role}"]`);

function say(status, text, wrong = false) {
  one(status).textContent = text;
  one(status).classList.toggle("is-wrong", wrong);
}

async function json(role) {
  const file = one(role).files[0];
  if (!file) throw new Error("请选择文件 / choose a file");
  return JSON.parse(await file.text());
}

async function sealBid() {
  const tender = await json("tender");
  const price = one("price").value.replaceAll(",", "").trim();
  const bidder = one("bidder").value.trim();
  if (!PRICE.test(price) || Number(price) <= 0) throw new Error("报价须大于 0，最多两位小数 / a price above 0, two decimals at most");
  if (!bidder) throw new Error("请填写投标人标识 / enter the bidder's id");
  const files = Array.from(document.querySelectorAll("[data-purpose]")).flatMap((input) =>
    Array.from(input.files, (file) => ({ name: file.name, purpose: input.dataset.purpose, media_type: file.type, blob: file })),
  );
  if (!files.length) throw new Error("请选择投标文件 / choose the bid's files");
  const own = await newKey();
  const sealed = await seal({
    manifest: {
      tender: tender.tender,
      lot: tender.lot,
      notice: tender.notice,
      bidder,
      opening_sheet: {
        price,
        price_words: capital(price),
        currency: "CNY",
        service_until: one("service-until").value,
        terms: one("terms").value,
      },
    },
    files,
    keyholders: tender.keyholders,
    needed: tender.needed,
    bidder: own.recipient,
  });
  offer(one("sealed"), sealed.blob, "bid.sealed");
  offer(one("own-key"), `# public key: ${own.recipient}\n${own.secret}\n`, "bid-key.txt");
  const known = await Promise.all(tender.keyholders.map(fingerprint));
  one("fingerprints").textContent = known.map((text) => text.slice(0, 32).replace(/(.{4})(?=.)/g, "$1 ")).join("\n");
  return sealed.sha256;
}

async function unlock(bytes, passphrase) {
  const text = new TextDecoder().decode(bytes);
  const plain = /AGE-SECRET-KEY-1[0-9A-Z]+/.exec(text);
  if (plain) return plain[0];
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const opened = await decrypter.decrypt(text.startsWith("-----BEGIN AGE") ? armor.decode(text) : bytes, "text");
  return /AGE-SECRET-KEY-1[0-9A-Z]+/.exec(opened)[0];
}

async function peelShares() {
  const { shares } = await json("shares");
  const file = one("key-file").files[0];
  if (!file) throw new Error("请选择密钥文件 / choose the key file");
  const secret = await unlock(new Uint8Array(await file.arrayBuffer()), one("passphrase").value).catch(() => {
    throw new Error("口令不对，或者密钥文件已损坏 / wrong passphrase, or a damaged key file");
  });
  one("recipient").textContent = await identityToRecipient(secret);
  const peeled = [];
  for (const share of shares) {
    const inside = await peel(fromBase64(share.material), secret);
    peeled.push({ bid: share.bid, subset: share.subset, material: inside ? toBase64(inside) : null });
  }
  offer(one("peeled"), JSON.stringify({ shares: peeled }), "shares-peeled.json");
  one("passphrase").value = "";
  return peeled.filter((share) => share.material).length;
}

for (const [button, deed, status, words] of [
  ["seal", sealBid, "seal-status", (sha256) => `已密封。SHA-256：${sha256} / sealed; keep this hash`],
  ["peel", peelShares, "peel-status", (count) => `已解开 ${count} 层 / ${count} layers peeled`],
]) {
  one(button).addEventListener("click", async () => {
    one(button).disabled = true;
    say(status, "……");
    try {
      say(status, words(await deed()));
    } catch (error) {
      say(status, error.message, true);
    }
    one(button).disabled = false;
  });
}
