// The search of the header: what it finds stands below it, goes with Escape or a click elsewhere, and is
// walked through by the arrow keys. "/" leads to it from anywhere but a field.
{
  const field = document.querySelector("[data-search] input[type=search]");
  const below = document.getElementById("found");
  const results = below ?? document.getElementById("found-here");
  const hide = () => { if (below) below.hidden = true; };
  const show = () => { if (below) below.hidden = !field.value.trim() || !below.childElementCount; };

  if (field) {
    document.addEventListener("htmx:after:swap", show);
    field.addEventListener("focus", show);
    field.addEventListener("input", () => { if (!field.value.trim()) hide(); });
    document.addEventListener("pointerdown", ({ target }) => { if (!field.form.contains(target)) hide(); });
    field.form.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !field.form.contains(relatedTarget)) hide(); });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field.focus();
        return;
      }
      const inside = field.form.contains(event.target) || results?.contains(event.target);
      if (!inside) return;
      if (event.key === "Escape" && below && !below.hidden) {
        event.preventDefault(); // which would empty the field
        hide();
        field.focus();
      }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const places = [field, ...results.querySelectorAll("a")];
      const next = places[places.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next && !results.hidden) {
        event.preventDefault();
        next.focus();
      }
    });
  }
}
// Who comes from a search finds the words marked: in the sentence that the address names, else in the text.
{
  const MOST = 50;
  const WORD = /[\p{L}\p{N}][\p{L}\p{N}\u0300-\u036f]*/gu;
  const fold = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = (new URLSearchParams(location.search).get("find")?.match(WORD) ?? []).slice(0, 12).map(fold);
  const is = (word) => wanted.includes(word) || (wanted.at(-1).length > 1 && word.startsWith(wanted.at(-1)));
  const markIn = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node && found.length < MOST; node = walker.nextNode()) {
      for (const match of node.data.matchAll(WORD)) if (is(fold(match[0]))) found.push([node, match.index, match[0].length]);
    }
    // From the end: what is marked parts its text.
    for (const [node, start, length] of found.slice(0, MOST).reverse()) {
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + length);
      range.surroundContents(Object.assign(document.createElement("mark"), { className: "searched" }));
    }
    return root.querySelector("mark.searched");
  };
  if (wanted.length) {
    const named = /^#s\d+$/.test(location.hash) ? document.getElementById(location.hash.slice(1)) : null;
    const text = named ?? document.querySelector(".prose, [data-reads]");
    const first = text && markIn(text);
    first?.scrollIntoView({ block: "center" });
  }
}
