// What covers something else on a page as it is shown now, or sticks out of its card: a list of complaints.
() => {
  const complaints = new Set();
  const name = (element) => `<${element.localName}${element.id ? `#${element.id}` : ""} class="${element.getAttribute("class") ?? ""}"> “${element.textContent.trim().slice(0, 40)}”`;
  // What comes over a page on purpose, and what is there for screen readers only.
  const OVER = ".sr-only, .skip, .menu-list, .toasts, .offline, noscript, [popover]";
  const clips = (element) => getComputedStyle(element).overflow !== "visible";
  const floats = (element) => ["fixed", "sticky"].includes(getComputedStyle(element).position);
  const meet = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const large = ({ left, top, right, bottom }, most = 1) => right - left > most && bottom - top > most;

  // What an element can be seen through: the boxes of all around it that clip. Null for what is over the page.
  const windows = new Map([[document.documentElement, { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity }]]);
  const opening = (element) => {
    if (!windows.has(element)) {
      const outer = floats(element) || element.matches(OVER) ? null : opening(element.parentElement);
      windows.set(element, outer && clips(element) ? meet(outer, element.getBoundingClientRect()) : outer);
    }
    return windows.get(element);
  };
  const pieces = [];
  const add = (element, boxes) => {
    const seen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && opening(element);
    if (!seen) return;
    for (const box of boxes) if (large(meet(box, seen))) pieces.push({ element, box: meet(box, seen) });
  };
  for (const one of document.querySelectorAll(".button, .tag, button, input:not([type=hidden]), select, textarea, summary, img, audio, video, progress")) add(one, [one.getBoundingClientRect()]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: text } = walker;
    if (!text.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    add(text.parentElement, range.getClientRects());
  }

  // Lines of one text may touch; what stands in one picture, field or label belongs together.
  const TOGETHER = ".thumb, .search, .pick, figure, label, .player";
  const together = (a, b) => a.contains(b) || b.contains(a) || (a.closest(TOGETHER) && a.closest(TOGETHER) === b.closest(TOGETHER));
  pieces.sort((a, b) => a.box.top - b.box.top);
  pieces.forEach((a, n) => {
    for (let other = n + 1; other < pieces.length && pieces[other].box.top < a.box.bottom; other += 1) {
      const b = pieces[other];
      if (large(meet(a.box, b.box), 3) && !together(a.element, b.element)) complaints.add(`${name(a.element)} and ${name(b.element)} cover each other`);
    }
  });
  for (const { element, box } of pieces) {
    const card = element.closest(".card")?.getBoundingClientRect();
    if (card && (box.left < card.left - 1 || box.right > card.right + 1 || box.top < card.top - 1 || box.bottom > card.bottom + 1)) complaints.add(`${name(element)} sticks out of its card`);
  }
  // What unfolds below a card goes on where the card ends.
  for (const fold of document.querySelectorAll(".unfolds")) {
    const before = fold.closest(".card") ? null : fold.previousElementSibling?.querySelector(".card");
    if (!before?.checkVisibility() || !fold.checkVisibility()) continue;
    const [card, box] = [before.getBoundingClientRect(), fold.getBoundingClientRect()];
    if (Math.abs(card.bottom - box.top) > 2 || Math.abs(card.left - box.left) > 1 || Math.abs(card.right - box.right) > 1) complaints.add(`${name(fold)} stands outside its card`);
  }
  return [...complaints];
}
