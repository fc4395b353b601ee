// The desk keeps itself: saved a moment after the last key, said so, and never over somebody else's text.
{
  const desk = document.querySelector("form[data-editor]");
  const state = desk.querySelector("[data-saved]");
  const conflict = desk.querySelector("[data-conflict]");
  const based = desk.elements.based_on;
  const pause = 1500;
  let timer = null;
  let changes = 0;
  let saving = false;
  let stopped = false;

  const show = (words) => { state.textContent = words; };
  const dirty = () => "dirty" in desk.dataset;

  const refuse = ({ message, hint }, url) => {
    stopped = true;
    show("Not saved");
    conflict.hidden = false;
    const text = document.createElement("p");
    text.textContent = `${message} ${hint}`;
    conflict.replaceChildren(text);
    if (url) {
      const link = document.createElement("a");
      Object.assign(link, { href: url, className: "button", textContent: "Show both" });
      conflict.append(link);
    }
  };

  const later = (wait) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, wait);
  };

  const kept = (answer, seen) => {
    based.value = answer.based_on;
    show(`Saved, version ${answer.n}`);
    if (changes === seen) delete desk.dataset.dirty;
    else later(pause);
  };

  const save = async () => {
    clearTimeout(timer);
    if (saving || stopped || !dirty()) return;
    saving = true;
    const seen = changes;
    show("Saving…");
    try {
      const body = new URLSearchParams(new FormData(desk));
      const response = await fetch(desk.action, { method: "POST", headers: { Accept: "application/json" }, body });
      const answer = await response.json();
      if (response.ok) kept(answer, seen);
      else if (response.status >= 500) throw new Error(answer.error?.message);
      else refuse(answer.error, answer.url);
    } catch {
      show("Not saved yet, trying again");
      later(5000);
    } finally {
      saving = false;
    }
  };

  const changed = () => {
    changes += 1;
    desk.dataset.dirty = "";
    if (!saving && !stopped) show("Unsaved");
    later(pause);
  };

  const count = (output) => {
    const field = desk.elements[output.dataset.count];
    const length = [...field.value].length;
    output.textContent = `${length} / ${output.dataset.limit}`;
    output.classList.toggle("over", length > Number(output.dataset.limit));
  };

  desk.addEventListener("input", changed);
  desk.addEventListener("input", () => desk.querySelectorAll("output[data-count]").forEach(count));
  desk.addEventListener("click", (event) => {
    const other = event.target.closest("[data-subject]");
    if (!other) return;
    const field = desk.elements.title;
    [field.value, other.textContent] = [other.textContent, field.value];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // Saving by the button, or leaving by Done, posts the form as ever: nothing is left to warn about.
  desk.addEventListener("submit", () => { clearTimeout(timer); stopped = true; delete desk.dataset.dirty; });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      save();
    }
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
  // A page that comes back from the cache of the browser holds an old base.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
