// On a phone <details data-fold> begins closed; on a wide screen it stays open.
{
  const phone = matchMedia("(max-width: 959px)");
  const settle = () => {
    for (const fold of document.querySelectorAll("details[data-fold]")) {
      if (!phone.matches) fold.open = true;
      else if (!fold.folded) fold.open = false;
      fold.folded = true;
      fold.querySelector("summary").tabIndex = phone.matches ? 0 : -1;
    }
  };
  settle();
  phone.addEventListener("change", settle);
  document.addEventListener("htmx:after:swap", settle);
}
