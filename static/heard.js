// What ends is heard, and told outside the page, where this browser was asked for it: once, in however many tabs.
{
  const KEPT_MS = 60000; // by then every tab has had the news
  const AFTER_MS = 300; // who cannot be heard, or could only interrupt, lets the others go first
  const NOTES = { good: [660, 880], bad: [440, 330] }; // Hz
  const NOTE_S = 0.18;

  const read = (name) => {
    try {
      return localStorage.getItem(`draftmill-${name}`);
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(`draftmill-${name}`, value);
    } catch { /* a browser that keeps nothing wishes nothing */ }
  };

  const play = (notes) => {
    const audio = new AudioContext();
    const sound = (hertz, n) => {
      const at = audio.currentTime + n * NOTE_S;
      const tone = new OscillatorNode(audio, { frequency: hertz });
      const loudness = new GainNode(audio, { gain: 0 });
      loudness.gain.linearRampToValueAtTime(0.15, at + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + 2 * NOTE_S);
      tone.connect(loudness).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 2 * NOTE_S);
    };
    // A page that nobody has touched may make no sound: then this never resumes.
    audio.resume().then(() => notes.forEach(sound)).catch(() => {});
    setTimeout(() => audio.close(), 2000);
  };
  const show = (title, body, tag, url) => {
    const shown = new Notification(title, { body, tag, icon: "/static/icon.svg" });
    shown.addEventListener("click", () => {
      window.focus();
      if (url) location.assign(url);
      shown.close();
    });
  };

  const once = (what, id, act) => {
    const tell = () => {
      if (read(`${what}-told`) === id) return;
      write(`${what}-told`, id);
      act();
    };
    if (!navigator.locks) return tell(); // plain http
    return navigator.locks.request(`draftmill ${what} ${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return null;
      tell();
      return new Promise((resolve) => { setTimeout(resolve, KEPT_MS); });
    });
  };
  const popUp = (toast) => {
    // A tab in view has shown it: that it does not pop up is also once.
    if (!document.hidden) return;
    const words = [...toast.querySelector("p").childNodes].map(({ textContent }) => textContent.trim());
    const [title, ...body] = words.filter(Boolean);
    show(title.replace(/\.$/, ""), body.join(". "), toast.id, toast.querySelector("a[href]")?.href);
  };
  const tell = (toasts) => {
    const newest = toasts.at(-1);
    if (read("sound") === "on") {
      const mood = toasts.some((toast) => toast.matches(".bad")) ? "bad" : "good";
      setTimeout(() => once("sound", newest.id, () => play(NOTES[mood])), navigator.userActivation?.hasBeenActive ? 0 : AFTER_MS);
    }
    if (read("popup") !== "on" || window.Notification?.permission !== "granted") return;
    for (const toast of toasts) setTimeout(() => once("popup", toast.id, () => popUp(toast)), document.hidden ? AFTER_MS : 0);
  };
  const seen = new WeakSet();
  document.addEventListener("htmx:after:swap", () => {
    const fresh = [...document.querySelectorAll("#toasts > [id^=toast-]")].filter((toast) => !seen.has(toast));
    for (const toast of fresh) seen.add(toast);
    if (fresh.length) tell(fresh);
  });

  // The wishes, on the page that has them: each is tried out as it is switched on.
  const TRIED = {
    sound: async () => {
      play(NOTES.good);
      return "";
    },
    popup: async () => {
      if (!window.Notification || !isSecureContext) return "This browser shows none here: Draftmill has to be opened by https.";
      if (await Notification.requestPermission() !== "granted") return "This browser does not let Draftmill show any: allow it in the browser's settings, then try again.";
      try {
        show("Draftmill", "What ends will be told here.", "tried");
        return "";
      } catch {
        return "This browser shows none for pages."; // some on phones
      }
    },
  };
  const wishes = document.getElementById("wishes");
  if (wishes) wishes.hidden = false;
  for (const wish of wishes?.querySelectorAll("[data-wish]") ?? []) {
    const what = wish.dataset.wish;
    wish.checked = read(what) === "on" && (what !== "popup" || window.Notification?.permission === "granted");
    wish.addEventListener("change", async () => {
      const refused = wish.checked ? await TRIED[what]() : "";
      if (refused) wish.checked = false;
      write(what, wish.checked ? "on" : "off");
      document.getElementById("wish-told").textContent = refused;
    });
  }
}
