// What was typed and never saved is put back, with the base that it was typed on: to keep, or to drop.
import { clock, dropped, forget, keep, kept, ofMine, orphans, tooLate } from "./keep.js";

// As the server stores it: what differs by nothing else was saved, only its answer was lost.
const stored = (fields) => JSON.stringify(fields.map(([name, value]) => {
  const text = value.replace(/\r\n?/g, "\n");
  if (name === "title") return [name, text.split(/\s+/).filter(Boolean).join(" ")];
  return [name, name === "post" ? text.trim() : text];
}).filter(([name, text]) => name !== "post" || text));

// `desk` is its form; `typed` what stands in it as JSON, `changed` and `save` what the editor does.
export const offerBack = (desk, place, { typed, changed, save, clean }) => {
  const note = desk.querySelector("[data-restored]");
  const based = desk.elements.based_on;
  const state = desk.querySelector("[data-saved]");
  const before = { base: based.value, fields: JSON.parse(typed()), says: state.textContent };
  const restored = { putting: false, undecided: false };

  const put = (fields) => {
    restored.putting = true;
    const posts = fields.filter(([name]) => name === "post").map(([, text]) => text);
    for (const [name, value] of fields) if (name !== "post" && desk.elements[name]) desk.elements[name].value = value;
    desk.querySelector("[data-posts]")?.dispatchEvent(new CustomEvent("draftmill:posts", { detail: posts }));
    (desk.elements.body ?? desk).dispatchEvent(new Event("input", { bubbles: true }));
    restored.putting = false;
  };
  const decided = () => {
    restored.undecided = false;
    note.hidden = true;
  };
  const offer = (entry) => {
    restored.undecided = true;
    based.value = entry.base;
    put(entry.fields);
    desk.dataset.dirty = "";
    // Its place is taken over before the old one is given up.
    if (keep(place, { label: entry.label, base: entry.base, fields: entry.fields, at: entry.at })) forget(entry.key);
    state.textContent = "Unsaved";
    note.querySelector("[data-at]").textContent = clock(entry.at);
    note.querySelector("[data-since]").hidden = entry.base === before.base;
    note.hidden = false;
  };
  const differing = (entries) => entries.find((entry) => {
    if (stored(entry.fields) !== stored(before.fields)) return true;
    forget(entry.key);
    return false;
  });

  note.addEventListener("click", (event) => {
    const button = event.target.closest("[data-restore]");
    if (!button) return;
    decided();
    if (button.dataset.restore === "drop") {
      const [base, fields] = [based.value, JSON.parse(typed())];
      const at = ofMine(place)?.at ?? Date.now();
      dropped(() => offer({ key: "", label: desk.dataset.label, base, fields, at }));
      based.value = before.base;
      put(before.fields);
      clean();
      state.textContent = before.says;
      desk.addEventListener("input", tooLate, { once: true });
    } else {
      changed();
      save();
    }
    (desk.elements.body ?? desk.elements.post?.[0] ?? desk.elements.post)?.focus({ preventScroll: true });
  });
  desk.addEventListener("input", () => { if (!restored.putting && restored.undecided) decided(); });

  const look = async () => {
    const mine = differing(kept(place).filter(({ here }) => here));
    const left = mine ?? differing(await orphans(place));
    if (left && !("dirty" in desk.dataset)) offer(left);
  };
  // Not before htmx listens, or the preview would not hear of it: it begins by a timer that it has set already.
  document.addEventListener("DOMContentLoaded", () => setTimeout(look));
  return restored;
};
