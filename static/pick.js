// <form data-picks="ids"> sends the boxes of that name: [data-all] in it chooses all or none, and without one its button rests.
{
  const boxes = (form) => [...document.querySelectorAll(`input[type=checkbox][name="${form.dataset.picks}"]`)];
  const show = () => {
    for (const form of document.querySelectorAll("[data-picks]")) {
      const all = boxes(form);
      const chosen = all.filter((box) => box.checked).length;
      const every = form.querySelector("[data-all]");
      every.checked = chosen > 0 && chosen === all.length;
      every.indeterminate = chosen > 0 && chosen < all.length;
      every.disabled = all.length === 0;
      form.querySelector("button").disabled = chosen === 0;
    }
  };
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-all]")) for (const box of boxes(target.form)) box.checked = target.checked;
    show();
  });
  document.addEventListener("htmx:after:swap", show);
  addEventListener("pageshow", show);
  show();
}
