// "Reconnecting…" after the second poll in a row that failed; any answer from the server ends it.
{
  const root = document.documentElement;
  let failed = 0;
  const polls = (detail) => detail?.ctx?.request?.method === "GET";
  const say = (words) => { document.getElementById("say-page").textContent = words; };
  const missed = () => {
    failed += 1;
    if (failed !== 2) return;
    root.dataset.offline = "";
    say("Reconnecting… What is running keeps running.");
  };
  document.addEventListener("htmx:error", (event) => { if (polls(event.detail)) missed(); });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.status < 500) {
      failed = 0;
      if ("offline" in root.dataset) say("Connected again.");
      delete root.dataset.offline;
    } else if (polls(event.detail)) missed();
  });
}
