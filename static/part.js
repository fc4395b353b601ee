// <form data-part>: what is marked in the editor, or where the caret stands, is the part that is written again.
const form = document.querySelector("form[data-part]");
const which = form?.elements.part;
const marked = form?.elements.marked;
const LONGEST = 70;

const around = (text, from, to) => {
  const gap = /\n[ \t]*\n/g;
  let start = 0;
  for (const { 0: found, index } of text.matchAll(gap)) {
    if (index >= to) return text.slice(start, index);
    if (index + found.length <= from) start = index + found.length;
  }
  return text.slice(start);
};
const mark = (text, id) => {
  const words = text.trim().split(/\s+/).join(" ");
  if (!words) return;
  marked.value = id ? "" : text;
  const option = which.querySelector("[data-marked]") ?? new Option("", "", true, true);
  option.dataset.marked = "";
  option.value = id;
  option.textContent = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
  which.prepend(option);
  which.value = id;
};
const look = ({ target }) => {
  if (target.name === "title") mark(`Title: ${target.value}`, "title");
  if (target.name === "post") mark(target.value, "");
  if (target.name === "body") mark(around(target.value, target.selectionStart, target.selectionEnd), "");
};

if (form) {
  for (const name of ["focusin", "keyup", "pointerup", "select"]) document.getElementById("desk").addEventListener(name, look);
  // Who chooses from the list means that, and not what was marked before.
  which.addEventListener("change", () => { if (which.value) marked.value = ""; });
}
