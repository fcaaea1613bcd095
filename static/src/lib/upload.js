// Resumable upload: pieces with Content-Range; after a broken connection it asks how far the server got and goes on.
import { pause, request } from "./page.js";

const TRIES = 6;

/** Upload a blob; returns {upload_id, sha256, size}. `step(done, total)` counts octets. */
export async function upload(start, blob, step = () => {}) {
  const session = await request("POST", start, { json: { size: blob.size } });
  let offset = session.offset;
  let failures = 0;
  while (offset < blob.size) {
    const end = Math.min(offset + session.chunk_bytes, blob.size);
    try {
      const answer = await request("PUT", session.url, {
        body: blob.slice(offset, end),
        headers: { "Content-Range": `bytes ${offset}-${end - 1}/${blob.size}`, "Content-Type": "application/octet-stream" },
      });
      offset = answer.offset;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures >= TRIES || (error.status && error.status < 500 && error.status !== 409)) throw error;
      await pause(500 * 2 ** failures);
      try {
        offset = (await request("GET", session.url)).offset;
      } catch {
        // still away: the next turn tries again
      }
    }
    step(offset, blob.size);
  }
  const finished = await request("POST", session.url);
  return { upload_id: session.upload_id, ...finished };
}
