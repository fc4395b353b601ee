// <button data-copies-link> copies the full address of a picture, <button data-copies-picture> the picture itself.
{
  const SHOWN_MS = 1800;
  const say = (button, done) => {
    const words = button.querySelector("span");
    const label = (button.dataset.label ??= words.textContent);
    words.textContent = done ? "Copied" : "Not copied";
    document.getElementById("say-page").textContent = done ? "Copied" : "Your browser does not let this page copy it. Open the picture and copy it there.";
    setTimeout(() => { words.textContent = label; }, SHOWN_MS);
  };
  const oldWay = (words, button) => {
    const field = Object.assign(document.createElement("textarea"), { value: words, className: "sr-only", readOnly: true });
    button.after(field); // within the dialog: what lies outside of it takes no focus
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    button.focus();
    return done;
  };
  const link = async (button) => {
    const address = new URL(button.dataset.copiesLink, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      return true;
    } catch {
      return oldWay(address, button);
    }
  };
  // Clipboards take PNG only.
  const png = async (address) => {
    const picture = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  };
  const picture = async (button) => {
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png(button.dataset.copiesPicture) })]);
      return true;
    } catch {
      return false;
    }
  };
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copies-link], [data-copies-picture]");
    if (button) say(button, await (button.dataset.copiesLink ? link : picture)(button));
  });
}
