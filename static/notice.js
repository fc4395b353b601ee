// What was done just now stands in #notice, with its Undo. Scripts tell it so:
// document.dispatchEvent(new CustomEvent("draftmill:notice", { detail: { words: "Removed.", undo: () => {} } }));
{
  const READY_MS = 300; // by then a screen reader listens to the page
  const place = document.getElementById("notice");
  const ICONS = { check: "/static/vendor/icons.svg#check", x: "/static/vendor/icons.svg#x" };
  const icon = (name) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    shape.setAttribute("class", `icon icon-${name}`);
    shape.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", ICONS[name]);
    shape.append(use);
    return shape;
  };
  const element = (tag, className, ...inside) => {
    const made = Object.assign(document.createElement(tag), { className });
    made.append(...inside);
    return made;
  };
  const button = (className, ...inside) => Object.assign(element("button", `button ${className}`, ...inside), { type: "button" });

  document.addEventListener("draftmill:notice", ({ detail: { words, undo } }) => {
    const close = button("ghost icon-only", icon("x"), element("span", "sr-only", "Close"));
    close.dataset.close = "";
    const parts = [icon("check"), element("p", "", words), close];
    if (undo) {
      const back = button("", "Undo");
      back.id = "undo";
      back.addEventListener("click", () => {
        if (back.form) return; // a notice of the server took this button over
        place.replaceChildren();
        undo();
      });
      parts.splice(2, 0, back);
    }
    place.replaceChildren(element("div", "note good", ...parts));
  });

  // It is seen wherever the reader is, and moves nothing there: while it is empty it is known already where it will be.
  // On top of the page it moves with the page.
  const float = () => place.classList.toggle("afloat", place.parentElement.getBoundingClientRect().top < 0);
  document.addEventListener("scroll", () => { if (!place.firstChild) float(); }, { passive: true });
  new MutationObserver(() => {
    const below = place.nextElementSibling;
    const stood = below?.getBoundingClientRect().top;
    place.classList.remove("above");
    float();
    // Who went back to the top meanwhile stays there.
    if (place.matches(".afloat")) scrollBy({ top: below?.getBoundingClientRect().top - stood || 0, behavior: "instant" });
    requestAnimationFrame(giveWay);
  }).observe(place, { childList: true });
  // It is never over what has the focus: it goes to the other end of the window.
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const giveWay = () => {
    const focused = document.activeElement;
    if (!place.matches(".afloat") || focused === document.body || place.contains(focused)) return;
    if (meet(place.getBoundingClientRect(), focused.getBoundingClientRect())) place.classList.toggle("above");
  };
  document.addEventListener("focusin", () => requestAnimationFrame(giveWay));
  // What a page comes with is announced by nobody: it is put there once more.
  setTimeout(() => {
    if (!place.contains(document.activeElement)) place.replaceChildren(...place.childNodes);
  }, READY_MS);
}
