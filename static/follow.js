// The transcript follows what plays, until the reader scrolls: then a button leads back to the moment that plays.
{
  const SETTLES_MS = 500; // the way to what was pressed may still be scrolling
  const TRIES = 5;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const button = () => document.querySelector("[data-back-to]");
  const clock = (seconds) => {
    const whole = Math.floor(seconds);
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };
  let following = true;
  let ours = false; // it is this page that scrolls, not its reader
  let soughtAt = -Infinity;
  let tries = 0;
  let current = { media: null, started: false, playing: null };

  const inView = (element) => {
    const box = element?.getBoundingClientRect();
    return Boolean(box) && box.bottom > 0 && box.top < innerHeight;
  };
  const calm = (box) => box.top > innerHeight * 0.12 && box.bottom < innerHeight * 0.72;
  // Who marks words, or edits a sentence, is not taken away from them.
  const busy = () => document.activeElement?.closest("input, textarea, select:not([data-speed]), [contenteditable]") || !getSelection().isCollapsed || document.querySelector("dialog[open]");
  const settle = () => {
    const back = button();
    if (!back) return;
    back.hidden = following || !current.started;
    if (!back.hidden) back.textContent = `Back to ${clock(current.media.currentTime)}`;
  };
  // What was not laid out yet turns out to be of another height on the way: then once more, from nearer.
  const go = () => {
    const box = current.playing?.getBoundingClientRect();
    if (!box || calm(box) || tries-- <= 0) return;
    const top = Math.max(0, Math.min(scrollY + box.top - innerHeight * 0.3, document.documentElement.scrollHeight - innerHeight));
    if (Math.abs(top - scrollY) < 2) return;
    ours = true;
    scrollTo({ top, behavior: still.matches ? "instant" : "smooth" });
  };
  const show = (force = false) => {
    if (!force && busy()) return;
    tries = TRIES;
    go();
  };
  const stop = () => {
    if (ours) scrollTo({ top: scrollY, behavior: "instant" }); // the reader goes on from here
    ours = false;
    following = false;
    settle();
  };

  document.addEventListener("draftmill:at", ({ detail }) => {
    const moved = detail.playing !== current.playing;
    current = detail;
    if (following && moved && !detail.media.paused) show();
    settle();
  });
  document.addEventListener("draftmill:sought", () => {
    following = true;
    soughtAt = performance.now();
  });
  // Who plays it from above, where no transcript is in view, stays there.
  document.addEventListener("play", (event) => {
    if (event.target.id === "player" && following && !inView(document.querySelector("[data-plays]"))) stop();
  }, true);
  for (const name of ["wheel", "touchmove"]) {
    document.addEventListener(name, (event) => { if (!event.ctrlKey && current.started) stop(); }, { passive: true });
  }
  document.addEventListener("scroll", () => { if (!ours && current.started && performance.now() - soughtAt > SETTLES_MS) stop(); }, { passive: true });
  document.addEventListener("scrollend", () => {
    const wasOurs = ours;
    ours = false;
    if (wasOurs && following) go();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-back-to]")) return;
    following = true;
    show(true);
    settle();
  });
  document.addEventListener("htmx:after:swap", settle);
}
