// What was typed into the panel and never reached the server is kept in this browser: after a reload it is offered on
// every page, and stands in the panel again. Who closes the panel gives it up.
import { forget, keep, kept } from "./keep.js";

const panel = document.getElementById("panel");
let place = null;
const fields = () => [...panel.querySelectorAll("form :is(input:not([type=hidden], [type=checkbox]), textarea)")];
const named = (field) => `${new URL(field.form.action).pathname} ${field.name}`;

document.addEventListener("draftmill:panel", ({ detail }) => {
  place = `${location.pathname}?open=${encodeURIComponent(detail.url)}`;
  const typed = new Map(kept(place)[0]?.fields ?? []);
  for (const field of fields()) if (typed.has(named(field))) field.value = typed.get(named(field));
});
panel.addEventListener("input", () => {
  const changed = fields().filter((field) => field.value !== field.defaultValue);
  const label = `${document.getElementById("panel-title").textContent} of ${document.querySelector("main h1").textContent}`;
  if (changed.length) keep(place, { label, base: "", fields: changed.map((field) => [named(field), field.value]) });
  else kept(place).forEach(({ key }) => forget(key));
});
panel.addEventListener("close", () => kept(place).forEach(({ key }) => forget(key)));
