// Resumable upload: pieces with Content-Range; after a broken connection it asks how far the server got and goes on.
import { pause, request } from "./page.js";

const TRIES = 6;
const OCTETS = { "Content-Type": "application/octet-stream" };

/** Upload a blob as the page's `upload` says; returns {upload_id, sha256, size}. `step(done, total)` counts octets. */
export async function upload({ start, whole_bytes = 0 }, blob, step = () => {}) {
  let known = await again(() => begin(start, blob, blob.size <= whole_bytes));
  const { url, chunk_bytes } = known;
  step(known.offset, blob.size);
  while (known.offset < blob.size) {
    const { offset } = known;
    const end = Math.min(offset + chunk_bytes, blob.size);
    const headers = { "Content-Range": `bytes ${offset}-${end - 1}/${blob.size}`, ...OCTETS };
    known = await again(
      () => request("PUT", url, { body: blob.slice(offset, end), headers }),
      () => request("GET", url),
    );
    step(known.offset, blob.size);
  }
  const stored = known.sha256 ? known : await again(() => request("POST", url));
  return { upload_id: known.upload_id, sha256: stored.sha256, size: stored.size };
}

/** A small file goes at once; a large one is announced and follows in pieces. */
function begin(start, blob, whole) {
  return request("POST", start, whole ? { body: blob, headers: OCTETS } : { json: { size: blob.size } });
}

/** Ask until there is an answer; what is refused stays refused. After a failure `instead` may tell what came through. */
async function again(ask, instead) {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      if (failures >= TRIES || (error.status && error.status < 500)) throw error;
      await pause(500 * 2 ** failures);
      try {
        if (instead) return await instead();
      } catch {
        // still away: the next turn tries again
      }
    }
  }
}
