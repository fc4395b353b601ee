// Sends a form and says how it went. Nothing is left before the server has answered that it has it.
import { user } from "./keep.js";

const PATIENCE_MS = 20000;
const SIGN_IN = { label: "Sign in in a new tab", url: "/login?next=/%3Fnote%3Dback" };
// What a person is told where the server cannot, or where its words are meant for another page.
const WORDS = {
  0: ["The server does not answer.", "It may be starting again, or the connection is gone."],
  401: ["You are signed out.", "Sign in in a new tab and come back here."],
  404: ["This is not there any more.", "It was deleted meanwhile, perhaps in another window."],
  413: ["This is more text than the server takes.", "Shorten it and try again."],
  507: ["The server’s disk is full.", "Free some space there."],
};

// Why an answer refuses, from JSON or from the page that a browser would have shown.
const told = (text) => {
  try {
    return JSON.parse(text).error;
  } catch {
    const page = new DOMParser().parseFromString(text, "text/html");
    const note = page.querySelector("main .note.bad p");
    const words = (selector) => page.querySelector(selector)?.textContent.trim();
    if (note) return { message: note.textContent.trim(), hint: "" };
    return words("main h1") && { message: words("main h1"), hint: words("main .lead") ?? "" };
  }
};

// {status, text, url, ok, answer, error}: status 0 is no answer at all, and then nobody knows whether it arrived.
export const post = async (url, body, more) => {
  const headers = { Accept: "application/json", ...(user && { "Draftmill-User": user }), ...more };
  let response, text;
  try {
    response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    text = await response.text();
  } catch {
    const [message, hint] = WORDS[0];
    return { status: 0, ok: false, error: { message, hint } };
  }
  const { status, ok } = response;
  if (ok) return { status, ok, text, url: response.redirected ? response.url : "" };
  const [message, hint] = WORDS[status] ?? [`The server answered ${status}.`, "Try again; if it stays, look into the server log."];
  const error = (status in WORDS ? null : told(text)) ?? { message, hint };
  return { status, ok, text, error: status === 401 ? { ...error, link: SIGN_IN } : error };
};

// A sentence that matters, with a way to go on if there is one.
export const tell = (panel, { message, hint, link }, tone = "bad") => {
  const text = document.createElement("p");
  text.append(Object.assign(document.createElement("strong"), { textContent: message }), ` ${hint}`);
  const parts = [text];
  if (link) {
    const button = Object.assign(document.createElement("a"), { className: "button", href: link.url, textContent: link.label });
    if (link === SIGN_IN) Object.assign(button, { target: "_blank", rel: "noopener" });
    parts.push(button);
  }
  panel.className = `note ${tone}`;
  panel.hidden = false;
  // Said once: what is there already is not read out again at each new try.
  if (panel.textContent !== parts.map((part) => part.textContent).join("")) panel.replaceChildren(...parts);
};
