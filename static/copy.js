// <button data-copy="#body" data-copy-posts="[name=post]"> copies a field, or all posts with blank lines between them.
// <button data-rich="URL"> copies rich text, which the server makes of the form as it stands; beside it, for where only
// plain text can be pasted, goes what data-copy says, or the words as they are read.
// <button data-copies> copies the address in the answer to its form; where that fails, the form is sent as it is.
// <button data-copy-text="URL"> copies the text at an address.
// On a plain-http LAN there is no clipboard API: the text is selected in a field and copied the old way.
{
  // Marks of the desk mean nothing elsewhere: a picture is left out, a time is its words. As in drafts/export.py.
  const PICTURE = /!\[(?:[^[\]\\\n]|\\.){0,500}\]\(\s{0,9}shot:\d{1,6}(?:\s[^()\n]{0,500})?\)/g;
  const OWN_LINK = /!?\[((?:[^[\]\\\n]|\\.){0,500})\]\(\s{0,9}(?:time|shot):[^()\n]{0,100}\)/g;
  const outward = (words) => words.replace(PICTURE, "").replace(OWN_LINK, "$1").replace(/\n(?:[ \t]*\n){2,}/g, "\n\n").trim();
  const text = (button) => {
    const field = document.querySelector(button.dataset.copy);
    if (field) {
      const title = document.getElementById("title")?.value.trim();
      return (title ? `# ${title}\n\n` : "") + outward(field.value);
    }
    return [...document.querySelectorAll(button.dataset.copyPosts)].map((post) => outward(post.value)).filter(Boolean).join("\n\n");
  };
  const oldWay = ({ words, html }) => {
    const field = document.createElement("textarea");
    field.value = words;
    field.className = "sr-only";
    field.readOnly = true;
    document.body.append(field);
    field.select();
    const both = (event) => {
      event.clipboardData.setData("text/plain", words);
      event.clipboardData.setData("text/html", html);
      event.preventDefault();
    };
    if (html) document.addEventListener("copy", both, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", both);
    field.remove();
    return done;
  };
  const asked = async (url, form) => {
    const headers = { Accept: "application/json", "Draftmill-User": document.documentElement.dataset.user };
    const answer = await fetch(url, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };
  const plainly = async (what) => {
    try {
      if (what.html) return oldWay(what);
      await navigator.clipboard.writeText(what.words);
      return true;
    } catch {
      return oldWay(what);
    }
  };
  // Safari takes nothing that is not offered within the press: what is still to come is promised.
  const copied = async (coming, rich) => {
    const part = (name, type) => coming.then(({ [name]: words }) => {
      if (!words) throw new Error(`no ${name}`);
      return new Blob([words], { type });
    });
    try {
      const parts = [["words", "text/plain"], ...(rich ? [["html", "text/html"]] : [])];
      const promised = Object.fromEntries(parts.map(([name, type]) => [type, part(name, type)]));
      for (const one of Object.values(promised)) one.catch(() => {});
      await navigator.clipboard.write([new ClipboardItem(promised)]);
      return true;
    } catch {
      const what = await coming;
      return what.words !== "" && plainly(what);
    }
  };
  const textAt = async (url) => {
    const answer = await fetch(url, { headers: { "Draftmill-User": document.documentElement.dataset.user } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    return answer.text();
  };
  // What a button copies; nothing where the server is away and it has no words of its own.
  const wanted = async (button) => {
    if (button.hasAttribute("data-copy-post")) return { words: outward(button.closest(".post").querySelector("textarea").value) };
    if (button.hasAttribute("data-copies")) return { words: (await asked(button.form.action, button.form)).url };
    if (button.hasAttribute("data-copy-text")) return { words: await textAt(button.dataset.copyText) };
    const words = button.hasAttribute("data-copy") ? text(button) : "";
    if (!button.hasAttribute("data-rich")) return { words };
    const rich = await asked(button.dataset.rich, button.form).catch(() => null);
    return rich ? { words: words || rich.text, html: rich.html, left: rich.left_out } : { words, away: true };
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-text], [data-copy-post], [data-copies], [data-rich]");
    if (!button) return;
    const words = button.querySelector("span") ?? button;
    const label = (button.dataset.label ??= words.textContent);
    if (button.hasAttribute("data-copies")) event.preventDefault();
    const coming = wanted(button).catch(() => ({ words: "", away: true }));
    const one = button.hasAttribute("data-copy-post");
    const done = await copied(coming, button.hasAttribute("data-rich"));
    const what = await coming;
    if (!what.words && button.hasAttribute("data-copies")) return button.form.submit();
    button.focus();
    if (done && what.left) {
      const told = `Copied without ${what.left === 1 ? "one picture" : `${what.left} pictures`}: it would be too much for a clipboard. The zip has all of them.`;
      document.dispatchEvent(new CustomEvent("draftmill:notice", { detail: { words: told } }));
    }
    const not = what.away ? "Draftmill does not answer, so nothing was copied. Try it again when it does."
      : what.words ? "Your browser does not let this page copy. Select the text and copy it yourself." : "There is nothing to copy.";
    document.getElementById("say-page").textContent = done ? "Copied" : not;
    const face = one ? button.querySelector("use") : null;
    if (one) face.setAttribute("href", done ? "/static/vendor/icons.svg#check" : "/static/vendor/icons.svg#x");
    else words.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => {
      if (one) face.setAttribute("href", "/static/vendor/icons.svg#copy");
      else words.textContent = label;
    }, 1800);
  });
}
