// The player's own tools: how fast, remembered in this browser, and on a phone a small one that stays at the bottom.
{
  const KEPT = "draftmill-speed";
  const phone = matchMedia("(max-width: 959px)");
  const player = () => document.getElementById("player");
  const box = () => document.querySelector("[data-player-box]");
  const kept = () => {
    try {
      return localStorage.getItem(KEPT) ?? "1";
    } catch {
      return "1";
    }
  };
  const keep = (speed) => {
    try {
      localStorage.setItem(KEPT, speed);
    } catch { /* it holds until the page is left */ }
  };

  const pace = (speed) => {
    const select = document.querySelector("[data-speed]");
    if (!select) return;
    if ([...select.options].some((option) => option.value === speed)) select.value = speed;
    player().defaultPlaybackRate = player().playbackRate = Number(select.value);
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-speed]")) return;
    keep(event.target.value);
    pace(event.target.value);
  });

  const tell = () => {
    const toggle = document.querySelector("[data-toggle-play]");
    if (!toggle) return;
    const { paused, currentTime } = player();
    toggle.setAttribute("aria-label", paused ? "Play" : "Pause");
    toggle.querySelector("use").setAttribute("href", paused ? "/static/vendor/icons.svg#play" : "/static/vendor/icons.svg#pause");
    const time = new Date(currentTime * 1000).toISOString().slice(11, 19); // 02:05:30
    document.querySelector("[data-now]").textContent = time.replace(/^(00:0?|0)/, "");
  };
  const small = (is) => {
    const whole = box();
    if (!whole || whole.classList.contains("small") === is) return;
    whole.style.minHeight = is ? `${whole.offsetHeight}px` : "";
    whole.classList.toggle("small", is);
    if (player().tagName === "VIDEO") player().controls = !is;
    tell();
  };
  let away = false;
  let watched = null;
  const watch = new IntersectionObserver(([entry]) => {
    away = !entry.isIntersecting && entry.boundingClientRect.top < 0;
    small(away && phone.matches);
  });
  const settle = () => {
    if (!player()) return;
    pace(document.querySelector("[data-speed]")?.dataset.chosen ?? kept());
    if (watched !== box()) {
      watch.disconnect();
      watched = box();
      if (watched) watch.observe(watched);
    }
    box()?.classList.remove("small");
    small(away && phone.matches);
  };
  phone.addEventListener("change", () => small(away && phone.matches));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggle-play]")) player().paused ? player().play().catch(() => {}) : player().pause();
  });
  for (const name of ["play", "pause", "timeupdate"]) document.addEventListener(name, tell, true);
  document.addEventListener("htmx:after:swap", settle);
  settle();
}
