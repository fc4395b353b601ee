// <form data-sends>: left only when the server has taken it. What it refuses is said on the form, and all that was
// typed stands there as before. <form data-sends="ID">: nothing is left, the answer stands in the place of that element.
import { post, tell } from "./post.js";

const panelOf = (form) => {
  const present = form.querySelector("[data-told]");
  if (present) return present;
  const panel = document.createElement("div");
  panel.dataset.told = "";
  panel.setAttribute("role", "alert");
  form.prepend(panel);
  return panel;
};
// An answer that leads nowhere, such as a token that is shown once, stands where its form was.
const show = (text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
  document.dispatchEvent(new Event("htmx:after:swap"));
  const note = document.querySelector("main [role=status], main [role=alert]");
  document.getElementById("say-page").textContent = note?.textContent.trim() ?? "";
  note?.scrollIntoView({ block: "nearest" });
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-sends]") || event.defaultPrevented) return;
  event.preventDefault();
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  const place = form.dataset.sends;
  const outcome = await post(form.action, new URLSearchParams(new FormData(form, event.submitter)), place && { "HX-Request": "true" });
  form.ariaBusy = null;
  if (!outcome.ok) {
    const panel = panelOf(form);
    tell(panel, outcome.error);
    panel.scrollIntoView({ block: "nearest" });
  } else if (place) {
    form.reset();
    if (form.matches(".menu > .menu-list > form")) form.closest(".menu").open = false;
    form.querySelector("[data-told]")?.remove();
    htmx.swap({ sourceElement: form, target: `#${place}`, swap: "outerMorph", text: outcome.text });
  } else if (outcome.url) location.assign(outcome.url);
  else show(outcome.text);
});
