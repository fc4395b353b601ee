// A sentence is edited where it stands: double click or Enter on it, Enter to save, Esc to leave it. What is typed is
// kept in this browser until the server has it, and never saved over what somebody else wrote meanwhile.
import { clock, dropped, forget, forgetMine, keep, keepAgain, kept, ofMine, onNewPage, orphans, tooLate } from "./keep.js";
import { post, tell } from "./post.js";

const WAITS_MS = [2000, 4000, 8000, 15000, 30000];
const SIGNED_OUT_MS = 4000;
const KEPT = "What you typed is kept in this browser";
const NOT_KEPT = "This browser refuses to keep what you typed: leave this page open until it is saved";
const root = () => document.querySelector("[data-edits]");
const said = (n) => document.getElementById(`s${n}`);
const address = (n) => `${root().dataset.edits}/${n}`;
const project = () => root().dataset.edits.replace(/\/segments$/, "");
const line = (text) => text.split(/\s+/).filter(Boolean).join(" ");
const notice = (words, undo) => document.dispatchEvent(new CustomEvent("draftmill:notice", { detail: { words, undo } }));
const say = (words) => document.dispatchEvent(new CustomEvent("draftmill:say", { detail: { value: words } }));

// The one that is open: its form and number, what stood there, whether it is kept (safe), a choice is asked for (asked),
// and a save was not answered, which may have arrived (doubt).
let open = null;
let timer, running;
let failures = 0;

const field = () => open.form.elements.text;
const dirty = () => open !== null && line(field().value) !== open.stood;
const place = () => address(open.n);
const keepNow = () => {
  if (!dirty()) return forgetMine(place());
  const label = `A sentence of ${root().dataset.label}`;
  open.safe = keep(place(), { label, base: open.form.elements.revision.value, fields: [["text", field().value]] });
};
const panel = () => open.form.querySelector("[data-told]");
const quiet = () => {
  panel().hidden = true;
  panel().replaceChildren();
};

// That it was edited is told between it and the next one, where its form may stand too.
const marks = (sentence) => {
  const found = [];
  for (let next = sentence.nextElementSibling; next && !next.matches(".said"); next = next.nextElementSibling) {
    if (next.matches(".by-you")) found.push(next);
  }
  return found;
};
const put = ({ n, text, heard, edited, doubtful, revision }) => {
  const sentence = said(n);
  if (!sentence) return;
  const captions = document.querySelector("#player track");
  if (captions) captions.src = captions.src.replace(/rev=.*/, `rev=s${revision}`);
  sentence.textContent = text;
  sentence.dataset.rev = revision;
  sentence.classList.toggle("doubtful", doubtful);
  sentence.title = doubtful ? "Hard to hear here: kept out of drafts" : "";
  for (const mark of marks(sentence)) mark.remove();
  delete sentence.dataset.heard;
  if (!edited) return;
  sentence.dataset.heard = heard;
  sentence.after(" ", Object.assign(document.createElement("small"), { className: "by-you", title: `Heard: ${heard}`, textContent: "edited by you" }));
};
const close = ({ keeping = false } = {}) => {
  const { n, form } = open;
  clearTimeout(timer);
  if (!keeping) forgetMine(place());
  open = null;
  failures = 0;
  if (form.closest("[data-back]")) return;
  form.remove();
  const sentence = said(n);
  if (!sentence) return;
  sentence.hidden = false;
  sentence.tabIndex = 0;
  sentence.focus({ preventScroll: true });
};

const undo = async (change, n) => {
  const outcome = await post(`${project()}/transcript/changes/${change}/undo`, new URLSearchParams());
  if (!outcome.ok) return say(`${outcome.error.message} ${outcome.error.hint}`);
  const answer = await fetch(address(n), { headers: { Accept: "application/json" } });
  if (!answer.ok) return location.reload();
  put(await answer.json());
  document.querySelector(".everywhere")?.remove();
  said(n)?.focus({ preventScroll: true });
  notice("Undone.");
};
const offer = (html, n) => {
  document.querySelector(".everywhere")?.remove();
  said(n)?.closest("p").insertAdjacentHTML("afterend", html);
  const offered = document.querySelector(".everywhere");
  if (!offered) return;
  htmx.process(offered);
  offered.scrollIntoView({ block: "nearest" });
};
const edited = ({ n, change, everywhere }) => {
  if (!change) return;
  notice("Edited.", () => undo(change, n));
  offer(everywhere, n);
};
const saved = (answer, sent) => {
  put(answer);
  if (open?.n !== answer.n) return edited(answer);
  if (field().value !== sent) {
    open.stood = answer.text;
    open.doubt = false;
    open.form.elements.revision.value = answer.revision;
    quiet();
    return keepNow();
  }
  const stays = open.form.isConnected && !open.form.closest("[data-back]");
  close();
  if (stays) return edited(answer);
  const change = answer.change ? `?note=edited&change=${answer.change}` : "";
  return location.assign(`${project()}${change}#s${answer.n}`);
};
const choose = () => {
  panel().querySelector("[data-choose]")?.remove();
  const words = Object.assign(document.createElement("p"), { textContent: "Choose “Save mine” or “Keep that” first." });
  words.dataset.choose = "";
  panel().querySelector("button").before(words);
};
// Nobody's words are overwritten unseen: both are shown, and one of them is chosen.
const conflict = ({ error, present, differs }) => {
  tell(panel(), { message: error.message, hint: `It says now: “${present.text}”` });
  panel().insertAdjacentHTML("beforeend", `<p><span dir="auto">${differs}</span></p>`); // marked and escaped by the server
  const way = (label, act) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
    button.addEventListener("click", act);
    return button;
  };
  const form = open.form;
  const mine = () => {
    form.elements.revision.value = present.revision;
    open.stood = present.text;
    open.asked = false;
    save();
  };
  const theirs = () => {
    const [typed, base] = [field().value, form.elements.revision.value];
    put(present);
    field().value = present.text;
    if (!form.closest("[data-back]")) {
      close();
      return notice("Left as it is there.", () => begin(said(present.n), { typed, base }));
    }
    form.elements.revision.value = present.revision;
    open.stood = present.text;
    open.asked = false;
    quiet();
    keepNow();
    field().focus();
    return notice("Left as it is there.", () => {
      field().value = typed;
      keepNow();
      field().focus();
    });
  };
  open.asked = true;
  open.doubt = false;
  panel().append(way("Save mine", mine), way("Keep that", theirs));
  // No button: who presses Enter once more would choose without having read.
  panel().tabIndex = -1;
  panel().focus();
};
const refused = ({ status, error }) => {
  keepNow();
  open.doubt ||= !status || status >= 500;
  const signedOut = status === 401 || error.code === "other_user";
  const passing = !status || signedOut || status === 408 || status === 429 || status >= 500;
  const next = passing ? "and saved by itself as soon as that is possible." : "until it can be saved.";
  const hint = open.safe === false ? `${NOT_KEPT}.` : `${KEPT}, ${next}`;
  tell(panel(), { ...error, hint: `${error.hint} ${hint}` }, passing ? "waiting" : "bad");
  clearTimeout(timer);
  if (passing) timer = setTimeout(save, signedOut ? SIGNED_OUT_MS : WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]);
  failures += 1;
};
const attempt = async () => {
  clearTimeout(timer);
  const { n, form } = open;
  const sent = field().value;
  const outcome = await post(form.action, new URLSearchParams(new FormData(form)));
  let answer = {};
  try { answer = JSON.parse(outcome.text) ?? {}; } catch { /* not ours: a proxy's page, or none */ }
  const odd = { message: "Something else than Draftmill answered.", hint: "Look whether this network wants you to sign in." };
  if (outcome.ok && "revision" in answer) saved(answer, sent);
  else if (open?.n !== n) return;
  else if (outcome.status === 409 && answer.present) conflict(answer);
  else refused(outcome.ok ? { status: 502, error: odd } : outcome);
};
const save = () => {
  if (running) {
    if (open) tell(panel(), { message: "Saving…", hint: "" }, "waiting");
    return running;
  }
  if (!open) return undefined;
  if (open.asked) return choose();
  if (!dirty() && !open.form.closest("[data-back]")) return close();
  keepNow();
  running = attempt().finally(() => { running = null; });
  return running;
};
const leave = async () => {
  if (running) {
    await save();
    if (!open || !panel().hidden) return undefined; // it is saved, or the form says why not
  }
  const { n, form, safe, doubt } = open;
  const [typed, base, changed] = [field().value, form.elements.revision.value, dirty()];
  const keeping = changed && doubt;
  close({ keeping });
  if (form.closest("[data-back]")) return location.assign(`${project()}#s${n}`);
  const words = keeping ? `The server did not answer: this may be saved.${safe ? ` ${KEPT}.` : ""}` : "Left as it was.";
  if (changed) notice(words, () => begin(said(n), { typed, base, doubt }));
  return undefined;
};

const wire = (form) => {
  form.autocomplete = "off";
  form.addEventListener("input", () => { keepNow(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && !event.shiftKey && event.target === field()) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  });
  form.querySelector("[data-leave]").addEventListener("click", leave);
  form.querySelector("[data-take-heard]").addEventListener("click", () => {
    field().value = form.querySelector(".heard q").textContent;
    field().focus();
    keepNow();
  });
};
// What was left in doubt is found again where it was left.
const leftAt = (n) => {
  const entry = ofMine(address(n));
  return entry && { typed: entry.fields[0][1], base: entry.base, doubt: true };
};
const begin = async (sentence, left) => {
  if (!sentence || (open && open.n === Number(sentence.id.slice(1)))) return;
  if (open) {
    await (running || dirty() ? save() : close());
    if (open) return field().focus();
  }
  const form = document.getElementById("edit-sentence").content.firstElementChild.cloneNode(true);
  const n = Number(sentence.id.slice(1));
  const { typed, base, doubt } = left ?? leftAt(n) ?? {};
  open = { form, n, stood: line(sentence.textContent), doubt };
  form.action = address(n);
  form.elements.revision.value = base ?? sentence.dataset.rev ?? root().dataset.revision;
  field().value = typed ?? sentence.textContent;
  if (sentence.dataset.heard) {
    form.querySelector(".heard").hidden = false;
    form.querySelector(".heard q").textContent = sentence.dataset.heard;
  }
  wire(form);
  sentence.hidden = true;
  sentence.after(form);
  document.getElementById("player")?.pause();
  field().focus();
  field().setSelectionRange(field().value.length, field().value.length);
  if (typed !== undefined) keepNow();
};

// What was typed and never saved is put back on the sentence's own page.
const restore = async () => {
  const mine = kept(place()).filter(({ here }) => here);
  const all = mine.length ? mine : await orphans(place());
  const entry = all.find(({ key, fields }) => {
    if (line(fields[0][1]) !== open.stood) return true;
    forget(key); // it was saved, only the answer was lost
    return false;
  });
  if (!entry || dirty()) return;
  const typed = entry.fields[0][1];
  const present = field().value;
  const now = open.form.elements.revision.value;
  field().value = typed;
  open.form.elements.revision.value = entry.base;
  keepNow();
  forget(entry.key);
  tell(panel(), { message: `Restored what you typed at ${clock(entry.at)}.`, hint: "It is not saved yet." }, "waiting");
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "button ghost", textContent: "Drop it" });
  drop.addEventListener("click", () => {
    dropped(() => {
      keepAgain(entry);
      restore();
    });
    open.form.addEventListener("input", tooLate, { once: true });
    field().value = present;
    open.form.elements.revision.value = now;
    keepNow();
    quiet();
    field().focus();
  });
  panel().append(drop);
};
const alone = document.querySelector("[data-back] [data-sentence]");
if (alone) {
  const { present } = root().dataset;
  open = { form: alone, n: Number(alone.action.split("/").pop()), stood: line(present) };
  wire(alone);
  restore();
}

const sentenceAt = (event) => event.target.closest?.("[data-edits] .said");
document.addEventListener("dblclick", (event) => {
  const sentence = sentenceAt(event);
  if (!sentence) return;
  getSelection().removeAllRanges();
  begin(sentence);
});
document.addEventListener("draftmill:edit", (event) => { begin(sentenceAt(event)); });
document.addEventListener("keydown", (event) => {
  const sentence = sentenceAt(event);
  if (!sentence || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    begin(sentence);
  }
});
// What came anew from the server took the form away: it opens again with what was typed.
document.addEventListener("htmx:after:swap", () => {
  if (!open || open.form.isConnected) return;
  const { n, form, doubt } = open;
  const [typed, base] = [field().value, form.elements.revision.value];
  clearTimeout(timer);
  open = null;
  if (said(n)) begin(said(n), { typed, base, doubt });
});
const again = () => { if (failures && dirty()) save(); };
window.addEventListener("online", again);
window.addEventListener("focus", again);
onNewPage(again);
document.addEventListener("draftmill:forget", () => { if (open) close(); });
window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
