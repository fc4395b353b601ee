// Menus close when the page is clicked beside them, or by Escape. And the page knows that script runs.
document.documentElement.classList.add("scripted");
{
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("submit", (event) => {
    const menu = event.target.closest("details.menu");
    if (menu && event.target.matches("[hx-post]:not(li > form)")) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary").focus();
    }
  });
}
