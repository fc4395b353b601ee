// What can be done with a sentence stands below it while it has the focus, or was tapped. It is one element for all.
{
  const GAP_PX = 4;
  const made = () => document.getElementById("at-hand").content.firstElementChild.cloneNode(true);
  const ICONS = "/static/vendor/icons.svg";
  let bar = null;
  let sentence = null;
  let coming = false; // back from the bar

  const leave = () => {
    bar?.remove();
    sentence?.removeAttribute("aria-describedby");
    sentence = null;
  };
  // Who speaks is told where they begin.
  const speaker = () => {
    const before = (chip) => chip.compareDocumentPosition(sentence) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...document.querySelectorAll(".transcript .speaker")].findLast(before);
  };
  // A tap plays a sentence, too: what stops it is under the same finger.
  const tell = () => {
    const button = bar?.querySelector("[data-hand=play]");
    if (!button) return;
    const plays = sentence?.matches(".playing") && !document.getElementById("player").paused;
    button.querySelector("use").setAttribute("href", `${ICONS}#${plays ? "pause" : "play"}`);
    button.lastChild.textContent = plays ? " Pause" : " Play";
  };
  const show = (said) => {
    if (said === sentence && bar.isConnected) return;
    leave();
    sentence = said;
    bar = made();
    const n = said.id.slice(1);
    const [chapter, who] = bar.querySelectorAll("a");
    chapter.dataset.from = who.dataset.from = said.id;
    chapter.href = `${chapter.dataset.at}${n}`;
    const around = said.closest(".chapter");
    if (around.querySelector("h3") && around.querySelector(".said") === said) chapter.remove(); // it begins here already
    const chip = speaker();
    if (chip) who.href = `${chip.getAttribute("href").split("?")[0]}?sentence=${n}`;
    else who.remove();
    said.setAttribute("aria-describedby", "at-hand-help");
    const mark = said.nextElementSibling;
    (mark?.matches(".by-you") ? mark : said).after(bar);
    const line = [...said.getClientRects()].at(-1);
    if (line) bar.style.top = `${line.bottom - bar.offsetParent.getBoundingClientRect().top + GAP_PX}px`;
    tell();
    bar.scrollIntoView({ block: "nearest", behavior: "instant" });
  };

  // Not while the focus is on its way: its chapter is laid out anew then.
  const soon = (said) => requestAnimationFrame(() => { if (said.isConnected && document.activeElement === said) show(said); });

  const outside = (target) => bar?.isConnected && target !== sentence && !bar.contains(target);
  const saidAt = ({ target }) => target.closest?.("[data-edits] .said");
  document.addEventListener("focusin", (event) => {
    const said = saidAt(event);
    if (said?.matches(":focus-visible")) coming || soon(said);
    else if (outside(event.target)) leave();
  });
  document.addEventListener("pointerdown", ({ target }) => { if (outside(target)) leave(); });
  // A tap, or the click of a screen reader: a mouse has its double click.
  document.addEventListener("click", (event) => {
    const said = saidAt(event);
    if (!said || event.pointerType === "mouse" || event.detail > 1) return;
    said.tabIndex = 0;
    requestAnimationFrame(() => {
      said.focus({ preventScroll: true });
      soon(said);
    });
  });
  document.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-hand]")?.dataset.hand;
    if (!act) return;
    const said = sentence;
    if (act === "play" && target.closest("button").textContent.includes("Pause")) return document.getElementById("player").pause();
    if (act === "play") return document.dispatchEvent(new CustomEvent("draftmill:seek", { detail: { seconds: said.dataset.at } }));
    leave();
    said.dispatchEvent(new Event("draftmill:edit", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !bar?.isConnected || document.querySelector("dialog[open]")) return;
    if (event.target !== sentence && !bar.contains(event.target)) return;
    coming = true;
    sentence.focus({ preventScroll: true });
    coming = false;
    leave();
  });
  for (const name of ["draftmill:at", "pause"]) document.addEventListener(name, tell, true);
  // What is shown anew has it no more.
  document.addEventListener("htmx:after:swap", () => {
    const said = sentence;
    if (!said || bar.isConnected) return;
    leave();
    if (said.isConnected) show(said);
  });
}
