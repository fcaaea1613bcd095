// A draft of the bid form in the bidder's own browser, encrypted under a key that cannot leave it.
const DATABASE = "hengping-drafts";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(mode, deed) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const asked = deed(database.transaction("kept", mode).objectStore("kept"));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function deviceKey() {
  const known = await store("readonly", (kept) => kept.get("key"));
  if (known) return known;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await store("readwrite", (kept) => kept.put(key, "key"));
  return key;
}

/** Keep a draft (a plain object) under a name. */
export async function keepDraft(name, draft) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(draft));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await deviceKey(), bytes);
  await store("readwrite", (kept) => kept.put({ nonce, sealed }, name));
}

/** The draft of this name, or null. */
export async function readDraft(name) {
  const kept = await store("readonly", (all) => all.get(name));
  if (!kept) return null;
  try {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.nonce }, await deviceKey(), kept.sealed);
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** Forget a draft. */
export function dropDraft(name) {
  return store("readwrite", (kept) => kept.delete(name));
}
