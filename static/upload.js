// The upload form with script: files are dropped or picked, checked before a byte is sent,
// sent one after another with a bar that counts bytes. Several files become several projects.
// How a file goes on after a break is in resume.js; where that cannot be had, it goes with the form.
{
  const form = document.querySelector("form[data-upload]");
  const picker = form.elements.recording;
  const brought = form.elements.transcript;
  const list = form.querySelector("[data-files]");
  const problems = form.querySelector("[data-problems]");
  const state = form.querySelector("[data-upload-state]");
  const start = form.querySelector("#start");
  const drop = form.querySelector("[data-drop]");
  const taken = new Map();
  const left = new Set(); // cancelled, until that is taken back
  let answers = new Map();
  let undoing = false;
  let without = ""; // of a file and a text, what is left out
  const AGAIN_MS = 2000;
  const CHECKING = "Checking the file…";
  let resuming;
  let sending = false;

  const resume = () => {
    resuming ??= import("./resume.js").catch(() => {
      resuming = undefined;
      return null;
    });
    return resuming;
  };
  const size = (bytes) => {
    if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} KB`;
    return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
  };
  // As draftmill/clock.py says a length; what is left is rounded up.
  const lasting = (seconds) => {
    if (seconds < 90) return `${Math.ceil(seconds)} s`;
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  };
  const element = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  const refusal = (file) => {
    if (file.size === 0) return "This file is empty. Choose another one.";
    if (file.size > Number(form.dataset.max)) return `This file has ${size(file.size)}; the most is ${size(Number(form.dataset.max))}.`;
    if (file.size > Number(form.dataset.free)) return `This file has ${size(file.size)}; the disk has ${size(Number(form.dataset.free))} left. Free some space first.`;
    return "";
  };

  const row = (file) => {
    const item = document.createElement("li");
    item.append(element("span", "name", file.name), element("span", "state", size(file.size)));
    const why = refusal(file);
    if (why) item.append(element("span", "why", why));
    return item;
  };
  const show = () => {
    left.clear();
    problems.replaceChildren();
    if (picker.files.length) brought.value = "";
    list.replaceChildren(...[...picker.files].map(row));
    [...picker.files].forEach(tellWhatIsThere);
    document.getElementById("say-page").textContent = [...list.querySelectorAll(".why")].map((why) => `${why.parentElement.querySelector(".name").textContent}: ${why.textContent}`).join(" ");
  };
  const tellWhatIsThere = async (file, i) => {
    const item = list.children[i];
    const bytes = await (await resume())?.present(file).catch(() => 0);
    if (bytes && !item.querySelector(".bar")) item.querySelector(".state").textContent = `${size(bytes)} of ${size(file.size)} are here already. Start sends the rest.`;
  };

  const complain = ({ message, hint = "", code }) => {
    const note = element("div", "note bad");
    note.setAttribute("role", "alert");
    const text = element("p", "");
    text.append(element("strong", "", message), ` ${hint}`);
    note.append(text);
    const signIn = Object.assign(element("a", "button", "Sign in in a new tab"), { href: "/login?next=/%3Fnote%3Dback", target: "_blank", rel: "noopener" });
    if (code === "signed_out") note.append(signIn);
    problems.replaceChildren(note);
    note.scrollIntoView({ block: "nearest" });
  };

  // XMLHttpRequest, because fetch cannot tell how many bytes have left.
  const send = (data, tell, url = form.action) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const answer = () => {
      try { return JSON.parse(request.responseText); } catch { return {}; }
    };
    const lost = { lost: true, error: { message: "The connection broke off.", hint: "Check that Draftmill still runs, then press Start again." } };
    request.upload.addEventListener("progress", (event) => tell(event.loaded, event.total));
    request.addEventListener("load", () => {
      const read = answer();
      const unknown = { code: "unknown", message: `The server answered ${request.status}.`, hint: "Try again; if it stays, look into the server log." };
      resolve(read.url || read.error ? read : { error: unknown });
    });
    request.addEventListener("error", () => resolve(lost));
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Draftmill-User", document.documentElement.dataset.user);
    request.send(data);
  });

  const bar = (item, file, last = CHECKING) => {
    const progress = element("progress", "bar");
    progress.max = file.size;
    progress.value = 0;
    progress.setAttribute("aria-label", `Uploading ${file.name}`);
    item.append(progress);
    let from = null;
    let began = 0;
    return (loaded, total) => {
      // Counted from where it went on, which may be behind what had been sent.
      if (from === null || loaded < progress.value) {
        from = loaded;
        began = performance.now();
      }
      progress.max = total;
      progress.value = loaded;
      item.querySelector(".why")?.remove();
      const seconds = (performance.now() - began) / 1000;
      const left = (total - loaded) * seconds / (loaded - from);
      const rest = seconds > 2 && loaded > from && loaded < total ? `, ${lasting(left)} left` : "";
      item.querySelector(".state").textContent = loaded < total ? `${size(loaded)} of ${size(total)}${rest}` : last;
    };
  };
  const waiting = (item) => (why) => {
    item.querySelector(".why")?.remove();
    if (why) item.append(element("span", "why wait", why));
  };

  const fields = (file, upload) => {
    const data = new FormData(form);
    data.delete("recording");
    data.delete("transcript");
    if (without) data.delete(without);
    const title = form.elements.title.value.trim();
    if (file && title && picker.files.length > 1) data.set("title", `${title.slice(0, 290)} (${[...picker.files].indexOf(file) + 1})`);
    // Fields first: the server knows what is wanted before the bytes come.
    if (upload) {
      data.append("upload", upload.id);
      if (upload.sha256) data.append("sha256", upload.sha256);
    } else if (file) data.append("recording", file, file.name);
    else if (brought.files.length && without !== "transcript") data.append("transcript", brought.files[0]);
    return data;
  };

  // The bytes first, then the project: asked again after a lost answer, it is the same project.
  const make = async (file, upload, wait) => {
    for (;;) {
      const answer = await send(fields(file, upload), () => {});
      if (!answer.lost) return answer;
      wait("Connection lost. It goes on by itself as soon as it is back.");
      await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
    }
  };
  const sendResumably = async ({ send: begin, forget }, file, item, fresh = false) => {
    const wait = waiting(item);
    const { done, cancel } = begin(file, bar(item, file, "Sending the last of it…"), wait);
    const button = Object.assign(element("button", "button ghost cancel", "Cancel"), { type: "button" });
    button.addEventListener("click", cancel);
    item.append(button);
    try {
      const upload = await done;
      button.remove();
      item.querySelector(".state").textContent = CHECKING;
      const answer = await make(file, upload, wait);
      // Another file of that name had been begun, or this one was thrown away: from the start, once.
      const anew = ["other_file", "not_found"].includes(answer.error?.code) && !fresh;
      if (answer.url || anew) await forget(file);
      if (!anew) return answer;
    } catch (problem) {
      return { error: problem };
    } finally {
      button.remove();
    }
    item.querySelector(".bar").remove();
    return sendResumably({ send: begin, forget }, file, item, true);
  };

  // Who takes it back while others are sent has it sent after them.
  const offerUndo = (file, item) => {
    left.add(file);
    item.querySelector(".state").textContent = "Cancelled";
    const button = Object.assign(element("button", "button ghost undo", "Undo"), { type: "button" });
    button.addEventListener("click", () => {
      left.delete(file);
      button.remove();
      item.querySelector(".state").textContent = size(file.size);
      if (sending) answers.delete(file);
      else {
        undoing = true;
        form.requestSubmit(start);
      }
    });
    item.append(button);
    if (document.activeElement === document.body) button.focus();
    document.getElementById("say-page").textContent = `${file.name}: cancelled. Undo sends the rest.`;
  };

  const sendFile = async (file, item) => {
    item.querySelectorAll(".why, .bar, .undo").forEach((part) => part.remove());
    const resumable = await resume();
    const answer = await (resumable ? sendResumably(resumable, file, item) : send(fields(file), bar(item, file)));
    item.querySelectorAll(".why, .bar").forEach((part) => part.remove());
    if (answer.error?.cancelled) offerUndo(file, item);
    else if (answer.error) {
      item.querySelector(".state").textContent = "Refused";
      item.append(element("span", "why", `${answer.error.message} ${answer.error.hint ?? ""}`));
    } else item.querySelector(".state").textContent = "Uploaded";
    return answer;
  };

  const answerFor = async (file, item) => {
    if (refusal(file)) return { error: {} };
    if (left.has(file)) return { error: { cancelled: true } };
    // Start pressed again sends only what was not taken the first time.
    const answer = taken.get(file) ?? await sendFile(file, item);
    if (answer.url) taken.set(file, answer);
    return answer;
  };
  const sendAll = async () => {
    const files = [...picker.files];
    if (!files.length || without === "recording") return [await send(fields(null), () => {})];
    answers = new Map();
    for (let next = files[0]; next; next = files.find((file) => !answers.has(file))) {
      answers.set(next, await answerFor(next, list.children[files.indexOf(next)]));
    }
    return files.map((file) => answers.get(file));
  };

  const finish = (answers) => {
    const made = answers.filter((answer) => answer.url);
    if (made.length === answers.length) {
      location.assign(answers.length === 1 ? made[0].url : "/");
      return;
    }
    if (answers.length === 1 && answers[0].error.message) complain(answers[0].error);
    else if (made.length) complain({ message: `${made.length} of ${answers.length} files were taken.`, hint: "The others say why not." });
  };

  // A project is made of one of both, and neither is thrown away unasked.
  const askWhich = (file) => {
    complain({ message: "There is a file and a text.", hint: "A project is made of one of them: which?" });
    const other = { [file]: "transcript_text", transcript_text: file };
    for (const [name, words] of [[file, "Use the file"], ["transcript_text", "Use the text"]]) {
      const button = Object.assign(element("button", "button", words), { type: "button" });
      button.addEventListener("click", () => {
        without = other[name];
        form.requestSubmit(start);
      });
      problems.firstChild.append(button);
    }
    problems.querySelector("button").focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    if (event.submitter?.hasAttribute("formaction")) {
      finish([await send(new FormData(), () => {}, event.submitter.formAction)]);
      return;
    }
    const typed = form.elements.transcript_text.value.trim();
    if (!picker.files.length && !brought.files.length && !typed) {
      complain({ message: "There is nothing to start with.", hint: "Choose a recording, or bring a transcript." });
      return;
    }
    if (typed && (picker.files.length || brought.files.length) && !without) {
      askWhich(picker.files.length ? "recording" : "transcript");
      return;
    }
    if (!undoing) left.clear();
    undoing = false;
    sending = true;
    start.disabled = true;
    problems.replaceChildren();
    list.scrollIntoView({ block: "nearest" });
    state.textContent = picker.files.length && without !== "recording" ? "If it breaks off, choose the file again: it goes on where it was." : "";
    const answers = await sendAll();
    without = "";
    sending = false;
    start.disabled = false;
    state.textContent = "";
    finish(answers);
  });
  picker.addEventListener("change", show);
  // A project is made of one of both: what was chosen last.
  brought.addEventListener("change", () => {
    if (!brought.files.length || sending) return;
    picker.value = "";
    show();
  });

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (!form.offsetParent) location.hash = "new";
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.remove("over");
    if (sending) return;
    picker.files = event.dataTransfer.files;
    show();
  });
  window.addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
}
