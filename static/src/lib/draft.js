// A draft of the bid form in the bidder's own browser, encrypted under a key that scripts cannot export from it.
const DATABASE = "hengping-drafts";
const MOST_OCTETS = 100 * 1024 * 1024;

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

async function lock(bytes) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  return { nonce, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await deviceKey(), bytes) };
}

async function unlock({ nonce, sealed }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, await deviceKey(), sealed);
}

/** Keep a draft (a plain object) under a name. */
export async function keepDraft(name, draft) {
  const locked = await lock(new TextEncoder().encode(JSON.stringify(draft)));
  await store("readwrite", (kept) => kept.put(locked, name));
}

/** The draft of this name, or null. */
export async function readDraft(name) {
  const kept = await store("readonly", (all) => all.get(name));
  if (!kept) return null;
  try {
    return JSON.parse(new TextDecoder().decode(await unlock(kept)));
  } catch {
    return null;
  }
}

/** Keep the files chosen for one purpose, names and all; returns whether they are small enough to be kept. */
export async function keepFiles(name, files) {
  if (files.reduce((sum, file) => sum + file.size, 0) > MOST_OCTETS) {
    await store("readwrite", (kept) => kept.delete(name));
    return false;
  }
  const locked = [];
  for (const file of files) {
    const about = new TextEncoder().encode(JSON.stringify({ name: file.name, type: file.type }));
    locked.push({ about: await lock(about), content: await lock(await file.arrayBuffer()) });
  }
  await store("readwrite", (kept) => kept.put(locked, name));
  return true;
}

/** The files kept under this name, as the browser's own File objects. */
export async function readFiles(name) {
  const kept = await store("readonly", (all) => all.get(name));
  const files = [];
  for (const { about, content } of kept || []) {
    const { name: called, type } = JSON.parse(new TextDecoder().decode(await unlock(about)));
    files.push(new File([await unlock(content)], called, { type }));
  }
  return files;
}

/** Keep a key file, which is encrypted under its passphrase already, by its recipient. */
export function keepKeyFile(recipient, bytes) {
  return store("readwrite", (kept) => kept.put(bytes, `key-file:${recipient}`));
}

/** The key file of this recipient that was made in this browser, or undefined. */
export function readKept(recipient) {
  return store("readonly", (kept) => kept.get(`key-file:${recipient}`));
}
