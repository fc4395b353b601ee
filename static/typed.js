// What was typed into the panel and never reached the server is kept in this browser: after a reload it is offered on
// every page, and stands in the panel again. Who closes the panel gives that up, with Undo, and nothing that another
// tab holds; what was sent and not answered is kept, for it may be saved or not.
import { forget, forgetMine, keep, kept, ofMine, orphans } from "./keep.js";

const DOUBT = "The server did not answer: this may be saved. What you typed is kept in this browser.";
const panel = document.getElementById("panel");
let place = null;
const fields = () => [...panel.querySelectorAll("form :is(input:not([type=hidden], [type=checkbox]), textarea)")];
const named = (field) => `${new URL(field.form.action).pathname} ${field.name}`;
const changed = () => fields().filter((field) => field.value !== field.defaultValue);

const keepNow = () => {
  const typed = changed().map((field) => [named(field), field.value]);
  if (!typed.length) return forgetMine(place);
  const label = `${document.getElementById("panel-title").textContent} of ${document.querySelector("main h1").textContent}`;
  return keep(place, { label, base: "", fields: typed });
};
// One whose fields are here no more (a speaker was merged away) stays where it can be read and copied.
const fits = ({ fields: typed }) => {
  const here = new Set(fields().map(named));
  return typed.every(([name]) => here.has(name));
};
document.addEventListener("draftmill:panel", async ({ detail }) => {
  const opened = `${location.pathname}?open=${encodeURIComponent(detail.url)}`;
  place = opened;
  const mine = kept(place).filter(({ here }) => here);
  const entry = (mine.length ? mine : await orphans(place)).find(fits);
  if (!entry || place !== opened || !panel.open || changed().length) return;
  const typed = new Map(entry.fields);
  for (const field of fields()) if (typed.has(named(field))) field.value = typed.get(named(field));
  forget(entry.key);
  keepNow();
});
panel.addEventListener("input", keepNow);
// Saved is what was sent, whatever was typed, or pressed in vain, since.
document.addEventListener("draftmill:panel-saved", (event) => {
  const { form, body } = event.detail;
  for (const field of fields()) if (field.form === form && body.has(field.name)) field.defaultValue = body.get(field.name);
  doubted.delete(place);
  keepNow();
  if (changed().length) event.preventDefault();
});
const doubted = new Set();
document.addEventListener("htmx:error", ({ detail }) => {
  const { sourceElement, request } = detail?.ctx ?? {};
  if (panel.contains(sourceElement ?? null) && request?.method !== "GET") doubted.add(place);
});
const giveUp = () => {
  const mine = ofMine(place);
  const doubt = doubted.has(place);
  if (!doubt) forgetMine(place);
  if (!mine) return;
  const { label, base, fields: typed } = mine;
  const [closed, url] = [place, decodeURIComponent(place.split("?open=")[1])];
  const undo = () => {
    keep(closed, { label, base, fields: typed });
    document.dispatchEvent(new CustomEvent("draftmill:open-panel", { detail: { url } }));
  };
  document.dispatchEvent(new CustomEvent("draftmill:notice", { detail: { words: doubt ? DOUBT : "Not saved.", undo } }));
};
panel.addEventListener("close", () => { if (place) giveUp(); });
