// What was typed and never saved is found again from every page: to open, to copy, or to drop. Who signs out is asked
// what becomes of it, for the next person at this browser could dig it out.
import { clock, dropped, forget, keepAgain, kept, orphans } from "./keep.js";

const MOST = 5;
const element = (tag, facts, ...parts) => {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...parts);
  return made;
};
const words = (entry) => entry.fields.map(([, text]) => text).filter(Boolean).join("\n\n");

const item = (entry) => {
  const shown = element("details", { className: "opens" },
    element("summary", { textContent: "Show the text" }),
    element("textarea", { readOnly: true, rows: 6, value: words(entry), ariaLabel: `What you typed in ${entry.label}` }));
  const drop = element("button", { type: "button", className: "button ghost", textContent: "Drop it" });
  const row = element("li", {},
    element("p", {}, element("strong", { textContent: entry.label }), `, typed at ${clock(entry.at)}`),
    element("a", { className: "button", href: entry.place, textContent: "Open it" }), drop, shown);
  drop.addEventListener("click", () => {
    const list = row.parentElement;
    const told = list.closest(".unsaved");
    const next = row.nextSibling;
    forget(entry.key);
    row.remove();
    if (!list.children.length) told.remove();
    dropped(() => {
      keepAgain(entry);
      if (!told.isConnected) document.querySelector("main").prepend(told);
      list.insertBefore(row, next?.parentElement === list ? next : null);
      drop.focus();
    });
  });
  return row;
};
const tellOf = (entries) => {
  const told = element("section", { className: "card unsaved form", ariaLabel: "Not saved yet" },
    element("p", { textContent: "What you typed here was not saved yet. This browser has kept it." }),
    element("ul", {}, ...entries.slice(0, MOST).map(item)));
  document.querySelector("main").prepend(told);
};
if (!document.querySelector("[data-editor]")) orphans().then((all) => {
  const entries = all.filter(({ place }) => place !== location.pathname); // its own page puts it back itself
  if (entries.length) tellOf(entries);
});

const leaving = document.getElementById("leaving");
document.addEventListener("submit", (event) => {
  if (event.target.id !== "leave") return;
  const entries = kept();
  const answer = event.submitter?.value;
  if (answer === "forget") {
    document.dispatchEvent(new Event("draftmill:forget"));
    entries.forEach(({ key }) => forget(key));
  } else if (answer !== "keep" && entries.length) {
    event.preventDefault();
    leaving.hidden = false;
    leaving.querySelector("button").focus();
  }
});
