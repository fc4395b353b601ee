// A press that was refused, or that never arrived, says so: its answer is not swapped into the page.
{
  const say = (message, signedOut = false) => {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.id = "refused";
    toast.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = message;
    const close = document.createElement("button");
    close.className = "button ghost";
    close.textContent = "Close";
    close.dataset.close = "";
    const link = Object.assign(document.createElement("a"), { className: "button", href: "/login?next=/%3Fnote%3Dback", target: "_blank", rel: "noopener", textContent: "Sign in in a new tab" });
    toast.append(text, ...(signedOut ? [link] : []), close);
    document.getElementById("refused")?.remove();
    document.getElementById("toasts").append(toast);
  };
  const pressed = (detail) => detail?.ctx && detail.ctx.request.method !== "GET" && !detail.ctx.request.action.endsWith("/preview");

  document.addEventListener("htmx:response:error", (event) => {
    if (!pressed(event.detail)) return;
    const page = new DOMParser().parseFromString(event.detail.ctx.text ?? "", "text/html");
    const words = ["h1", ".lead"].map((part) => page.querySelector(`main ${part}`)?.textContent.trim());
    say(words.filter(Boolean).join(" ") || "That did not work. Reload the page and try again.", event.detail.ctx.response?.status === 401);
  });
  document.addEventListener("htmx:error", (event) => {
    if (pressed(event.detail)) say("The server did not answer. Try again in a moment.");
  });
  document.addEventListener("draftmill:say", (event) => say(event.detail.value));
}
