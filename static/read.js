// <div data-tabs>: on a phone a text is read or edited, and read first. What leads into the text opens it.
const tabs = document.querySelector("[data-tabs]");
const shown = document.querySelector("[data-tab]");
const buttons = [...tabs.querySelectorAll("[role=tab]")];
const narrow = matchMedia("(max-width: 860px)");

const show = (name) => {
  shown.dataset.tab = name;
  buttons.forEach((button) => {
    const current = button.value === name;
    button.setAttribute("aria-selected", String(current));
    button.tabIndex = current ? 0 : -1;
  });
  const locked = narrow.matches && name === "read";
  shown.querySelectorAll("[name=post]").forEach((field) => { field.readOnly = locked; });
};
tabs.addEventListener("click", (event) => {
  const button = event.target.closest("[role=tab]");
  if (button) show(button.value);
});
tabs.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = buttons.find((button) => button.tabIndex !== 0);
  show(other.value);
  other.focus();
});
document.addEventListener("draftmill:edit", () => show("edit"));
narrow.addEventListener("change", () => show(shown.dataset.tab));
show("read");
