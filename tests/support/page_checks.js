// What is wrong with a page as it is shown now: a list of complaints. Run in the page by test_pages.py.
({ phone }) => {
  const complaints = [];
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    return `<${element.localName}${id} class="${element.getAttribute("class") ?? ""}"> “${element.textContent.trim().slice(0, 40)}”`;
  };
  const complain = (what, element) => complaints.push(`${what}: ${name(element)}`);
  const shown = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !element.closest(".sr-only, .skip:not(:focus)");
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);

  // Nothing is wider than the window.
  if (document.documentElement.scrollWidth > innerWidth) {
    complaints.push(`wider than ${innerWidth} px: ${document.documentElement.scrollWidth}`);
    for (const element of all("main *")) if (element.getBoundingClientRect().right > innerWidth + 1) complain("sticks out", element);
  }

  // Headings: one h1, and no step left out below it.
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.localName[1]));
  const own = levels.filter((level, i) => level === 1 && !document.querySelectorAll("h1, h2, h3, h4")[i].closest(".prose"));
  if (own.length !== 1 || levels[0] !== 1) complaints.push(`headings: ${levels}`);
  levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) complaints.push(`a step is left out: ${levels}`); });

  // Fields have labels; what can be pressed has a name.
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (field.hidden) continue;
    const label = [...(field.labels ?? [])].map((one) => one.textContent).join("") || field.getAttribute("aria-label");
    if (!label?.trim()) complain("no label", field);
  }
  for (const pressed of document.querySelectorAll("a[href], button, summary")) {
    const words = pressed.textContent.trim() || pressed.getAttribute("aria-label") || pressed.querySelector("img[alt]")?.alt;
    if (!words) complain("no name", pressed);
  }
  for (const image of document.querySelectorAll("img")) if (!image.hasAttribute("alt")) complain("no alt", image);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) complaints.push(`two elements are #${id}`);

  // What can be pressed is large enough; a link inside a sentence may be as high as its line, and a
  // choice is pressed by its words.
  for (const pressed of all("a[href], button, summary, select, input:not([type=checkbox], [type=radio], [type=file])")) {
    const box = pressed.getBoundingClientRect();
    const { display, pointerEvents } = getComputedStyle(pressed);
    if (display !== "inline" && pointerEvents !== "none" && (box.height < 24 || box.width < 24)) complain(`only ${box.width.toFixed()} × ${box.height.toFixed()}`, pressed);
    if (phone && pressed.matches(".button") && box.height < 44) complain(`only ${box.height.toFixed()} high on a phone`, pressed);
  }

  // Text stands out from what is behind it by 4.5 to 1.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
  const backdrop = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(rgba(getComputedStyle(at).backgroundColor));
    return layers.reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (element, colour) => {
    const under = backdrop(element);
    const [light, dark] = [luminance(over(rgba(colour), under)), luminance(under)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const judge = (element, colour, what) => {
    const found = contrast(element, colour);
    if (found < 4.5) complain(`${what} contrast ${found.toFixed(2)}`, element);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || seen.has(element) || !shown(element) || element.closest(":disabled, noscript")) continue;
    seen.add(element);
    judge(element, getComputedStyle(element).color, "text");
  }
  for (const field of all("input, textarea, select")) {
    judge(field, getComputedStyle(field).color, "field");
    if (field.placeholder) judge(field, getComputedStyle(field, "::placeholder").color, "placeholder");
  }
  return [...new Set(complaints)];
}
