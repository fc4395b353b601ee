// What htmx sends says whose page it is on: the server takes nothing that was typed under another name, and shows nothing of theirs.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { user } = document.documentElement.dataset;
  if (user) ctx.request.headers["Draftmill-User"] = user;
});
