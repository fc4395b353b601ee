// A passage of a text field: found again by its lines and words, shown, and written anew so that Ctrl-Z takes it back.
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const CLOCK = /^\d{1,3}(:[0-5]\d){1,2}$/;
const seconds = (clock) => clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

// Where lines "from-to" of a field begin and end; all of it with no lines, for a post is a field of its own.
export const span = (field, lines) => {
  const [first, last] = lines.split("-").map(Number);
  if (!last) return [0, field.value.length];
  const all = field.value.split("\n");
  const start = all.slice(0, first).reduce((sum, line) => sum + line.length + 1, 0);
  return [start, start + all.slice(first, last).join("\n").length];
};

// A field that takes the focus anew scrolls to what is selected; on a phone it is opened first.
export const select = (field, from, to) => {
  document.dispatchEvent(new Event("draftmill:edit"));
  field.blur();
  field.setSelectionRange(from, to);
  field.focus();
};

// Another text from one place to another, as if it were typed.
export const put = (field, from, to, text) => {
  field.focus();
  field.setSelectionRange(from, to);
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

// Words may stand over two lines, and between marks of emphasis. A time is a link: its place changes with it.
const sought = (words, instead) => {
  if (CLOCK.test(words) && CLOCK.test(instead)) {
    const link = new RegExp(`\\[${literal(words)}\\]\\(time:[\\d.]+\\)`);
    return [[link, `[${instead}](time:${seconds(instead)})`], [new RegExp(literal(words)), instead]];
  }
  return [[new RegExp(words.trim().split(/\s+/).map(literal).join("[\\s>*_]+")), instead]];
};

// True when the words stood in the passage and others stand there now.
export const write = (field, [from, to], words, instead) => {
  const passage = field.value.slice(from, to);
  for (const [pattern, text] of sought(words, instead)) {
    const found = passage.match(pattern);
    if (!found) continue;
    const start = from + found.index;
    select(field, start, start + found[0].length);
    put(field, start, start + found[0].length, text);
    field.setSelectionRange(start, start + text.length);
    return true;
  }
  return false;
};
