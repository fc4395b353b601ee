// An older state never overwrites a newer one: a slow answer may arrive after a faster one.
// Cancelling the event would drop the whole message, so only its stale parts are taken out.
document.addEventListener("htmx:before:swap", (event) => {
  const tasks = event.detail.tasks;
  if (!tasks) return;
  const stale = ({ fragment }) => {
    const arriving = fragment?.firstElementChild;
    const present = arriving?.id && document.getElementById(arriving.id);
    return present && Number(arriving.dataset.rev) < Number(present.dataset.rev);
  };
  for (let i = tasks.length - 1; i >= 0; i--) if (stale(tasks[i])) tasks.splice(i, 1);
});
