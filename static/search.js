// The search of the header: what it finds stands below it, goes with Escape or a click elsewhere, and is
// walked through by the arrow keys. "/" leads to it from anywhere but a field.
{
  const field = document.querySelector("[data-search] input[type=search]");
  const below = document.getElementById("found");
  const results = below ?? document.getElementById("found-here");
  const hide = () => { if (below) below.hidden = true; };
  const show = () => { if (below) below.hidden = !field.value.trim() || !below.childElementCount; };

  if (field) {
    document.addEventListener("htmx:after:swap", ({ detail }) => { if ([below, "#found"].includes(detail?.ctx?.target)) show(); });
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
// Who comes from a search finds the words marked: in the sentence that the address names, else in
// each that has them all, else in the text. A post is a field, in which nothing is marked: its card is.
{
  const MOST = 300;
  const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{3ffff}]+/u;
  const WORD = new RegExp(`${UNSPACED.source}|(?:(?!${UNSPACED.source})[\\p{L}\\p{N}])(?:(?!${UNSPACED.source})[\\p{L}\\p{N}\\p{M}])*`, "gu");
  const STROKES = { æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ß: "ss", þ: "th" };
  const fold = (word) => UNSPACED.test(word) ? word : word.normalize("NFKD").replace(/(?=[\u0300-\u08ff])\p{M}/gu, "").toLowerCase().replace(/[æœøđðħıłßþ]/g, (one) => STROKES[one]);
  const wanted = (new URLSearchParams(location.search).get("find")?.match(WORD) ?? []).slice(0, 12).map(fold);
  // A run of a script without spaces has what was searched for somewhere inside.
  const inside = (word) => {
    if (!UNSPACED.test(word)) return is(fold(word)) ? [[0, word.length]] : [];
    const parts = wanted.filter((one) => UNSPACED.test(one)).sort((a, b) => b.length - a.length);
    return parts.length ? [...word.matchAll(new RegExp(parts.join("|"), "gu"))].map((part) => [part.index, part[0].length]) : [];
  };
  const is = (word) => wanted.includes(word) || (wanted.at(-1).length > 1 && word.startsWith(wanted.at(-1)));
  const hasAll = ({ textContent }) => {
    const words = (textContent.match(WORD) ?? []).map(fold);
    return wanted.every((one) => words.some((word) => (UNSPACED.test(one) ? word.includes(one) : word === one) || (one === wanted.at(-1) && is(word))));
  };
  const hasSome = ({ textContent }) => textContent.match(WORD)?.some((word) => inside(word).length);
  const markIn = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node && found.length < MOST; node = walker.nextNode()) {
      for (const match of node.data.matchAll(WORD)) for (const [start, length] of inside(match[0])) found.push([node, match.index + start, length]);
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
    const sentences = named ? [named] : [...document.querySelectorAll(".transcript .said")].filter(hasAll).slice(0, MOST);
    const text = document.querySelector(".prose, [data-reads]");
    const [first] = (sentences.length || !text ? sentences : [text]).map(markIn);
    const posts = [...document.querySelectorAll("[name=post]")];
    const post = (posts.find(hasAll) ?? posts.find(hasSome))?.closest(".post");
    post?.classList.add("searched");
    (first ?? post)?.scrollIntoView({ block: "center" });
  }
}
