// The cards of a thread: counted as the network counts, moved, added and removed in place.
{
  const list = document.querySelector("[data-posts]");
  const limit = Number(list.dataset.limit);
  const most = Number(list.dataset.most);
  const add = document.querySelector("[data-add-post]");
  const light = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
  // The same rules as draftmill/posts.py: a link weighs 23, an emoji sequence 2.
  const link = /(?<![\p{L}\p{N}_@.-])(?:https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|edu|gov|io|dev|ai|app|co|uk|de|fr|eu|info|me|tv|us|ch|at|nl|ly|be)(?![\p{L}\p{N}_-])(?:\/[^\s<>"']*[^\s<>"'.,;:!?)\]]|\/)?)/giu;
  const emoji = /\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|[\u00A9\u00AE\u203C\u2049\u2122\u2139\u2194-\u21AA]\uFE0F|(?:\p{Emoji_Presentation}|[\u2600-\u27BF]|\p{Extended_Pictographic})(?:\uFE0F|\p{EMod})?(?:\u200D(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\uFE0F|\p{EMod})?)*[\u{E0020}-\u{E007F}]*/gu;

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
    output.textContent = limit ? `${used} / ${limit.toLocaleString("en")}` : `${used}`;
    const over = limit > 0 && used > limit;
    output.classList.toggle("over", over);
    card.classList.toggle("over", over);
  };

  const number = () => {
    const cards = [...list.children];
    cards.forEach((card, i) => {
      card.querySelector("textarea").setAttribute("aria-label", `Post ${i + 1} of ${cards.length}`);
      const up = card.querySelector("[data-move=up]");
      if (!up) return;
      up.disabled = i === 0;
      card.querySelector("[data-move=down]").disabled = i === cards.length - 1;
      card.querySelector("[data-remove]").disabled = cards.length === 1;
    });
    if (add) add.disabled = most > 0 && cards.length >= most;
  };
  const rearranged = () => {
    number();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };

  list.addEventListener("input", (event) => {
    const card = event.target.closest?.(".post");
    if (card) count(card);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move], [data-remove]");
    if (!button) return;
    const card = button.closest(".post");
    if (button.dataset.move === "up") card.previousElementSibling?.before(card);
    else if (button.dataset.move === "down") card.nextElementSibling?.after(card);
    else {
      const near = card.nextElementSibling ?? card.previousElementSibling;
      card.remove();
      near?.querySelector("textarea").focus();
    }
    if (card.isConnected) (button.disabled ? card.querySelector("textarea") : button).focus();
    rearranged();
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
  });
  add?.addEventListener("click", () => {
    list.append(blank());
    list.lastElementChild.querySelector("textarea").focus();
    rearranged();
  });

  [...list.children].forEach(count);
  number();
}
