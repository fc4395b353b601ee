// Rules of sheets that the page did not load, and that would meet something on it.
(sheets) => {
  const met = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const rules = [...sheet.cssRules].flatMap((rule) => (rule.selectorText ? rule : [...(rule.cssRules ?? [])]));
    return rules.map((rule) => rule.selectorText.replace(/::?(before|after|backdrop|hover|focus|focus-visible|focus-within|target)\b/g, ""))
      .filter((selector) => document.querySelector(selector));
  };
  const loaded = [...document.styleSheets].map((sheet) => sheet.href ?? "").join(" ");
  return Object.entries(sheets).filter(([name]) => !loaded.includes(`/${name}.`)).flatMap(([name, text]) => met(text).map((selector) => `${name}: ${selector}`));
}
