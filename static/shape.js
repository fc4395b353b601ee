// <form data-shape>: shows what counts for the shape that is chosen in it.
const form = document.querySelector("form[data-shape]");
form?.addEventListener("change", (event) => {
  if (event.target.name === "shape") form.dataset.shape = event.target.value;
});
