// "Play it" in the form of a sentence, by Ctrl+Space too: the recording from where the sentence begins to where it
// ends. Again stops it.
{
  const LATE_S = 0.2; // its end is told to a tenth
  const GONE_S = 2; // who went elsewhere meanwhile goes on there
  const player = () => document.getElementById("player");
  let end = null;

  const tell = () => {
    for (const words of document.querySelectorAll("[data-hear] span")) words.textContent = player().paused ? "Play it" : "Stop";
  };
  const hear = (form) => {
    if (!player().paused) return player().pause();
    const { at, to } = form.previousElementSibling.dataset;
    document.dispatchEvent(new CustomEvent("draftmill:seek", { detail: { seconds: at } }));
    end = Number(to) + LATE_S;
  };
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
  document.addEventListener("timeupdate", ({ target }) => {
    if (end === null || target.currentTime < end) return;
    if (target.currentTime < end + GONE_S) target.pause();
    end = null;
  }, true);
  for (const name of ["play", "pause"]) document.addEventListener(name, tell, true);
}
