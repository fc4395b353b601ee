// <details data-unfolds="ID"> beside or in the pill #ID: while it is open, steps and log of the job that the pill shows
// are asked for whenever the pill has changed.
{
  const asked = new WeakMap(); // an open one -> the address and rev of what it shows
  const body = (fold) => fold.querySelector(".unfolded");
  const show = async (fold) => {
    const pill = document.getElementById(fold.dataset.unfolds);
    const job = pill?.querySelector(".details")?.getAttribute("href");
    const wanted = `${job}#${pill?.dataset.rev}`;
    if (!job || asked.get(fold) === wanted) return;
    asked.set(fold, wanted);
    try {
      const answer = await fetch(`${job}/steps`, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(3000) });
      const text = await answer.text();
      if (!answer.ok || answer.redirected || asked.get(fold) !== wanted) return;
      body(fold).innerHTML = text;
      document.dispatchEvent(new Event("htmx:after:swap"));
    } catch {
      asked.delete(fold); // the next swap tries again
    }
  };
  const showOpen = () => { for (const fold of document.querySelectorAll("details[data-unfolds][open]")) show(fold); };
  // What a page without script would follow is asked for here.
  for (const link of document.querySelectorAll(".unfolded .details")) link.closest("p").remove();
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches("[data-unfolds]")) return;
    asked.delete(target);
    if (target.open) show(target);
  }, true);
  document.addEventListener("htmx:after:swap", showOpen);
  showOpen();
}
