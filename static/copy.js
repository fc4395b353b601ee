// <button data-copy="#body" data-copy-posts="[name=post]"> copies a field, or all posts with blank lines between them.
// <button data-copies> copies the address in the answer to its form; where that fails, the form is sent as it is.
// On a plain-http LAN there is no clipboard API: the text is selected in a field and copied the old way.
{
  const text = (button) => {
    const field = document.querySelector(button.dataset.copy);
    if (field) {
      const title = document.getElementById("title")?.value.trim();
      return (title ? `# ${title}\n\n` : "") + field.value;
    }
    return [...document.querySelectorAll(button.dataset.copyPosts)].map((post) => post.value.trim()).filter(Boolean).join("\n\n");
  };
  const oldWay = (words) => {
    const field = document.createElement("textarea");
    field.value = words;
    field.className = "sr-only";
    field.readOnly = true;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const addressFor = async (form) => {
    const headers = { Accept: "application/json", "Draftmill-User": document.documentElement.dataset.user };
    const answer = await fetch(form.action, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
    return (await answer.json()).url;
  };
  const copied = async (words) => {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      return oldWay(words);
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-post], [data-copies]");
    if (!button) return;
    const label = (button.dataset.label ??= button.textContent);
    let words;
    if (button.hasAttribute("data-copies")) {
      event.preventDefault();
      words = await addressFor(button.form).catch(() => undefined);
      if (!words) return button.form.submit();
    }
    const one = button.hasAttribute("data-copy-post");
    const done = await copied(words ?? (one ? button.closest(".post").querySelector("textarea").value : text(button)));
    button.focus();
    document.getElementById("say-page").textContent = done ? "Copied" : "Your browser does not let this page copy. Select the text and copy it yourself.";
    const face = one ? button.querySelector("use") : null;
    if (one) face.setAttribute("href", done ? "/static/vendor/icons.svg#check" : "/static/vendor/icons.svg#x");
    else button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => {
      if (one) face.setAttribute("href", "/static/vendor/icons.svg#copy");
      else button.textContent = label;
    }, 1800);
  });
}
