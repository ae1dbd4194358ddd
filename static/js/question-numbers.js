// Puts each question's numbers beside the question in Wagtail's editor; without this they stand in a list of their own.
const place = () => {
  for (const item of document.querySelectorAll("#soal-dalam-angka > li[data-question]")) {
    const block = document.querySelector(`[data-contentpath="${item.dataset.question}"]`);
    if (!block) continue;
    const beside = document.createElement("div");
    beside.className = "quiz-beside";
    item.querySelector("h3").remove();
    beside.append(...item.childNodes);
    block.append(beside);
    item.remove();
  }
};
// The blocks are drawn by a script of Wagtail's own, which may come later.
requestAnimationFrame(() => requestAnimationFrame(place));
