// Who pressed a button that is gone by now stays at that task: the focus goes to its state, and
// where the task has left the list, to the one beside it.
{
  const task = (element) => element?.closest?.(".row, .slot, .job-row, .name");
  let pressed = null;
  let held = null;
  let beside = [];
  document.addEventListener("pointerdown", () => { pressed = null; }, true);
  document.addEventListener("submit", (event) => { pressed = task(event.target); }, true);
  document.addEventListener("htmx:before:swap", () => {
    held = task(document.activeElement) ?? pressed;
    beside = held ? [held.nextElementSibling, held.previousElementSibling] : [];
  });
  document.addEventListener("htmx:after:swap", () => {
    const here = held;
    const active = document.activeElement;
    held = pressed = null;
    if (!here || (active && active !== document.body && active.checkVisibility())) return;
    // A slot that was replaced as a whole is found again by its name.
    const place = here.isConnected ? here : document.getElementById(here.id) ?? beside.find((other) => other?.isConnected);
    (place?.querySelector("[data-state]") ?? document.getElementById("main")).focus({ preventScroll: true });
  });
}
