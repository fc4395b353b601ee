// A text field is as high as its text, also where the browser does not know `field-sizing`.
if (!CSS.supports("field-sizing", "content")) {
  const fit = (field) => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };
  const all = () => document.querySelectorAll("textarea[data-keep]").forEach(fit);
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-keep]")) fit(event.target);
    else all();
  });
  addEventListener("resize", all);
  document.fonts.ready.then(all);
}
