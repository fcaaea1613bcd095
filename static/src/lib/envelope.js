// The envelope hengping-envelope/1 (docs/sealing.md), the same as procurement/sealing in Python. Only the age format is used.
import { sha256 as hasher } from "@noble/hashes/sha2.js";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

export const ENVELOPE_FORMAT = "hengping-envelope/1";
export const BID_FORMAT = "hengping-bid/1";

const LONGEST_NAME = 255;
const GATHERED = 16 * 1024 * 1024;
const utf8 = new TextEncoder();

/** JSON with sorted keys and no spaces, as both sides write it. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const entries = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value);
}

export function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
}

export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

export function toBase64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  }
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}

/** The fingerprint of a keyholder that the hashed notice names: SHA-256 of the age recipient. */
export function fingerprint(recipient) {
  return sha256(utf8.encode(recipient));
}

export async function newKey() {
  const secret = await generateX25519Identity();
  return { secret, recipient: await identityToRecipient(secret) };
}

/** Every k-subset of n positions, in order. */
export function subsets(count, needed, from = 0) {
  if (needed === 0) return [[]];
  const found = [];
  for (let first = from; first <= count - needed; first += 1) {
    for (const rest of subsets(count, needed - 1, first + 1)) found.push([first, ...rest]);
  }
  return found;
}

async function encryptTo(recipient, bytes) {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(bytes);
}

async function wrap(secret, recipients) {
  let wrapped = utf8.encode(secret);
  for (const recipient of [...recipients].reverse()) wrapped = await encryptTo(recipient, wrapped);
  return toBase64(wrapped);
}

function lengthOf(bytes) {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return length;
}

/** A text as every opening accepts it: without zero characters and half pairs. */
export function storable(text) {
  return text.replace(/[\0\p{Cs}]/gu, "");
}

/** Every text of a value as every opening accepts it. */
function storableAll(value) {
  if (Array.isArray(value)) return value.map(storableAll);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, storableAll(inside)]));
  }
  return storable(value);
}

/** A file's name as every opening accepts it: one line, not endless. */
export function storableName(name) {
  return storable(name.replace(/\p{Cc}/gu, " ").slice(0, LONGEST_NAME)) || "file";
}

/** Reads a stream to its end, piece by piece. */
async function drain(stream, take) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}

async function hashOf(blob) {
  const hash = hasher.create();
  await drain(blob.stream(), (piece) => hash.update(piece));
  return hex(hash.digest());
}

/** The stream as a blob and its hash. Pieces are gathered into blobs, which a browser may put on disk. */
async function gather(stream) {
  const hash = hasher.create();
  const blobs = [];
  let pieces = [];
  let size = 0;
  await drain(stream, (piece) => {
    hash.update(piece);
    pieces.push(piece);
    size += piece.length;
    if (size < GATHERED) return;
    blobs.push(new Blob(pieces));
    pieces = [];
    size = 0;
  });
  return { blob: new Blob([...blobs, ...pieces]), hash: hex(hash.digest()) };
}

/**
 * Seal a bid. `manifest` lacks format, nonce and files; `files` are {name, purpose, media_type, blob}.
 * Returns {blob, sha256}: the sealed envelope and its hash. `step(done, total)` tells how many files are read.
 * Files are read as streams, twice: for their hashes, then to be sealed.
 */
export async function seal({ manifest, files, keyholders, needed, bidder, step = () => {} }) {
  if (new Set(keyholders).size !== keyholders.length || !subsets(keyholders.length, needed).length) {
    throw new Error("keyholders");
  }
  const listed = [];
  for (const [index, file] of files.entries()) {
    listed.push({
      name: storableName(file.name),
      purpose: file.purpose,
      size: file.blob.size,
      sha256: await hashOf(file.blob),
      media_type: file.media_type || "application/octet-stream",
    });
    step(index + 1, files.length);
  }
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const head = utf8.encode(
    canonical({
      ...manifest,
      ...storableAll({ opening_sheet: manifest.opening_sheet }),
      ...(manifest.statement ? { statement: storableAll(manifest.statement) } : {}),
      format: BID_FORMAT,
      part: manifest.part || "bid",
      nonce,
      files: listed,
    }),
  );
  const plain = new Blob([lengthOf(head), head, ...files.map((file) => file.blob)]);
  const key = await newKey();
  const encrypter = new Encrypter();
  encrypter.addRecipient(key.recipient);
  const payload = await gather(await encrypter.encrypt(plain.stream()));
  const header = {
    format: ENVELOPE_FORMAT,
    tender: manifest.tender,
    lot: manifest.lot,
    notice: manifest.notice,
    part: manifest.part || "bid",
    needed,
    keyholders: await Promise.all(keyholders.map(fingerprint)),
    recipient: key.recipient,
    payload_sha256: payload.hash,
    wraps: await Promise.all(
      subsets(keyholders.length, needed).map(async (subset) => ({
        keyholders: subset,
        secret: await wrap(key.secret, subset.map((position) => keyholders[position])),
      })),
    ),
    bidder_wrap: await wrap(key.secret, [bidder]),
  };
  const encoded = utf8.encode(canonical(header));
  const blob = new Blob([utf8.encode(`${ENVELOPE_FORMAT}\n`), lengthOf(encoded), encoded, payload.blob]);
  return { blob, sha256: await hashOf(blob) };
}

/** Peel one layer with a keyholder's secret key; null when it does not open. */
export async function peel(bytes, secret) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(secret);
  try {
    return await decrypter.decrypt(bytes);
  } catch {
    return null;
  }
}
