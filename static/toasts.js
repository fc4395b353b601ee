// Toasts and notices close by their button, and toasts of good news by themselves once they could be read.
{
  const SHOWN_MS = 12000;
  document.addEventListener("click", ({ target }) => {
    const toast = target.closest?.("[data-close]") && target.closest(".toast, .notice .note");
    if (toast) toast.remove();
  });
  // By a poll and by a push: each once, also when it was closed. It is said in #say like all else, unless the page
  // has what says that end itself.
  const shown = new Set();
  // A row that had ended when the page was opened has said nothing of it.
  const ENDED = "[id^=project-]:not([data-job]), [id^=row-]:not([data-status=pending], [data-status=running])";
  const ended = new Map([...document.querySelectorAll(ENDED)].map(({ id, dataset }) => [id, dataset.rev]));
  const says = ({ id, dataset }) => !ended.has(id) || ended.get(id) !== dataset.rev;
  document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
    const said = [];
    for (const { fragment } of tasks ?? []) {
      for (const toast of fragment?.querySelectorAll("[id^=toast-]") ?? []) {
        if (shown.has(toast.id)) toast.remove();
        else if (![...document.querySelectorAll(toast.dataset.saidBy)].some(says)) said.push(toast.dataset.say);
        shown.add(toast.id);
      }
    }
    if (said.length) document.getElementById("say-toasts").textContent = said.join(" ");
  });
  const held = (toast) => document.hidden || !toast.checkVisibility() || toast.matches(":hover, :focus-within");
  setInterval(() => {
    for (const toast of document.querySelectorAll(".toast.good")) {
      if (held(toast)) continue;
      toast.seenMs = (toast.seenMs ?? 0) + 1000;
      if (toast.seenMs > SHOWN_MS) toast.remove();
    }
  }, 1000);
}
