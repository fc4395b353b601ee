// What was selected in the transcript stands in the correction form when it unfolds.
document.addEventListener("toggle", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-correct]") || !box.open) return;
  const heard = box.querySelector("[name=heard]");
  if (box.selected) heard.value = box.selected;
  (heard.value ? box.querySelector("[name=meant]") : heard).focus();
}, true);

// Opening the form takes the selection away, so it is remembered before.
document.addEventListener("pointerdown", (event) => {
  const box = event.target.closest?.("[data-correct]");
  if (!box || box.open) return;
  const selection = getSelection();
  const inside = selection.anchorNode?.parentElement?.closest(".transcript .chapter");
  const text = inside ? selection.toString().trim() : "";
  box.selected = text.length <= 200 ? text : "";
});
