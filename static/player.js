// The transcript and its recording: a click on a sentence plays it, the playing one is marked. Where it is, is told.
{
  const player = () => document.getElementById("player");
  const spans = () => [...document.querySelectorAll("[data-plays] .said")];
  let marked = null;

  // What begins last at or before a moment: by bisection, an hour has a thousand sentences.
  const atMoment = (elements, seconds, start) => {
    let low = 0;
    let high = elements.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(start(elements[middle])) <= seconds + 0.05) low = middle + 1;
      else high = middle;
    }
    return elements[low - 1] ?? null;
  };

  const mark = () => {
    const media = player();
    if (!media) return;
    const started = media.currentTime > 0 || !media.paused;
    const span = started ? atMoment(spans(), media.currentTime, (element) => element.dataset.at) : null;
    const playing = span && media.currentTime <= Number(span.dataset.to) + 0.8 ? span : null;
    if (marked !== playing) marked?.classList.remove("playing");
    playing?.classList.add("playing");
    marked = playing;
    document.dispatchEvent(new CustomEvent("draftmill:at", { detail: { media, started, playing } }));
    const links = [...document.querySelectorAll(".chapters a[data-seek]")];
    const here = started ? atMoment(links, media.currentTime, (element) => element.dataset.seek) : null;
    for (const link of links) {
      if (link === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const seek = (seconds, play = true) => {
    const media = player();
    if (!media) return false;
    const go = () => {
      document.dispatchEvent(new Event("draftmill:sought"));
      media.currentTime = Math.max(0, Number(seconds));
      if (play) media.play().catch(() => {});
      mark();
    };
    if (media.readyState >= 1) go();
    else {
      media.addEventListener("loadedmetadata", go, { once: true });
      media.load();
    }
    return true;
  };

  // Who presses a sentence twice means to edit it: then nothing plays, and nothing moves away under the pointer.
  const TWICE_MS = 250;
  let once = 0;
  document.addEventListener("click", (event) => {
    clearTimeout(once);
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("a[data-seek]");
    const span = event.target.closest("[data-plays] .said");
    if (link && seek(link.dataset.seek)) event.preventDefault();
    else if (span && event.detail < 2 && getSelection().isCollapsed) once = setTimeout(seek, TWICE_MS, span.dataset.at);
  });

  // Keys and panels ask for a moment, or for the sentence before or after the one that plays.
  document.addEventListener("draftmill:seek", ({ detail }) => {
    if (detail.by === undefined) return seek(detail.seconds, detail.play ?? true);
    const all = spans();
    const now = atMoment(all, player()?.currentTime ?? 0, (element) => element.dataset.at);
    const next = all[Math.max(0, all.indexOf(now) + detail.by)];
    if (next) seek(next.dataset.at);
  });

  for (const name of ["timeupdate", "seeked", "play"]) document.addEventListener(name, mark, true);
  document.addEventListener("htmx:after:swap", mark);
  const wished = new URLSearchParams(location.search).get("t");
  if (wished !== null && Number(wished) >= 0) seek(wished, false);
}
