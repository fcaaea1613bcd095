// Runs the browser's own envelope library in Node for the tests: reads one JSON task from standard input, writes one JSON answer.
import { seal, peel, toBase64, fromBase64, canonical } from "../../../static/src/lib/envelope.js";

const task = JSON.parse(await new Response(process.stdin).text());
let answer;
if (task.deed === "seal") {
  const files = task.files.map((one) => ({ ...one, blob: new Blob([fromBase64(one.content)]) }));
  const sealed = await seal({ ...task, files });
  answer = { envelope: toBase64(new Uint8Array(await sealed.blob.arrayBuffer())), sha256: sealed.sha256 };
} else if (task.deed === "peel") {
  const inside = await peel(fromBase64(task.material), task.secret);
  answer = { inside: inside && toBase64(inside) };
} else {
  answer = { canonical: canonical(task.value) };
}
process.stdout.write(JSON.stringify(answer));
