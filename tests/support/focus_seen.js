// What covers the element that has the focus: "" when it is seen, null when nothing has it.
async () => {
  const MOST_FRAMES = 120; // in which a page is scrolled to it
  const frame = () => new Promise((next) => { requestAnimationFrame(next); });
  await frame();
  await frame();
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const name = (element) => `<${element.localName}${element.id ? `#${element.id}` : ""} class="${element.getAttribute("class") ?? ""}"> “${element.textContent.trim().slice(0, 30)}”`;
  const inside = ({ left, top, right, bottom }) => ({ left: Math.max(left, 0), top: Math.max(top, 0), right: Math.min(right, innerWidth), bottom: Math.min(bottom, innerHeight) });
  const within = () => [...focused.getClientRects()].map(inside).filter(({ left, top, right, bottom }) => right - left > 1 && bottom - top > 1);
  for (let n = 0; n < MOST_FRAMES && !within().length; n++) await frame();
  const boxes = within();
  if (!boxes.length) return `${name(focused)} is outside of the window`;
  const over = ({ left, top, right, bottom }) => {
    const places = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
    const hits = places.map(([x, y]) => document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y));
    const other = hits.filter((hit) => hit && !focused.contains(hit) && !hit.contains(focused) && !hit.closest("label")?.contains(focused));
    return bottom - top < innerHeight / 3 || other.length === hits.length ? other[0] : null; // of what is tall, a part is enough
  };
  const covers = over(boxes[0]);
  return covers ? `${name(focused)} is covered by ${name(covers)}` : "";
}
