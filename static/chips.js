// Marks of times and pictures are chips over the text, with the moment and the picture in them. The text itself stays
// what it is, to the letter: a layer of the same letters lies over it, and only the chips of it are seen.
const field = document.getElementById("body");
const layer = document.querySelector("[data-chips]");
const toggle = document.querySelector("[data-write=raw]");
const place = layer.dataset.chips;
const MARK = /!\[([^[\]\n]{0,500})\]\(shot:(\d{1,6})\)|\[([^[\]\n]{0,500})\]\(time:(\d{1,6}(?:\.\d{1,3})?)\)/g;
const LONGEST = 200000;
const KEY = "draftmill-raw";
let marks = [];
let waiting = false;
let last = 0;
let pressed = false;

export const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const rest = `${String(Math.floor(whole / 60) % 60).padStart(whole < 3600 ? 1 : 2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return whole < 3600 ? rest : `${Math.floor(whole / 3600)}:${rest}`;
};
const raw = () => field.parentElement.classList.contains("raw");
const shot = (n) => document.querySelector(`[data-picture="${n}"]`);

// The marks of the text: {start, end, n, alt} of a picture, {start, end, at, words} of a time.
const find = (text) => [...text.matchAll(MARK)].map((found) => {
  const span = { start: found.index, end: found.index + found[0].length };
  if (found[2]) return { ...span, n: Number(found[2]), alt: found[1] };
  return { ...span, at: Number(found[4]), words: found[3] };
});
// The picture that is selected, or the one that was just put at `placed`, with the caret right behind it; or none.
export const chosen = (placed) => marks.find(({ n, start, end }) => n !== undefined && end === field.selectionEnd
  && (start === field.selectionStart || (start === placed && end === field.selectionStart)));

const words = (mark) => {
  if (mark.n === undefined) return mark.words.includes(clock(mark.at)) ? mark.words : `${mark.words} ${clock(mark.at)}`.trim();
  const known = shot(mark.n);
  return mark.alt || (known ? clock(Number(known.dataset.at)) : `${mark.n}`);
};
const chip = (mark) => {
  const made = Object.assign(document.createElement("span"), { className: "over" });
  const face = Object.assign(document.createElement("span"), { className: "face" });
  if (mark.n !== undefined && shot(mark.n)) face.append(Object.assign(document.createElement("img"), { src: `${place}/screenshots/${mark.n}?size=thumb`, alt: "" }));
  face.append(words(mark));
  const letters = Object.assign(document.createElement("span"), { className: "letters" });
  letters.append(field.value.slice(mark.start, mark.end));
  made.append(letters, face);
  made.classList.toggle("chosen", field.selectionStart < mark.end && field.selectionEnd > mark.start);
  return made;
};
const draw = () => {
  waiting = false;
  const shown = !raw() && field.value.length <= LONGEST;
  marks = shown ? find(field.value) : [];
  const parts = [];
  let end = 0;
  for (const mark of marks) {
    parts.push(field.value.slice(end, mark.start), chip(mark));
    end = mark.end;
  }
  // A last line without a letter is a line too.
  layer.replaceChildren(...(marks.length ? [...parts, `${field.value.slice(end)}\u200b`] : []));
  const broken = [...layer.children].filter((made) => made.getClientRects().length > 1);
  broken.forEach((made) => made.classList.add("broken"));
  layer.dispatchEvent(new Event("draftmill:chosen", { bubbles: true }));
};
export const drawSoon = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(draw);
};

// Nobody stands inside a chip: a press chooses all of it, the arrows step over it.
const inside = (at) => marks.find(({ start, end }) => at > start && at < end);
const settle = () => {
  if (document.activeElement !== field) return;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  const mark = inside(from);
  if (from === to && mark) {
    if (pressed) field.setSelectionRange(mark.start, mark.end);
    else field.setSelectionRange(...(last <= mark.start ? [mark.end, mark.end] : [mark.start, mark.start]));
  }
  last = field.selectionStart;
  drawSoon();
};
document.addEventListener("selectionchange", settle);
field.addEventListener("pointerdown", () => { pressed = true; });
field.addEventListener("keydown", () => { pressed = false; });
// It goes as one, as it came.
field.addEventListener("beforeinput", (event) => {
  if (field.selectionStart !== field.selectionEnd) return;
  const side = { deleteContentBackward: "end", deleteContentForward: "start" }[event.inputType];
  const mark = side && find(raw() ? "" : field.value).find((one) => one[side] === field.selectionStart);
  if (!mark) return;
  event.preventDefault();
  field.setSelectionRange(mark.start, mark.end);
  document.execCommand("delete");
});
field.addEventListener("input", draw);
addEventListener("resize", drawSoon);

const show = (as) => {
  field.parentElement.classList.toggle("raw", as);
  toggle.setAttribute("aria-pressed", String(as));
  draw();
};
const kept = () => {
  try { return localStorage.getItem(KEY) === "1"; } catch { return false; }
};
field.addEventListener("draftmill:raw", () => {
  show(!raw());
  try { localStorage.setItem(KEY, raw() ? "1" : ""); } catch { /* then it holds for this page */ }
});
show(kept());
