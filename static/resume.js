// An upload that goes on where it broke off: after a lost network, a restart of the server, a reload.
import { digest } from "./digest.js";
import "./vendor/tus/tus.min.js";

const MIB = 1 << 20;
const HEADERS = { Accept: "application/json", "Draftmill-User": document.documentElement.dataset.user };
// At once, then ever slower, and then for a day: who comes home to a dead network finds it going on.
const DELAYS = [0, 500, 1000, 2000, ...Array(24 * 60 * 15).fill(4000)];
const SILENT_MS = 15000;
const PROBE_MS = 8000;
const FORGET_MS = 7 * 24 * 3600 * 1000;
const LOST = "Connection lost. It goes on by itself as soon as it is back.";
const LOCKED = "This file is being sent in another window. Waiting for it.";
const BUSY = "The server does not take it right now. Trying again.";
const UNREADABLE = { message: "The file cannot be read any more.", hint: "If it was moved or changed, choose it again." };
const SIGNED_OUT = { code: "signed_out", message: "You are signed out.", hint: "Sign in in a new tab, then press Start again: it goes on where it was." };

// Two different files must never be taken for one: their ends are part of what they are known by.
const fingerprint = async (file) => {
  const ends = [file.slice(0, MIB), file.slice(Math.max(MIB, file.size - MIB))];
  return `draftmill-${await digest(new Blob([JSON.stringify([file.name, file.size]), ...ends]))}`;
};

const { urlStorage } = tus.defaultOptions;
const known = async (file) => {
  const found = await urlStorage.findUploadsByFingerprint(await fingerprint(file));
  return found.sort((one, other) => Date.parse(other.creationTime) - Date.parse(one.creationTime));
};
const forgetOld = async () => {
  for (const upload of await urlStorage.findAllUploads()) {
    if (!(Date.now() - Date.parse(upload.creationTime) < FORGET_MS)) await urlStorage.removeUpload(upload.urlStorageKey);
  }
};
forgetOld();

const ask = (url) => fetch(url, { method: "HEAD", headers: { ...HEADERS, "Tus-Resumable": "1.0.0" }, signal: AbortSignal.timeout(PROBE_MS) });

// How many bytes of a file are on the server already; 0 if that is not known.
export const present = async (file) => {
  const [last] = await known(file);
  if (!last) return 0;
  const answer = await ask(last.uploadUrl);
  return answer.ok ? Number(answer.headers.get("Upload-Offset")) : 0;
};

// Forget where a file was uploaded to: the next time it is sent from the start.
export const forget = async (file) => {
  for (const upload of await known(file)) await urlStorage.removeUpload(upload.urlStorageKey);
};

const told = (response) => {
  try { return JSON.parse(response.getBody()).error; } catch { return undefined; }
};
// What ends an upload; everything else heals, and is tried again.
const refusal = (request, response) => {
  const status = response.getStatus();
  if (status === 401) return SIGNED_OUT;
  if (request.getMethod() === "HEAD" || status < 400 || [404, 408, 409, 423].includes(status)) return null;
  return status < 500 || status === 507 ? told(response) ?? { message: `The server answered ${status}.`, hint: "Try again." } : null;
};

// Sends a file. `tell(loaded, total)` and `wait(why)` say how it goes.
// `done` becomes {id, sha256}, where sha256 is there if a part had been sent before this page; or it fails with {message, hint}.
export const send = (file, tell, wait) => {
  let upload, timer, whole;
  let heard = performance.now();
  let refused = null;
  let starting = false;
  let over = false;
  const hear = () => { heard = performance.now(); };
  const again = () => {
    if (over || starting) return;
    starting = true;
    upload.abort();
    upload.start();
  };
  // Bytes that are neither taken nor refused: only the server knows whether they still arrive.
  const probe = async () => {
    if (over || starting || !upload.url || performance.now() - heard < SILENT_MS) return;
    hear();
    const status = await ask(upload.url).then((answer) => answer.status, () => 0);
    if (status === 423 || over) return;
    if (!status) wait(LOST);
    again();
  };
  const lost = () => wait(LOST);

  const begin = (resolve, reject) => {
    upload = new tus.Upload(file, {
      endpoint: "/uploads",
      chunkSize: Infinity,
      retryDelays: DELAYS,
      headers: HEADERS,
      metadata: { filename: file.name },
      fingerprint: (known) => {
        starting = true;
        return fingerprint(known);
      },
      onBeforeRequest: () => {
        starting = false;
        hear();
      },
      onAfterResponse: (request, response) => {
        hear();
        refused = refusal(request, response);
        // An answer that says nothing about the upload must not make the client begin anew.
        const status = response.getStatus();
        if (request.getMethod() === "HEAD" && status >= 400 && ![404, 423].includes(status)) throw new Error(`HEAD ${status}`);
      },
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (!refused) wait(status === 423 ? LOCKED : status < 400 ? LOST : status === 409 ? "" : BUSY);
        return !refused;
      },
      onProgress: (loaded, total) => {
        hear();
        tell(loaded, total);
      },
      onError: () => reject(refused ?? UNREADABLE),
      onSuccess: resolve,
    });
    timer = setInterval(probe, SILENT_MS / 3);
    window.addEventListener("online", again);
    window.addEventListener("offline", lost);
    known(file).then(([last]) => {
      if (last) {
        upload.resumeFromPreviousUpload(last);
        whole = digest(file);
        whole.catch(() => {});
      }
      upload.start();
    }, () => reject(UNREADABLE));
  };
  let cancelled;
  const ended = new Promise((resolve, reject) => {
    cancelled = reject;
    begin(resolve, reject);
  }).finally(() => {
    over = true;
    clearInterval(timer);
    window.removeEventListener("online", again);
    window.removeEventListener("offline", lost);
  });
  return {
    done: ended.then(async () => ({ id: upload.url.split("/").pop(), sha256: await whole })),
    cancel: () => {
      // What has arrived stays on the server until it expires: who takes the cancelling back goes on there.
      upload.abort().catch(() => {});
      cancelled({ cancelled: true });
    },
  };
};
