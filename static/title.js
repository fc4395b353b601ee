// The tab's title and icon say what is at work: "(45 %) Transcribing", then a check mark or a cross.
// Of several, what failed comes before what runs, and that before what is done. This page's own tasks
// come before what is at work or has ended elsewhere, of which the header and the toasts tell.
{
  let name = document.title;
  let shown = name;
  const icon = document.getElementById("favicon");
  const followed = new Set(); // tasks of this page that were at work while it was open
  const ours = () => [...document.querySelectorAll("main [data-status]")];
  const percent = (task) => task.dataset.percent ?? task.querySelector("progress[value]")?.value;
  const working = (task) => task?.dataset.status === "running";
  const toasts = () => [...document.querySelectorAll("[id^=toast-]")].map(({ classList }) => (classList.contains("good") ? "succeeded" : "failed"));

  const SHAPES = { idle: "/static/icon.svg", working: "/static/icon-working.svg", done: "/static/icon-done.svg", failed: "/static/icon-failed.svg" };
  const show = (title, shape) => {
    if (shown !== title) document.title = shown = title;
    if (icon.getAttribute("href") !== SHAPES[shape]) icon.setAttribute("href", SHAPES[shape]);
  };
  const tell = () => {
    if (document.title !== shown) name = shown = document.title; // what it shows was renamed
    const tasks = ours();
    for (const { id, dataset } of tasks) if (["pending", "running"].includes(dataset.status)) followed.add(id);
    const states = followed.size ? tasks.filter(({ id }) => followed.has(id)).map(({ dataset }) => dataset.status) : toasts();
    const running = tasks.find(working) ?? [document.getElementById("indicator")].find(working);
    if (states.includes("failed")) show(`✗ ${name}`, "failed");
    else if (running) {
      const done = percent(running);
      show(`${done === undefined ? "" : `(${done} %) `}${running.dataset.stage} – Draftmill`, "working");
    } else if (states.includes("succeeded") && !states.includes("pending")) show(`✓ ${name}`, "done");
    else show(name, "idle");
  };
  tell();
  document.addEventListener("htmx:after:swap", tell);
  const shelf = document.getElementById("toasts");
  if (shelf) new MutationObserver(tell).observe(shelf, { childList: true });
}
