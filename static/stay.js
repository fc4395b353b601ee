// Who changes the transcript stays where they are when it is shown anew: at what had the focus, with the same sentence
// for the Tab key, and what was unfolded open. What the address told is told once.
{
  const seen = (element) => element?.isConnected && element.checkVisibility();
  let held = []; // what had the focus in the material, and what unfolds it
  document.addEventListener("focusin", ({ target }) => {
    const hand = target.closest("[data-at-hand]") && document.querySelector(".said[aria-describedby]");
    if (target.closest("#material")) held = [hand ?? target, target.closest("details")?.querySelector("summary")].filter(Boolean);
  });
  const present = (element) => (element.isConnected || !element.id ? element : document.getElementById(element.id));

  htmx.registerExtension("stay", {
    htmx_before_morph_node: (_, { oldNode, newNode }) => {
      if (oldNode.matches?.(".said[tabindex]")) newNode.tabIndex = oldNode.tabIndex;
      else if (oldNode.matches?.("details:not(.menu, .rename), .correct")) newNode.open = oldNode.open;
    },
  });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    // What is pushed takes no focus: only what was sent from here. sent.js swaps without a request of htmx.
    const { request, target } = detail?.ctx ?? {};
    const material = ["material", "#material"].includes(target?.id ?? target);
    const posted = request ? request.method !== "GET" : material;
    if (!posted || document.querySelector("dialog[open]")) return;
    if (material) document.querySelector("main > .everywhere")?.remove();
    if (document.activeElement !== document.body && seen(document.activeElement)) return;
    const place = held.map(present).find(seen) ?? document.getElementById("main");
    if (place.matches(".said")) place.tabIndex = 0;
    place.focus({ preventScroll: true });
  });
  if (new URLSearchParams(location.search).has("note")) history.replaceState(null, "", location.pathname + location.hash);
}
