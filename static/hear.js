// "Play it" in the form of a sentence, by Ctrl+Space too: the recording from where the sentence begins to where it
// ends. Again stops it. Who pauses it, closes the form or goes elsewhere meanwhile has the whole recording again.
{
  const LATE_S = 0.2; // its end is told to a tenth
  const player = () => document.getElementById("player");
  let wished = null;
  let heard = null; // from where to where, while it plays

  const tell = () => {
    for (const words of document.querySelectorAll("[data-hear] span")) words.textContent = player().paused ? "Play it" : "Stop";
  };
  const hear = (form) => {
    if (!player().paused) return player().pause();
    const { at, to } = document.getElementById(`s${form.action.split("/").pop()}`).dataset;
    wished = { from: Number(at), to: Number(to) + LATE_S };
    document.dispatchEvent(new CustomEvent("draftmill:seek", { detail: { seconds: at } }));
  };
  document.addEventListener("draftmill:sought", () => { [heard, wished] = [wished, null]; });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-hear]");
    if (button) hear(button.form);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest(".edit-sentence");
    if (event.key !== " " || !event.ctrlKey || !form?.querySelector("[data-hear]")) return;
    event.preventDefault();
    hear(form);
  });
  document.addEventListener("seeking", ({ target }) => {
    if (heard && (target.currentTime < heard.from || target.currentTime > heard.to)) heard = null;
  }, true);
  document.addEventListener("timeupdate", ({ target }) => {
    if (!document.querySelector(".edit-sentence")) heard = null;
    if (heard && target.currentTime >= heard.to) target.pause();
  }, true);
  document.addEventListener("pause", () => { heard = null; }, true);
  for (const name of ["play", "pause"]) document.addEventListener(name, tell, true);
}
