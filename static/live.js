// The live channel. While it is heard, polls are only its safety net; when it falls silent they are back at once.
{
  const SILENT_MS = 5000; // the server is heard every 2 s
  const SPARE_MS = 9000 + 2000 * Math.random(); // not everybody's at the same moment
  const ASK_MS = 100; // several changes at once are one question
  const REST_MS = 1500; // who found nobody to ask waits so long, and up to twice: all do when a server starts anew
  const asked = new WeakMap();
  const rests = new WeakMap(); // until when
  let asking = null;
  let heard = -Infinity;
  let lost = -Infinity;
  let version = 0;

  const pause = () => {
    const listening = performance.now() - heard < SILENT_MS;
    if (document.hidden) return listening ? Infinity : SPARE_MS;
    return listening ? SPARE_MS : 0;
  };
  document.addEventListener("every", (event) => {
    const now = performance.now();
    // The header waits until most pages have their line back: after a restart all of them ask at once.
    const later = event.target.id === "indicator" && now - lost < SILENT_MS;
    const early = now < (rests.get(event.target) ?? 0) || now - (asked.get(event.target) ?? 0) < pause();
    if (later || early) event.stopImmediatePropagation();
    else asked.set(event.target, now);
  }, true);

  document.addEventListener("htmx:error", ({ detail }) => {
    const poll = detail?.ctx?.sourceElement;
    if (asked.has(poll)) rests.set(poll, performance.now() + REST_MS * (1 + Math.random()));
  });

  // What another page was told first is shown on this one too, if it was open then.
  const open = performance.now();
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id === "indicator") ctx.request.body.set("open", Math.floor((performance.now() - open) / 1000));
  });

  const askAll = () => {
    asking = null;
    for (const poll of document.querySelectorAll("[hx-trigger~=ask]")) poll.dispatchEvent(new Event("ask"));
  };
  const told = (message) => {
    try {
      return JSON.parse(message.data);
    } catch {
      return {};
    }
  };
  document.addEventListener("htmx:ws:before:message:incoming", ({ detail }) => {
    heard = performance.now();
    const { beat, ask } = told(detail.message);
    if (beat) version = beat;
    if (ask) asking ??= setTimeout(askAll, ASK_MS);
  });
  // Who is let in again need not ask until the first beat: after a restart that would be everybody.
  document.addEventListener("htmx:ws:after:connection", () => { heard = performance.now(); });
  document.addEventListener("htmx:ws:close", () => {
    if (heard > -Infinity) lost = performance.now();
    heard = -Infinity;
  });
  // Who comes back is told what changed since it was last heard.
  document.addEventListener("htmx:ws:before:connection", ({ detail: { connection } }) => {
    if (!version) return;
    const url = new URL(connection.url);
    url.searchParams.set("since", version);
    connection.url = url.href;
  });
  // htmx may have looked through the page before its websockets arrived.
  const line = document.getElementById("live");
  if (line) htmx.process(line);
}
