// What htmx sends says whose page it is on: the server takes nothing that was typed under another name.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { user } = document.documentElement.dataset;
  if (user && ctx.request.method !== "GET") ctx.request.headers["Draftmill-User"] = user;
});
