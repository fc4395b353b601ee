// <a data-panel> opens its address in place, in the one dialog of the page. What a form in it leads to is put into the
// page by htmx; then it closes. What is refused is said in it.
{
  const panel = document.getElementById("panel");
  const told = panel.querySelector("[data-told]");
  let opener = null;
  let from = null; // the sentence at hand: the link that stood at it is gone
  const inside = (ctx) => panel.contains(ctx?.sourceElement ?? null);

  // What opened an address; of a place in the talk also where by now somebody else has it.
  const opened = (address) => {
    const place = address.includes("?") ? address.slice(address.indexOf("?")) : address;
    const ways = [`[href="${CSS.escape(address)}"]`, `[href$="${CSS.escape(place)}"]`];
    return ways.map((way) => document.querySelector(`a[data-panel]${way}`)).find(Boolean);
  };
  const fill = async (address, sentence) => {
    await htmx.ajax("GET", address, { target: "#panel-body", swap: "innerHTML" });
    if (!document.getElementById("panel-title")) return false;
    told.replaceChildren();
    opener = address;
    from = sentence ?? null;
    if (!panel.open) panel.showModal();
    document.dispatchEvent(new CustomEvent("draftmill:panel", { detail: { url: opener } }));
    const body = document.getElementById("panel-body");
    (body.querySelector("input[type=text], input:not([type])") ?? body.querySelector("a, button"))?.focus();
    return true;
  };
  const open = async (link) => {
    const filled = await fill(link.getAttribute("href"), link.dataset.from).catch(() => false);
    if (!filled) location.assign(link.href);
  };
  document.addEventListener("draftmill:open-panel", ({ detail }) => { fill(detail.url).catch(() => {}); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });
  // What plays the recording leaves the panel. A click beside it closes it.
  panel.addEventListener("click", (event) => { if (event.target.closest("[data-closes]")) panel.close(); });
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  panel.addEventListener("close", () => {
    document.getElementById("panel-body").replaceChildren();
    const said = document.getElementById(from);
    if (said) said.tabIndex = 0;
    (said ?? opened(opener ?? "") ?? document.getElementById("main")).focus({ preventScroll: true });
  });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    const { request, response } = detail?.ctx ?? {};
    if (!panel.open || !inside(detail?.ctx) || request.method === "GET" || response?.status >= 400) return;
    // Who typed on meanwhile (typed.js knows) does so on what the page shows now.
    if (document.dispatchEvent(new CustomEvent("draftmill:panel-saved", { cancelable: true, detail: { form: detail.ctx.sourceElement, body: request.body } }))) panel.close();
    else fill(opener, from).catch(() => {});
  });
  document.addEventListener("htmx:response:error", ({ detail }) => {
    if (!panel.open || !inside(detail?.ctx)) return;
    const page = new DOMParser().parseFromString(detail.ctx.text ?? "", "text/html");
    const words = ["h1", ".lead"].map((part) => page.querySelector(`main ${part}`)?.textContent.trim());
    const note = Object.assign(document.createElement("p"), { className: "note bad", textContent: words.filter(Boolean).join(" ") || "That did not work. Try again." });
    told.replaceChildren(note);
  });
  document.addEventListener("htmx:error", ({ detail }) => {
    if (!panel.open || !inside(detail?.ctx)) return;
    told.replaceChildren(Object.assign(document.createElement("p"), { className: "note bad", textContent: "The server did not answer. What you typed is still here: try again in a moment." }));
  });
  // An address may ask for it: what was typed there is kept.
  const wished = new URLSearchParams(location.search).get("open");
  addEventListener("load", () => {
    const link = wished && [...document.querySelectorAll("a[data-panel]")].find((one) => one.getAttribute("href") === wished);
    if (link) open(link);
  });
}
