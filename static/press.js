// The second click of a double click presses nothing: by then another button may lie under the pointer.
document.addEventListener("click", (event) => {
  const button = event.detail > 1 && event.target.closest?.("form[method=post] button");
  if (!button || button.type !== "submit") return;
  event.preventDefault();
  event.stopPropagation();
}, true);
