// A practice task without a signal, as the saved module tells it.
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

customElements.define("phone-practice", class extends HTMLElement {
  async connectedCallback() {
    const key = location.hash.slice(1);
    const profile = await outbox.current();
    const lesson = (await outbox.notes("module:")).flatMap((module) => module.lessons).find((one) => one.key === key);
    if (!profile) return this.say("Masuk dulu", "Praktik dikirim setelah masuk. Cari sinyal, lalu masuk.");
    if (!lesson || !lesson.task) return this.say("Praktik ini belum ada di HP", "Saat ada sinyal, buka modulnya. Lalu pilih Unduh dulu.");
    const { instruction, evidence, unit } = lesson.task;
    this.say(lesson.title, instruction, [lesson.url, "Kembali ke pelajaran"]);
    const sending = this.querySelector("send-practice");
    const { elements } = Object.assign(sending.querySelector("form"), { action: `/belajar/praktik/${key}/` });
    elements.owner.value = profile.owner;
    elements.next.value = lesson.url;
    elements.title.value = lesson.title;
    elements.id.value = outbox.newId();
    for (const kind of ["photo", "note", "number", "voice"]) {
      this.querySelector(`[name=${kind}]`).closest("form > fieldset, form > .field").hidden = !evidence.includes(kind);
    }
    if (unit === "rupiah") {
      this.querySelector("#bantu-number").textContent = "Rupiah. Boleh 7.500 atau 7rb.";
      elements.number.inputMode = "text";
    }
    sending.hidden = false;
  }

  say(title, words, [href, textContent] = ["/luring/", "Yang ada di HP ini"]) {
    const card = make("section", { className: "card stitch flow" });
    card.append(...words.split("\n").map((textContent) => make("p", { textContent })));
    this.firstElementChild.textContent = ""; // not replaceChildren, which an old browser has not
    this.firstElementChild.append(make("a", { className: "link", href, textContent }), make("h1", { textContent: title }), card);
  }
});
