// The desk keeps itself: saved a moment after the last key, kept in the browser while it cannot be, and left only
// when the server has it. It never saves over somebody else's text.
import { forgetMine, keep, onNewPage, tooLate } from "./keep.js";
import { post, tell } from "./post.js";
import { offerBack } from "./restored.js";

const desk = document.querySelector("form[data-editor]");
const state = desk.querySelector("[data-saved]");
const panel = desk.querySelector("[data-conflict]");
const based = desk.elements.based_on;
const place = new URL(desk.action).pathname;
const PAUSE_MS = 1500;
const KEEP_MS = 250;
const LONG = 50000;
const WAITS_MS = [2000, 4000, 8000, 15000, 30000];
const SIGNED_OUT_MS = 4000;
const KEPT = "Your text is kept in this browser";
const NOT_KEPT = "This browser refuses to keep your text: leave this page open until it is saved, or copy the text";

let timer, keeping;
let running = null;
let failures = 0;
// A save that was not answered may have arrived: it is sent again as it was before anything newer.
let doubt = null;
let aside = null;
let safe = true;
let leaving = false;
let touched = false;

const show = (words) => { if (state.textContent !== words) state.textContent = words; };
const dirty = () => "dirty" in desk.dataset;
const fields = () => [...new FormData(desk)].filter(([name]) => name !== "based_on");
const typed = () => JSON.stringify(fields());
const now = () => ({ typed: typed(), body: new URLSearchParams([["based_on", based.value], ...fields()]) });

const keepNow = () => {
  clearTimeout(keeping);
  keeping = null;
  if (dirty()) safe = keep(place, { label: desk.dataset.label, base: based.value, fields: fields() });
};
// At once, for a page may die at any key; only a long text waits for a pause.
const keepSoon = () => {
  if ((desk.elements.body?.value.length ?? 0) < LONG) keepNow();
  else keeping ??= setTimeout(keepNow, KEEP_MS);
};
const clean = () => {
  clearTimeout(keeping);
  keeping = null;
  delete desk.dataset.dirty;
  forgetMine(place);
};

const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(() => { if (dirty()) save(); }, wait);
};

const saved = (answer, sent) => {
  based.value = answer.based_on;
  if (failures) document.getElementById("say-page").textContent = "Saved.";
  failures = 0;
  aside = null;
  panel.hidden = true;
  panel.replaceChildren();
  show(`Saved, version ${answer.n}`);
  desk.dispatchEvent(new Event("draftmill:saved"));
  if (sent.typed === typed()) clean();
  else {
    keepNow();
    later(PAUSE_MS);
  }
  return true;
};

// What differs is shown in the notice itself; where that fails, "Show both" does.
const showDifference = async (url) => {
  const shown = Object.assign(document.createElement("div"), { className: "differences" });
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (answer.ok && aside) shown.innerHTML = await answer.text();
  } catch { /* the network went as well */ }
  panel.querySelector(".differences")?.remove();
  if (aside && shown.innerHTML) panel.append(shown);
};
const besides = (answer, sent) => {
  aside = answer.url;
  show("Kept as a version of its own");
  if (sent.typed === typed()) clean();
  tell(panel, { ...answer.error, link: { label: "Show both", url: aside } });
  showDifference(answer.differs);
  return false;
};

const refused = ({ status, error }) => {
  keepNow();
  const signedOut = status === 401 || error.code === "other_user";
  const passing = !status || signedOut || status === 408 || status === 429 || status >= 500;
  const next = passing ? "and saved by itself as soon as that is possible." : "until it can be saved.";
  show("Not saved yet");
  tell(panel, { ...error, hint: `${error.hint} ${safe ? `${KEPT}, ${next}` : `${NOT_KEPT}.`}` }, passing ? "waiting" : "bad");
  if (passing) later(signedOut ? SIGNED_OUT_MS : WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]);
  failures += 1;
  return false;
};

const judge = (outcome, sent) => {
  let answer = {};
  try { answer = JSON.parse(outcome.text) ?? {}; } catch { /* not ours: a proxy's page, or none */ }
  doubt = outcome.status && outcome.status < 500 ? null : sent;
  if (outcome.ok && answer.based_on) return saved(answer, sent);
  if (outcome.status === 409 && answer.url) return besides(answer, sent);
  const odd = { message: "Something else than Draftmill answered.", hint: "Look whether this network wants you to sign in." };
  return refused(outcome.ok ? { status: 502, error: odd } : outcome);
};

const attempt = async () => {
  clearTimeout(timer);
  const sent = doubt ?? now();
  show("Saving…");
  return judge(await post(desk.action, sent.body), sent);
};
const save = () => (running ??= attempt().finally(() => { running = null; }));

// True when all that is typed is on the server. Who typed nothing leaves nothing.
const settle = async () => {
  if (!touched && !dirty()) return true;
  await running;
  do if (!(await save())) return false; while (dirty());
  return true;
};
const saveNow = async () => {
  keepNow();
  const all = await settle();
  if (!all) panel.scrollIntoView({ block: "nearest" });
  return all;
};
const press = async (go, refuse = () => {}) => {
  if (leaving) return;
  leaving = true;
  try {
    if (await saveNow()) return await go();
    refuse();
  } finally {
    leaving = false;
  }
};

// Another version takes the place of this one: only after what is typed is a version itself.
const use = async (button) => {
  const outcome = await post(button.formAction, new URLSearchParams());
  if (outcome.ok) location.assign(outcome.url || desk.action);
  else tell(panel, outcome.error);
};
const followers = {
  done: (button) => location.assign(button.dataset.leads),
};

// What is taken away holds what was typed, or nothing is taken away.
let taken = null;
const take = (link) => {
  taken = link;
  link.click();
  taken = null;
};
const notTaken = () => {
  panel.querySelector("p").append(" Nothing was downloaded: it would lack what you typed.");
  panel.querySelector("a")?.focus();
};
desk.addEventListener("click", (event) => {
  const link = event.target.closest("a[download]");
  if (!link || link === taken || !(touched || dirty())) return;
  event.preventDefault();
  press(() => take(link), notTaken);
});

const changed = () => {
  touched = true;
  desk.dataset.dirty = "";
  keepSoon();
  show(aside ? "Not saved" : running ? "Saving…" : "Unsaved");
  if (!aside) later(PAUSE_MS);
};
const count = (output) => {
  const field = desk.elements[output.dataset.count];
  const limit = Number(output.dataset.limit);
  const length = [...field.value].length;
  const over = length > limit;
  output.textContent = `${length} / ${limit}${over ? `, ${length - limit} too many` : ""}`;
  // Said when the limit is crossed, not at each key.
  if (output.classList.contains("over") === over) return;
  output.classList.toggle("over", over);
  document.getElementById("say-page").textContent = over ? `Too long: more than ${limit} characters.` : "It fits again.";
};
desk.addEventListener("input", () => {
  desk.querySelectorAll("output[data-count]").forEach(count);
  if (!restored.putting) changed();
});
desk.addEventListener("click", (event) => {
  const other = event.target.closest("[data-subject]");
  if (!other) return;
  const field = desk.elements.title;
  [field.value, other.textContent] = [other.textContent, field.value];
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
desk.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  const follow = button?.hasAttribute("formaction") ? use : followers[button?.id];
  if (follow) press(() => follow(button));
  else saveNow();
});
// What the address told is told once, and no more to who goes on writing: its Undo would take that back as well.
if (/[?&](shown|taken|dropped|declined)=/.test(location.search)) history.replaceState(null, "", location.pathname + location.hash);
desk.addEventListener("input", tooLate, { once: true });
panel.addEventListener("click", (event) => {
  if (event.target.closest("a")?.getAttribute("href") !== aside || !dirty()) return;
  event.preventDefault();
  save().then(() => { if (aside && !dirty()) location.assign(aside); });
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
  event.preventDefault();
  saveNow();
});

const again = () => { if (dirty() && !aside && !restored.undecided) save(); };
document.addEventListener("visibilitychange", () => {
  if (document.hidden) keepNow();
  again();
});
window.addEventListener("online", again);
// Somebody signed in, or found the server again, in another tab.
onNewPage(() => { if (failures) again(); });
window.addEventListener("focus", () => { if (failures) again(); });
window.addEventListener("pagehide", keepNow);
document.addEventListener("draftmill:forget", clean);
window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
// A page that comes back from the cache of the browser holds an old base.
window.addEventListener("pageshow", (event) => { if (event.persisted && !dirty()) location.reload(); });
// What the browser itself would put back into the fields knows nothing of the base that it was typed on.
desk.autocomplete = "off";

const restored = offerBack(desk, place, { typed, changed, save: saveNow, clean });
