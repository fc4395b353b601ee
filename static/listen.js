// A time that is pressed on the desk plays right there: nobody leaves their text for it.
const box = document.getElementById("listen");
const media = box.querySelector("video, audio");
let opener = null;
let wished = 0;

const go = () => {
  media.currentTime = wished;
  media.play().catch(() => {});
};
const hide = () => {
  const within = box.contains(document.activeElement);
  media.pause();
  box.hidden = true;
  if (within) (opener.isConnected ? opener : document.getElementById("main")).focus({ preventScroll: true });
};
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-hide]")) return hide();
  const link = event.target.closest("a.time");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  opener = link;
  wished = Number(new URL(link.href).searchParams.get("t"));
  box.hidden = false;
  if (media.readyState) go();
  else media.load();
  // Who pressed a key goes on with keys: space stops it, Esc leads back.
  if (!event.detail) media.focus({ preventScroll: true });
});
media.addEventListener("loadedmetadata", go);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !box.hidden) hide(); });
// One of the recordings on the page plays at a time.
document.addEventListener("play", ({ target }) => {
  for (const other of document.querySelectorAll("video, audio")) if (other !== target) other.pause();
}, true);
