// What the three sealing pages share: their configuration, their elements, requests and words.

/** The page's configuration from its JSON block. */
export function config(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** Finds elements by role inside a root. */
export function roles(root) {
  return {
    one: (role) => root.querySelector(`[data-role="${role}"]`),
    all: (role) => Array.from(root.querySelectorAll(`[data-role="${role}"]`)),
  };
}

/** Words of the page with `{name}` places filled in. */
export function words(strings) {
  return (key, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), strings[key] || key);
}

/** A request that carries the CSRF token; throws with the server's reasons when it is refused. */
export async function request(method, url, { json, body, headers = {} } = {}) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const answer = await fetch(url, {
    method,
    credentials: "same-origin",
    headers: {
      Accept: "application/json",
      "X-CSRFToken": token,
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body: json === undefined ? body : JSON.stringify(json),
  });
  const type = answer.headers.get("Content-Type") || "";
  const content = type.includes("json") ? await answer.json() : {};
  if (!answer.ok) {
    const reasons = (content.reasons || []).map((one) => [one.reason, one.rule].filter(Boolean).join(" · "));
    const error = new Error(reasons.join("；") || `HTTP ${answer.status}`);
    error.status = answer.status;
    throw error;
  }
  return content;
}

/** Shows what is going on, for eyes and screen readers; `wrong` marks it as an error. */
export function say(element, text, wrong = false) {
  element.textContent = text;
  element.classList.toggle("is-wrong", wrong);
}

/** Offers bytes as a download on a link. */
export function offer(link, bytes, name) {
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.hidden = false;
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
