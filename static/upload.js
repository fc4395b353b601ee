// The upload form with script: files are dropped or picked, checked before a byte is sent,
// sent one after another with a bar that counts bytes. Several files become several projects.
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
  let sending = false;

  const size = (bytes) => {
    if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} KB`;
    return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
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
    problems.replaceChildren();
    list.replaceChildren(...[...picker.files].map(row));
  };

  const complain = (message, hint = "") => {
    const note = element("div", "note bad");
    note.setAttribute("role", "alert");
    const text = element("p", "");
    text.append(element("strong", "", message), ` ${hint}`);
    note.append(text);
    problems.replaceChildren(note);
    note.scrollIntoView({ block: "nearest" });
  };

  // XMLHttpRequest, because fetch cannot tell how many bytes have left.
  const send = (data, tell) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const answer = () => {
      try { return JSON.parse(request.responseText); } catch { return {}; }
    };
    const lost = { error: { message: "The connection broke off.", hint: "Check that Draftmill still runs, then press Start again." } };
    request.upload.addEventListener("progress", (event) => tell(event.loaded, event.total));
    request.addEventListener("load", () => {
      const read = answer();
      const unknown = { message: `The server answered ${request.status}.`, hint: "Try again; if it stays, look into the server log." };
      resolve(read.url || read.error ? read : { error: unknown });
    });
    request.addEventListener("error", () => resolve(lost));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });

  const bar = (item, file) => {
    const progress = element("progress", "bar");
    progress.max = file.size;
    progress.value = 0;
    progress.setAttribute("aria-label", `Uploading ${file.name}`);
    item.append(progress);
    const began = performance.now();
    return (loaded, total) => {
      progress.max = total;
      progress.value = loaded;
      const seconds = (performance.now() - began) / 1000;
      const left = Math.ceil((total - loaded) * seconds / loaded);
      const rest = seconds > 2 && loaded < total ? `, ${left < 90 ? `${left} s` : `${Math.ceil(left / 60)} min`} left` : "";
      item.querySelector(".state").textContent = loaded < total ? `${size(loaded)} of ${size(total)}${rest}` : "Checking the file…";
    };
  };

  const fields = (file) => {
    const data = new FormData(form);
    data.delete("recording");
    data.delete("transcript");
    // Fields first: the server knows what is wanted before the bytes come.
    if (file) data.append("recording", file, file.name);
    else if (brought.files.length) data.append("transcript", brought.files[0]);
    return data;
  };

  const sendFile = async (file, item) => {
    item.querySelector(".why, .bar")?.remove();
    const answer = await send(fields(file), bar(item, file));
    item.querySelector(".bar").remove();
    if (answer.error) {
      item.querySelector(".state").textContent = "Refused";
      item.append(element("span", "why", `${answer.error.message} ${answer.error.hint ?? ""}`));
    } else item.querySelector(".state").textContent = "Uploaded";
    return answer;
  };

  const sendAll = async () => {
    const answers = [];
    const files = [...picker.files];
    if (!files.length) answers.push(await send(fields(null), () => {}));
    for (const [i, file] of files.entries()) {
      const item = list.children[i];
      if (refusal(file)) answers.push({ error: {} });
      else {
        // Start pressed again sends only what was not taken the first time.
        const answer = taken.get(file) ?? await sendFile(file, item);
        if (answer.url) taken.set(file, answer);
        answers.push(answer);
      }
    }
    return answers;
  };

  const finish = (answers) => {
    const made = answers.filter((answer) => answer.url);
    if (made.length === answers.length) {
      location.assign(answers.length === 1 ? made[0].url : "/");
      return;
    }
    if (answers.length === 1 && answers[0].error.message) complain(answers[0].error.message, answers[0].error.hint);
    else if (made.length) complain(`${made.length} of ${answers.length} files were taken.`, "The others say why not.");
  };

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (sending) return;
    const typed = form.elements.transcript_text.value.trim();
    if (!picker.files.length && !brought.files.length && !typed) {
      complain("There is nothing to start with.", "Choose a recording, or bring a transcript.");
      return;
    }
    sending = true;
    start.disabled = true;
    problems.replaceChildren();
    list.scrollIntoView({ block: "nearest" });
    state.textContent = picker.files.length ? "Stay on this page until the upload is done." : "";
    const answers = await sendAll();
    sending = false;
    start.disabled = false;
    state.textContent = "";
    finish(answers);
  });
  picker.addEventListener("change", show);

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
