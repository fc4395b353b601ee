// The live channel. While it is heard, polls are only its safety net; when it falls silent they are back at once.
{
  const SILENT_MS = 5000; // the server is heard every 2 s
  const STEADY_MS = 10000; // a line that is silent for so long is dead; one that lived shorter comes back later and later
  const SPARE_MS = 8000 + 1800 * Math.random(); // not everybody's at the same moment; less than the header's 10 s
  const ASK_MS = 100; // several changes at once are one question
  const REST_MS = 1500; // who found nobody to ask waits so long, and up to twice: all do when a server starts anew
  const asked = new WeakMap();
  const rests = new WeakMap(); // until when
  let asking = null;
  let heard = -Infinity;
  let opened = -Infinity;
  let lost = -Infinity;
  let silence = null;
  let tries = 0;
  let version = 0;

  const listening = () => performance.now() - heard < SILENT_MS;
  const pause = () => {
    if (document.hidden) return listening() ? Infinity : SPARE_MS;
    return listening() ? SPARE_MS : 0;
  };
  document.addEventListener("every", (event) => {
    const now = performance.now();
    // The header waits until most pages have their line back: after a restart all of them ask at once.
    const later = event.target.id === "indicator" && now - lost < SILENT_MS;
    const early = now < (rests.get(event.target) ?? 0) || now - (asked.get(event.target) ?? 0) < pause();
    if (later || early) event.stopImmediatePropagation();
    else asked.set(event.target, now);
  }, true);

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    for (const poll of document.querySelectorAll("[hx-trigger*=back]")) poll.dispatchEvent(new Event("back"));
  });

  document.addEventListener("htmx:error", ({ detail }) => {
    const poll = detail?.ctx?.sourceElement;
    if (asked.has(poll)) rests.set(poll, performance.now() + REST_MS * (1 + Math.random()));
  });

  // What another page was told first is shown on this one too, if it was open then.
  const start = performance.now();
  const open = () => Math.floor((performance.now() - start) / 1000);
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id === "indicator") ctx.request.body.set("open", open());
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
  // Nobody closes a half-open line: told that it is closed, hx-ws puts another in its place.
  const hear = ({ connection: { socket } }) => {
    heard = performance.now();
    clearTimeout(silence);
    silence = setTimeout(() => socket.dispatchEvent(new CloseEvent("close", { code: 1006 })), STEADY_MS);
  };
  document.addEventListener("htmx:ws:before:message:incoming", ({ detail }) => {
    hear(detail);
    const { beat, ask } = told(detail.message);
    if (beat) version = beat;
    if (ask) asking ??= setTimeout(askAll, ASK_MS);
  });
  // Who is let in again need not ask until the first beat: after a restart that would be everybody.
  document.addEventListener("htmx:ws:after:connection", ({ detail }) => {
    hear(detail);
    opened = heard;
  });
  document.addEventListener("htmx:ws:close", ({ detail: { connection, code } }) => {
    clearTimeout(silence);
    if (!(heard - opened >= STEADY_MS)) connection.attempt = tries;
    else if (listening() && code !== 1008) lost = performance.now();
    heard = opened = -Infinity;
  });
  // Who comes back is told what changed since it was last heard.
  document.addEventListener("htmx:ws:before:connection", ({ detail: { connection } }) => {
    tries = connection.attempt;
    clearTimeout(connection.timer); // of a line that was given up, and closed after all
    if (!version) return;
    const url = new URL(connection.url);
    url.searchParams.set("since", version);
    url.searchParams.set("open", open());
    connection.url = url.href;
  });
  // htmx may have looked through the page before its websockets arrived.
  const line = document.getElementById("live");
  if (line) htmx.process(line);
}
