// The recording by keys, and the sentences: one of them is a stop of the Tab key, arrows and a click lead to the others.
{
  const player = () => document.getElementById("player");
  const sentences = () => [...document.querySelectorAll(".transcript .said")];
  const seek = (detail) => document.dispatchEvent(new CustomEvent("draftmill:seek", { detail }));
  const by = (seconds) => () => seek({ seconds: player().currentTime + seconds, play: !player().paused });
  const toggle = () => (player().paused ? player().play().catch(() => {}) : player().pause());
  const KEYS = {
    " ": toggle,
    k: toggle,
    j: () => seek({ by: -1 }),
    l: () => seek({ by: 1 }),
    ArrowLeft: by(-5),
    ArrowRight: by(5),
  };

  const stop = (sentence) => {
    for (const old of document.querySelectorAll(".transcript .said[tabindex='0']")) if (old !== sentence) old.tabIndex = -1;
    if (sentence) sentence.tabIndex = 0;
  };
  const settle = () => {
    for (const one of document.querySelectorAll(".transcript .said:not([tabindex])")) one.tabIndex = -1;
    if (!document.querySelector(".transcript .said[tabindex='0']")) stop(document.querySelector(".transcript .said"));
  };
  const go = (sentence, step) => {
    const all = sentences();
    const next = all[all.indexOf(sentence) + step];
    if (!next) return;
    stop(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const ROVES = {
    ArrowDown: (sentence) => go(sentence, 1),
    ArrowUp: (sentence) => go(sentence, -1),
    p: (sentence) => { if (sentence.closest("[data-plays]")) seek({ seconds: sentence.dataset.at }); },
  };

  // A key belongs to a field, a menu or a dialog before it belongs to the recording.
  const taken = ({ target, key }) =>
    (target.matches("[data-speed]") && /^( |Arrow)/.test(key)) ||
    target.closest("input, textarea, select:not([data-speed]), dialog, [contenteditable], [role=dialog], [role=menu]") ||
    (key === " " && target.closest("button, summary, [role=button]"));
  document.addEventListener("keydown", (event) => {
    const undo = document.getElementById("undo"); // that of the notice
    if (undo && event.key === "z" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && !event.defaultPrevented && !taken(event)) {
      event.preventDefault();
      undo.click();
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || taken(event)) return;
    const sentence = event.target.closest(".transcript .said");
    const act = (sentence && ROVES[event.key]) || (player() && KEYS[event.key]);
    if (!act) return;
    event.preventDefault();
    act(sentence);
  }, true);
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".transcript .said")) stop(event.target);
  });
  document.addEventListener("htmx:after:swap", settle);
  settle();
}
