// The cards of a thread: counted as the network counts, moved, split, merged, added and removed in place. What was
// done last is told, and taken back with one press, and then what was done before that.
{
  const list = document.querySelector("[data-posts]");
  const limit = Number(list.dataset.limit);
  const most = Number(list.dataset.most);
  const add = document.querySelector("[data-add-post]");
  const light = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
  // The same rules as draftmill/drafts/post_length.py: a link weighs 23, an emoji sequence 2.
  const link = /(?<![\p{L}\p{N}_@.-])(?:https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|edu|gov|io|dev|ai|app|co|uk|de|fr|eu|info|me|tv|us|ch|at|nl|ly|be)(?![\p{L}\p{N}_-])(?:\/[^\s<>"']*[^\s<>"'.,;:!?)\]]|\/)?)/giu;
  const emoji = /\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|[\u00A9\u00AE\u203C\u2049\u2122\u2139\u2194-\u21AA]\uFE0F|(?![\u00A9\u00AE])(?:\p{Emoji_Presentation}|[\u2600-\u27BF]|\p{Extended_Pictographic})(?:\uFE0F|\p{EMod})?(?:\u200D(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\uFE0F|\p{EMod})?)*[\u{E0020}-\u{E007F}]*/gu;

  const weighted = (text) => {
    let weight = 0;
    const rest = text.replace(link, () => { weight += 23; return ""; }).replace(emoji, () => { weight += 2; return ""; });
    for (const letter of rest) {
      const code = letter.codePointAt(0);
      weight += light.some(([from, to]) => code >= from && code <= to) ? 1 : 2;
    }
    return weight;
  };
  const length = (text) => (list.dataset.count === "x" ? weighted(text.normalize("NFC")) : [...text.normalize("NFC")].length);

  const count = (card) => {
    const output = card.querySelector("output");
    const used = length(card.querySelector("textarea").value.trim());
    const over = limit > 0 && used > limit;
    output.textContent = limit ? `${used} / ${limit.toLocaleString("en")}${over ? `, ${used - limit} too many` : ""}` : `${used}`;
    card.classList.toggle("over", over);
    // Said when the limit is crossed, not at each key.
    if (output.classList.contains("over") === over) return;
    output.classList.toggle("over", over);
    const place = [...list.children].indexOf(card) + 1;
    document.getElementById("say-page").textContent = `Post ${place} ${over ? `is too long: more than ${limit} characters` : "fits again"}.`;
  };

  const disable = (card, verb, as) => {
    const button = card.querySelector(`[data-move=${verb}]`);
    if (button) button.disabled = as;
  };
  const full = () => most > 0 && list.children.length >= most;
  const number = () => {
    const cards = [...list.children];
    cards.forEach((card, i) => {
      const last = i === cards.length - 1;
      card.querySelector("textarea").setAttribute("aria-label", `Post ${i + 1} of ${cards.length}`);
      const place = card.querySelector("[data-place]");
      if (place) place.textContent = `${i + 1}/${cards.length}`;
      disable(card, "up", i === 0);
      disable(card, "down", last);
      disable(card, "merge", last);
      disable(card, "split", full());
      disable(card, "remove", cards.length === 1);
    });
    if (add) add.disabled = full();
  };
  const rearranged = () => {
    number();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const did = document.querySelector("[data-did]");
  let done = []; // {words, card, undo, kind}: what was done, the last at the end
  const show = () => {
    if (!did) return;
    did.hidden = !done.length;
    did.querySelector("p").textContent = done.at(-1)?.words ?? "";
  };
  // `card` is the one that an Undo leads to.
  const tell = (words, card, undo, kind) => {
    done.push({ words, card, undo, kind });
    show();
  };
  const text = (card) => card.querySelector("textarea");
  const set = (card, words) => {
    text(card).value = words;
    count(card);
  };
  const before = (card) => {
    const next = card.nextElementSibling;
    return () => list.insertBefore(card, next?.isConnected ? next : null);
  };
  const placed = (card) => `post ${[...list.children].indexOf(card) + 1} of ${list.children.length}.`;
  // Told with its place: a screen reader is silent on the same words again.
  const moved = (card, undo) => tell(`Moved. It is ${placed(card)}`, card, undo, "moved");
  // Where a post is split that nobody stands in: after the sentence that ends nearest to its middle, else between two
  // words, else between two letters as they are seen.
  const middle = (words) => {
    const half = words.length / 2;
    const nearest = (places) => places.filter((at) => words.slice(0, at).trim() && words.slice(at).trim())
      .sort((one, other) => Math.abs(one - half) - Math.abs(other - half))[0];
    const ends = (pattern) => nearest([...words.matchAll(pattern)].map((found) => found.index + found[0].length));
    return ends(/[.!?…]["”’)]*\s+|[。！？][」』”’）]*\s*/g) ?? ends(/\s+/g)
      ?? nearest(Array.from(new Intl.Segmenter().segment(words), ({ index }) => index)) ?? words.length;
  };
  let caret = { field: null, at: 0 };
  const remember = ({ target }) => { if (target.name === "post") caret = { field: target, at: target.selectionStart }; };
  for (const name of ["keyup", "pointerup", "focusout"]) list.addEventListener(name, remember);

  const verbs = {
    up(card) {
      const undo = before(card);
      card.previousElementSibling?.before(card);
      moved(card, undo);
    },
    down(card) {
      const undo = before(card);
      card.nextElementSibling?.after(card);
      moved(card, undo);
    },
    remove(card) {
      const near = card.nextElementSibling ?? card.previousElementSibling;
      const [undo, words] = [before(card), `Removed. It was ${placed(card)}`];
      card.remove();
      if (near) text(near).focus();
      tell(words, card, undo, "removed");
    },
    split(card) {
      const whole = text(card).value;
      const at = caret.field === text(card) && whole.slice(0, caret.at).trim() && whole.slice(caret.at).trim() ? caret.at : middle(whole);
      list.insertBefore(blank(), card.nextSibling);
      const second = card.nextElementSibling;
      set(card, whole.slice(0, at).trimEnd());
      set(second, whole.slice(at).trimStart());
      tell("Split.", card, () => {
        second.remove();
        set(card, whole);
      }, "whole");
    },
    merge(card) {
      const next = card.nextElementSibling;
      const [one, other] = [text(card).value, text(next).value];
      const undo = before(next);
      next.remove();
      set(card, [one.trimEnd(), other.trimStart()].filter(Boolean).join("\n\n"));
      tell("Merged.", card, () => {
        undo();
        set(card, one);
      }, "whole");
    },
  };
  did?.querySelector("[data-undo]").addEventListener("click", () => {
    const last = done.pop();
    last.undo();
    show();
    rearranged();
    text(last.card).focus();
  });

  list.addEventListener("input", (event) => {
    const card = event.target.closest?.(".post");
    if (card) count(card);
  });
  // What is typed since would be lost with a part or a whole that is put back.
  list.addEventListener("input", (event) => {
    if (event.target.name !== "post") return;
    const last = done.findLastIndex(({ kind }) => kind === "whole");
    done = done.filter(({ kind }, at) => at > last || kind === "removed");
    show();
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const card = button.closest(".post");
    verbs[button.dataset.move](card);
    rearranged();
    if (card.isConnected) (button.disabled ? text(card) : button).focus();
  });
  const blank = () => document.querySelector("[data-blank-post]")?.content.cloneNode(true) ?? "";
  // Other texts take the place of all: as many cards as texts, and never none.
  list.addEventListener("draftmill:posts", ({ detail: texts }) => {
    while (list.children.length > Math.max(texts.length, 1)) list.lastElementChild.remove();
    while (list.children.length < texts.length && add) list.append(blank());
    [...list.children].forEach((card, i) => {
      card.querySelector("textarea").value = texts[i] ?? "";
      count(card);
    });
    number();
    done = [];
    show();
  });
  add?.addEventListener("click", () => {
    list.append(blank());
    list.lastElementChild.querySelector("textarea").focus();
    rearranged();
  });

  [...list.children].forEach(count);
  number();
}
