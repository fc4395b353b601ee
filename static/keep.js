// What was typed and is not saved yet, kept in this browser: by its user, by what it belongs to, and by the page
// that it was typed on, so that two open pages of one draft never take each other's place.
const MARK = "draftmill-typed";
const FORGET_MS = 30 * 24 * 3600 * 1000;
const ANSWER_MS = 150;

export const user = document.documentElement.dataset.user ?? "";

const random = () => Math.random().toString(36).slice(2);
// A reload, and a way back, stay in the tab: what this tab typed is known again at once.
const tab = (() => {
  try {
    return (sessionStorage[`${MARK}-tab`] ??= random());
  } catch {
    return random();
  }
})();
const page = random();
const keyOf = (place) => [MARK, user, place, tab, page].join(" ");

const parsed = (text) => {
  try {
    const entry = JSON.parse(text);
    return Array.isArray(entry.fields) && Number.isFinite(entry.at) ? entry : null;
  } catch {
    return null;
  }
};
const read = (key) => {
  const [mark, owner, place, ofTab] = key.split(" ");
  if (mark !== MARK) return [];
  const entry = parsed(localStorage.getItem(key));
  if (!entry || Date.now() - entry.at > FORGET_MS) {
    localStorage.removeItem(key);
    return [];
  }
  return owner === user ? [{ ...entry, key, place, here: ofTab === tab }] : [];
};

// All that this user typed, the newest first; of one place if it is given.
export const kept = (place) => {
  try {
    const found = Object.keys(localStorage).flatMap(read);
    return found.filter((entry) => !place || entry.place === place).sort((one, other) => other.at - one.at);
  } catch {
    return [];
  }
};

// Keeps {label, base, fields} for this page. False: the browser refuses, in a private window or when it is full.
export const keep = (place, entry) => {
  try {
    localStorage.setItem(keyOf(place), JSON.stringify({ at: Date.now(), ...entry }));
    return true;
  } catch {
    // Half a text, or an older one, is not what was typed: but it is better than none.
    return false;
  }
};
// Keeps one again that was forgotten, as it was.
export const keepAgain = ({ key, at, label, base, fields }) => {
  try {
    localStorage.setItem(key, JSON.stringify({ at, label, base, fields }));
  } catch { /* the browser is full: it stands on the page */ }
};
export const forget = (key) => {
  try {
    localStorage.removeItem(key);
  } catch { /* nothing can have been kept */ }
};
export const ofMine = (place) => kept(place).find(({ key }) => key === keyOf(place));
export const forgetMine = (place) => forget(keyOf(place));

// What belongs to pages that are open is theirs: they are asked, and answer at once if they live.
const line = "BroadcastChannel" in window ? new BroadcastChannel(MARK) : null;
line?.addEventListener("message", ({ data }) => { if (data === "who") line.postMessage(page); });
export const onNewPage = (hear) => line?.addEventListener("message", ({ data }) => { if (data === "who") hear(); });
export const orphans = async (place) => {
  const living = new Set();
  const hear = ({ data }) => living.add(data);
  line?.addEventListener("message", hear);
  line?.postMessage("who");
  await new Promise((resolve) => { setTimeout(resolve, ANSWER_MS); });
  line?.removeEventListener("message", hear);
  return kept(place).filter(({ key }) => !living.has(key.split(" ").pop()) && !key.endsWith(` ${page}`));
};

// What is said of it: when it was typed, and that it was dropped.
export const clock = (at) => {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return date.toDateString() === new Date().toDateString() ? time : `${time} on ${day}`;
};

// Who types on in the place of what was dropped is not asked to have it back.
export const tooLate = () => document.getElementById("notice").replaceChildren();
export const dropped = (undo) => document.dispatchEvent(new CustomEvent("draftmill:notice", { detail: { words: "Dropped.", undo } }));
