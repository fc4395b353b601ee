// What a part of the draft rests on, opened beside it by its mark. What was opened is known to have been looked at,
// and the marks follow the text: the preview brings them.
import { post } from "./post.js";
import { select, span, write } from "./passage.js";

const PATIENCE_MS = 20000;
const below = matchMedia("(max-width: 860px)");
const desk = document.querySelector("form[data-editor]");
const panel = document.getElementById("ground");
const reminder = desk.querySelector("[data-reminder]");
let opened = null;

const marks = () => [...desk.querySelectorAll("[data-mark]")];
const isSame = (mark) => opened !== null && mark.dataset.mark === opened.hash;
const shown = () => marks().find((mark) => isSame(mark) && mark.id === opened.id) ?? marks().find(isSame);
const open = (mark) => mark.matches(".weak:not(.looked)");
const left = () => Number(document.getElementById("trust").dataset.left);

const dress = () => {
  const current = shown();
  for (const mark of marks()) {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-controls", panel.id);
    mark.setAttribute("aria-expanded", String(mark === current));
  }
};
// Beside its mark, but not further down than the text goes.
const place = () => {
  const mark = shown();
  if (!mark || panel.hidden) return;
  const base = panel.parentElement.getBoundingClientRect();
  const wished = (mark.closest(".post") ?? mark).getBoundingClientRect().top - base.top;
  panel.parentElement.style.setProperty("--least", `${panel.offsetHeight + 2}px`);
  panel.style.setProperty("--at", `${Math.max(0, Math.min(wished, base.height - panel.offsetHeight))}px`);
};

const close = () => {
  const mark = shown();
  const within = panel.contains(document.activeElement);
  opened = null;
  panel.hidden = true;
  panel.replaceChildren();
  dress();
  if (within) (mark ?? desk.elements.body ?? desk.querySelector("textarea")).focus({ preventScroll: true });
};
const again = () => desk.dispatchEvent(new Event("draftmill:saved"));
const look = async (mark) => {
  if (open(mark) && (await post(`${addressOf(mark)}/look`, new URLSearchParams())).ok) again();
};
const addressOf = (mark) => `${new URL(mark.href).pathname}/${mark.dataset.mark}`;
const read = async (url) => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
};
// The next part that nobody has looked at, from the top again after the last.
const following = () => {
  const all = marks();
  const from = all.indexOf(shown()) + 1;
  return [...all.slice(from), ...all.slice(0, from)].find((mark) => open(mark) && !isSame(mark));
};
const show = async (mark) => {
  opened = { hash: mark.dataset.mark, id: mark.id };
  const wish = opened;
  dress();
  const html = await read(addressOf(mark));
  if (opened !== wish) return;
  if (html === null) {
    opened = null;
    dress();
    document.getElementById("say-page").textContent = "This cannot be shown now. Try again in a moment.";
    return;
  }
  panel.innerHTML = html;
  const onwards = panel.querySelector("[data-next]");
  if (onwards) onwards.hidden = !following();
  panel.hidden = false;
  place();
  (mark.closest(".post") ?? mark).scrollIntoView({ block: below.matches ? "start" : "nearest" });
  if (!below.matches) panel.scrollIntoView({ block: "nearest" });
  panel.querySelector("h2").focus({ preventScroll: true });
  look(mark);
};
const next = () => {
  const mark = following();
  if (mark) show(mark);
  else close();
};

const fieldOf = (mark) => mark.closest(".post")?.querySelector("textarea") ?? desk.elements.body;
const edit = () => {
  const mark = shown();
  const field = fieldOf(mark);
  close();
  select(field, ...span(field, mark.dataset.lines));
};
const take = (button) => {
  const mark = shown();
  const field = fieldOf(mark);
  const { take: words, for: wrong } = button.dataset;
  if (write(field, span(field, mark.dataset.lines), wrong, words)) return close();
  button.replaceWith(Object.assign(document.createElement("p"), { className: "help", textContent: "These words do not stand in the text any more." }));
};
const play = () => {
  const player = panel.querySelector("[data-player]");
  if (!player) return;
  player.hidden = false;
  const frame = panel.querySelector("[data-frame]");
  if (frame && player.querySelector("video")) frame.hidden = true;
};

const remind = () => {
  reminder.hidden = left() === 0;
  reminder.querySelector("[data-reminder-count]").textContent = `${left()} to check`;
};
const acts = {
  "[data-mark]": (mark) => (isSame(mark) && !panel.hidden ? close() : show(mark)),
  "[data-next]": next,
  "[data-close]": close,
  "[data-edit]": edit,
  "[data-take]": take,
};
desk.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (event.target.closest("[data-copy], [data-copy-post], a[download]")) remind();
  if (event.target.closest("#ground [data-seek]")) play();
  const name = Object.keys(acts).find((one) => event.target.closest(one));
  if (!name) return;
  event.preventDefault();
  acts[name](event.target.closest(name));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opened && !event.target.closest("details")) close();
  if (event.key === " " && event.target.closest("[data-mark]")) {
    event.preventDefault();
    event.target.closest("[data-mark]").click();
  }
});

// The marks of posts come as a list, one for each card as it was sent.
const deal = () => {
  const fresh = [...document.querySelectorAll("#marks > li")];
  const places = [...document.querySelectorAll("[data-posts] [data-mark-place]")];
  if (!fresh.length || fresh.length !== places.length) return;
  places.forEach((at, i) => {
    const focused = at.contains(document.activeElement);
    at.replaceChildren(...fresh[i].children);
    if (focused) at.querySelector("[data-mark]")?.focus();
  });
  document.getElementById("marks").replaceChildren();
};
const follow = () => {
  deal();
  if (opened && !panel.hidden && !shown()) close();
  dress();
  place();
  const reminds = desk.querySelector("[data-reminds]");
  reminds.hidden = left() === 0;
  reminds.textContent = `${left()} still to check`;
  if (left() === 0) reminder.hidden = true;
};
document.addEventListener("htmx:after:swap", follow);
// The draft went on, here or elsewhere: the preview says so.
document.addEventListener("htmx:ws:after:message:incoming", ({ detail }) => {
  const text = String(detail.message?.data ?? "");
  if (desk.dataset.slot && text.includes(desk.dataset.slot) && text.includes("succeeded")) again();
});
new ResizeObserver(place).observe(panel.parentElement);
dress();
