// Runs the browser's own envelope library in Node for the tests: reads one JSON task from standard input, writes one JSON answer.
import { seal, peel, newKey, fingerprint, toBase64, fromBase64, canonical } from "../../../static/src/lib/envelope.js";
import { capital } from "../../../static/src/lib/capital.js";
import { readMembers } from "../../../static/src/lib/statement.js";

/** The worker of the key files, run here: what it answers to one message. */
async function askWorker(message) {
  const answered = new Promise((resolve) => {
    globalThis.self = { postMessage: resolve };
  });
  await import("../../../static/src/scrypt.entry.js");
  await globalThis.self.onmessage({ data: message });
  return answered;
}

const task = JSON.parse(await new Response(process.stdin).text());
let answer;
if (task.deed === "seal") {
  const files = task.files.map((one) => ({ ...one, blob: new Blob([fromBase64(one.content)]) }));
  const sealed = await seal({ ...task, files });
  answer = { envelope: toBase64(new Uint8Array(await sealed.blob.arrayBuffer())), sha256: sealed.sha256 };
} else if (task.deed === "peel") {
  const inside = await peel(fromBase64(task.material), task.secret);
  answer = { inside: inside && toBase64(inside) };
} else if (task.deed === "make-key") {
  const key = await newKey();
  const content = `# public key: ${key.recipient}\n${key.secret}\n`;
  const { result } = await askWorker({ deed: "encrypt", content, passphrase: task.passphrase });
  answer = { file: toBase64(result), recipient: key.recipient, fingerprint: await fingerprint(key.recipient) };
} else if (task.deed === "unlock-key") {
  const { result, error } = await askWorker({ deed: "decrypt", bytes: fromBase64(task.file), passphrase: task.passphrase });
  answer = { content: result || null, refused: Boolean(error) };
} else if (task.deed === "capital") {
  answer = { words: task.amounts.map(capital) };
} else if (task.deed === "members") {
  answer = readMembers(task.text);
} else {
  answer = { canonical: canonical(task.value) };
}
process.stdout.write(JSON.stringify(answer));
