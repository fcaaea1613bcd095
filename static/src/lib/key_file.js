// Key files: age's own passphrase-encrypted identity files. scrypt takes about a second, so it runs in a worker.

/** Ask the worker at `address` to do one piece of work; rejects with its error. */
export function inWorker(address, message) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address);
    worker.onmessage = (event) => {
      worker.terminate();
      if (event.data.error) reject(new Error(event.data.error));
      else resolve(event.data.result);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message || "worker"));
    };
    worker.postMessage(message);
  });
}

/** The identity's text encrypted under the passphrase, as bytes. */
export function writeKeyFile(worker, key, passphrase) {
  const content = `# public key: ${key.recipient}\n${key.secret}\n`;
  return inWorker(worker, { deed: "encrypt", content, passphrase });
}

/** The secret key inside a key file; rejects when passphrase or file do not fit. */
export async function readKeyFile(worker, bytes, passphrase) {
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  const locked = start.startsWith("age-encryption.org") || start.startsWith("-----BEGIN AGE");
  const text = locked
    ? await inWorker(worker, { deed: "decrypt", bytes, passphrase })
    : new TextDecoder().decode(bytes);
  const line = text.split("\n").find((one) => one.startsWith("AGE-SECRET-KEY-1"));
  if (!line) throw new Error("no identity");
  return line.trim();
}
