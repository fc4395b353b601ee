// <div data-format>: buttons and keys that write Markdown into the text, as if it were typed: the browser takes it back.
import { put } from "./passage.js";

const bar = document.querySelector("[data-format]");
const field = document.getElementById("body");
const buttons = [...bar.querySelectorAll("button")];
const KEYS = { b: "bold", i: "italic", k: "link" };
const ADDRESS = /^(https?:\/\/|www\.)\S+$/;

// What is selected, without the spaces around it: emphasis around a space is none.
const selection = () => {
  let [from, to] = [field.selectionStart, field.selectionEnd];
  while (from < to && /\s/.test(field.value[from])) from += 1;
  while (to > from && /\s/.test(field.value[to - 1])) to -= 1;
  return [from, to, field.value.slice(from, to)];
};
const replace = (from, to, text, start = from, end = from + text.length) => {
  put(field, from, to, text);
  field.setSelectionRange(start, end);
};
// How many stars stand on a side of a place: two are bold, one is italic, three are both.
const stars = (text) => text.match(/^\*{0,3}/)[0].length;
const has = (count, mark) => (mark.length === 2 ? count >= 2 : count % 2 === 1);

// Of a line: the marks of quotes, lists and headings, behind which emphasis begins; and what cannot have any.
const LEAD = /^\s*(?:>\s?|[-+*]\s+|\d{1,9}[.)]\s+|#{1,6}\s+)*/;
const PLAIN = /^(?:!\[[^\]]*\]\([^)]*\)|[-*_=|:`~\s]*)$/;
// Words without the marks of one kind inside; stars in code, escaped, between spaces or numbers are none.
const bare = (words, mark) => words.replace(/\\.|`[^`]*`|\d\*+(?=\d)|(?<=\S)\*{1,3}|\*{1,3}(?=\S)/g,
  (found) => (found[0] === "*" && has(found.length, mark) ? found.slice(mark.length) : found));
const wrapped = (words, mark) => {
  const ends = Math.min(stars(words), stars([...words].reverse().join("")));
  const inside = words.slice(ends, -ends);
  return inside && has(ends, mark) && bare(inside, mark) === inside;
};
const emphasis = (mark, instead) => () => {
  let [from, to, text] = selection();
  const size = mark.length;
  const before = stars([...field.value.slice(Math.max(0, from - 3), from)].reverse().join(""));
  const after = stars(field.value.slice(to, to + 3));
  if (text && has(before, mark) && has(after, mark)) [from, to, text] = [from - size, to + size, mark + text + mark];
  if (!text) return replace(from, to, mark + instead + mark, from + size, from + size + instead.length);
  const begins = !from || field.value[from - 1] === "\n";
  const parts = text.split("\n").map((line, n) => {
    const [lead] = n || begins ? line.match(LEAD) : [""];
    const words = line.slice(lead.length).trimEnd();
    return { lead, words, rest: line.slice(lead.length + words.length), plain: PLAIN.test(words) };
  });
  const all = parts.every(({ words, plain }) => plain || wrapped(words, mark));
  const put = (words) => (all ? words.slice(size, -size) : mark + bare(words, mark) + mark);
  return replace(from, to, parts.map(({ lead, words, rest, plain }) => lead + (plain ? words : put(words)) + rest).join("\n"));
};
const lines = () => {
  const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const end = field.value.indexOf("\n", Math.max(from, field.selectionEnd - (field.selectionEnd > field.selectionStart)));
  return [from, end < 0 ? field.value.length : end];
};
const each = (change) => () => {
  const [from, to] = lines();
  const old = field.value.slice(from, to).split("\n");
  const text = change(old).join("\n");
  if (old.length > 1) return replace(from, to, text);
  const caret = Math.max(from, field.selectionEnd + text.length - (to - from));
  return replace(from, to, text, caret, caret);
};
const prefix = (mark, other = "") => each((all) => {
  const marked = all.every((line) => !line.trim() || line.startsWith(mark));
  if (marked && all.some((line) => line.trim())) return all.map((line) => (line.startsWith(mark) ? line.slice(mark.length) : line));
  return all.map((line) => (line.startsWith(mark) || (!line.trim() && all.length > 1) ? line : mark + line.replace(other, "")));
});
// A heading, a smaller one, none.
const HEADINGS = { "": "## ", "# ": "## ", "## ": "### " };
const heading = each(([first, ...others]) => {
  const [, level, words] = first.match(/^(#{1,6} |)(.*)$/);
  return [(HEADINGS[level] ?? "") + words, ...others];
});
const link = () => {
  const [from, to, text] = selection();
  const address = ADDRESS.test(text) ? text : "https://";
  const words = ADDRESS.test(text) || !text ? "text" : text;
  const start = ADDRESS.test(text) || !text ? from + 1 : from + words.length + 3;
  replace(from, to, `[${words}](${address})`, start, start + (start === from + 1 ? words.length : address.length));
};
const undo = () => {
  field.focus();
  document.execCommand("undo");
};
const verbs = {
  bold: emphasis("**", "bold words"), italic: emphasis("*", "words in italics"),
  heading, list: prefix("- ", /^(?:[+*]|\d{1,9}[.)]) /), quote: prefix("> "), link, undo,
  picture: () => field.dispatchEvent(new Event("draftmill:pictures")),
  raw: () => field.dispatchEvent(new Event("draftmill:raw")),
};

bar.addEventListener("pointerdown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
bar.addEventListener("click", (event) => { verbs[event.target.closest("button")?.dataset.write]?.(); });
field.addEventListener("keydown", (event) => {
  const verb = KEYS[event.key.toLowerCase()];
  if (!verb || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  verbs[verb]();
});
// One stop for Tab; the arrows go from button to button.
bar.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = buttons.indexOf(document.activeElement);
  const next = buttons[(at + step + buttons.length) % buttons.length];
  buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
  next.focus();
  event.preventDefault();
});
