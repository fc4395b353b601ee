// The strip of screenshots: a press puts one into the text, or in the place of the picture that is chosen there. What
// is between two of them comes a second at a time from the recording itself.
import { chosen, clock, drawSoon } from "./chips.js";
import { put } from "./passage.js";
import { post } from "./post.js";
import { tooLate } from "./keep.js";

const strip = document.querySelector("[data-pictures]");
const field = document.getElementById("body");
const panel = strip.querySelector("[data-chosen]");
const large = panel.querySelector("[data-large]");
const alt = panel.querySelector("[data-alt]");
const use = panel.querySelector("[data-use]");
const opener = document.querySelector("[data-write=picture]");
const url = strip.dataset.pictures;
const PAUSE_MS = 200;
let mark = null;
let placed = null;
let returns = null;
let second = null;
let been = false;

const say = (words) => { document.getElementById("say-page").textContent = words; };
const known = (n) => strip.querySelector(`[data-picture="${n}"]`);
const source = (text, n) => `![${text.replace(/[[\]\\`<\s]+/g, " ").trim()}](shot:${n})`;
const open = (as) => {
  if (as && strip.hidden) returns = document.activeElement;
  strip.hidden = !as;
  opener.setAttribute("aria-expanded", String(as));
};

// A picture between two lines is a paragraph; in the middle of one it stays where the caret is.
const empty = (lines) => "\n".repeat(2 - [...lines].reduce((count, letter) => count + (letter === "\n"), 0));
const gaps = (at) => {
  const [before, after] = [field.value.slice(Math.max(0, at - 2), at), field.value.slice(at, at + 2)];
  const edge = !before || before.endsWith("\n") || !after || after.startsWith("\n");
  if (!edge) return ["", ""];
  return [before && empty(before.endsWith("\n") ? before : ""), after && empty(after.startsWith("\n") ? after : "")];
};
// In the place of a picture, or where the caret is.
const place = (text, old) => {
  const at = been ? field.selectionEnd : field.value.length;
  const [start, end] = old ? [old.start, old.end] : [at, at];
  const [lead, trail] = old ? ["", ""] : gaps(at);
  put(field, start, end, lead + text + trail);
  // What is typed next stands behind it.
  placed = start + lead.length;
  field.setSelectionRange(placed + text.length, placed + text.length);
  drawSoon();
};
// A paragraph of its own goes with the empty line that it leaves.
const remove = () => {
  const [before, after] = [field.value.slice(0, mark.start), field.value.slice(mark.end)];
  const alone = /(^|\n)$/.test(before) && /^(\n|$)/.test(after);
  const last = !after.trim();
  const lead = alone && last ? before.match(/\n*$/)[0].length : 0;
  const trail = alone && !last ? after.match(/^\n*/)[0].length : 0;
  const [start, end] = [mark.start - lead, mark.end + trail];
  const cut = field.value.slice(start, end);
  put(field, start, end, "");
  const left = field.value;
  // The browser's own Undo would take back what was typed last, wherever that was.
  const undo = () => {
    if (field.value === left) put(field, start, start, cut);
    else say("Changed since: nothing was undone.");
  };
  document.dispatchEvent(new CustomEvent("draftmill:notice", { detail: { words: "Removed.", undo } }));
  field.form.addEventListener("input", tooLate, { once: true });
};

const found = () => {
  const one = chosen(placed);
  return one ? { ...one, selected: one.start === field.selectionStart } : null;
};
const show = () => {
  const before = mark;
  mark = found();
  panel.hidden = !mark;
  const button = mark && known(mark.n);
  if (mark && (mark.start !== before?.start || (mark.selected && !before.selected))) open(true);
  strip.querySelectorAll("[aria-pressed]").forEach((one) => one.removeAttribute("aria-pressed"));
  button?.setAttribute("aria-pressed", "true");
  if (!mark) return;
  const at = Number(button?.dataset.at ?? 0);
  second = null;
  tell(button ? `${url}/screenshots/${mark.n}` : "", at);
  alt.value = mark.alt;
  panel.dataset.at = Math.floor(at);
};
const tell = (picture, at) => {
  large.src = picture;
  panel.querySelector("[data-moment]").textContent = clock(at);
  panel.querySelector("[data-not-yet]").hidden = second === null;
  if (use) use.hidden = second === null;
};
// Who steps fast asks only for where they stay; what is not seen yet is not used.
let asking;
const step = (by) => {
  const from = second ?? Math.min(Number(panel.dataset.at), Number(strip.dataset.last));
  second = Math.max(0, Math.min(Number(strip.dataset.last), from + by));
  clearTimeout(asking);
  asking = setTimeout(() => { if (second !== null) tell(`${url}/frames/${second}`, second); }, PAUSE_MS);
  tell(large.src, second);
  use.disabled = true;
};
large.addEventListener("load", () => { if (use && second !== null && large.src.endsWith(`/frames/${second}`)) use.disabled = false; });
large.addEventListener("error", () => {
  if (second !== null) say("The recording has no picture at that second.");
});

const listed = ({ n, time_s }) => {
  if (known(n)) return;
  const row = strip.querySelector(".strip li").cloneNode(true);
  const button = row.querySelector("button");
  Object.assign(button.dataset, { picture: n, at: time_s });
  button.removeAttribute("aria-pressed");
  button.querySelector("img").src = `${url}/screenshots/${n}?size=thumb`;
  button.lastElementChild.lastChild.textContent = clock(time_s);
  const later = [...strip.querySelectorAll("li")].find((one) => Number(one.firstElementChild.dataset.at) > time_s);
  strip.querySelector(".strip").insertBefore(row, later ?? null);
};
const keep = async () => {
  const outcome = await post(`${url}/screenshots`, new URLSearchParams({ second }));
  if (!outcome.ok) return say(`${outcome.error.message} ${outcome.error.hint}`);
  const made = JSON.parse(outcome.text);
  listed(made);
  place(source(alt.value, made.n), mark);
};

strip.addEventListener("pointerdown", (event) => { if (event.target.closest("[data-picture]")) event.preventDefault(); });
strip.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  // One that was just put in is not chosen: the next one comes behind it.
  const old = mark?.selected ? mark : null;
  if (button?.dataset.picture) place(source(old?.alt ?? "", button.dataset.picture), old);
  else if (button?.dataset.step) step(Number(button.dataset.step));
  else if (button?.matches("[data-remove]")) remove();
  else if (button === use && use) keep();
});
// What is typed here is not the text, until it is put there.
strip.addEventListener("input", (event) => event.stopPropagation());
const describe = () => {
  if (!mark || alt.value === mark.alt) return;
  const text = source(alt.value, mark.n);
  mark = { ...mark, alt: alt.value }; // leaving the field tells of the change once more
  const within = document.activeElement;
  place(text, mark);
  if (within === alt) alt.focus();
};
alt.addEventListener("change", describe);
alt.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  describe();
});
const close = (event) => {
  if (event.key !== "Escape" || strip.hidden) return;
  event.stopPropagation();
  const within = strip.contains(document.activeElement);
  describe();
  open(false);
  if (within) (returns.closest("#write") ? returns : opener).focus();
};
for (const part of [strip, field]) part.addEventListener("keydown", close);
field.addEventListener("focus", () => { been = true; });
field.addEventListener("draftmill:pictures", () => open(strip.hidden));
document.addEventListener("draftmill:chosen", () => {
  if (panel.contains(document.activeElement) && mark && second !== null) return;
  if (document.activeElement !== field && mark && found()?.start === mark.start) mark = found();
  else show();
});
