// «Unduh dulu»: keeps a module's public pages on the phone, and this learner's quiz apart. What is there already is not
// fetched again unless it has changed, so that a cut resumes where it was.
const { make, size } = learning;
const SAVED = "tersimpan";
// Not what a Wi-Fi says that wants a sign-in: our pages all bear a policy, and no other file is a page.
const isOurs = ({ kind }, { headers }) => kind === "words" ? headers.has("Content-Security-Policy") : !/html/.test(headers.get("Content-Type"));

customElements.define("save-module", class extends HTMLElement {
  async connectedCallback() {
    if (!window.caches || !navigator.serviceWorker) return;
    this.key = `module:${this.getAttribute("key")}`;
    this.status = make("p", { className: "soft" });
    this.status.setAttribute("role", "status");
    this.bar = make("progress", { max: 1, value: 0, hidden: true });
    this.bar.setAttribute("aria-label", "Kemajuan unduhan");
    this.box = make("div", { className: "flow", tabIndex: -1 });
    this.append(this.box, this.bar, this.status);
    this.kept = await outbox.noted(this.key);
    this.list = await learning.ask(this.getAttribute("list"), { credentials: "omit" }).then((answer) => answer.json()).catch(() => null);
    if (this.list && !new Audio().canPlayType("audio/webm; codecs=opus")) {
      this.list.files = this.list.files.map((file) => Object.assign({}, file, file.twin));
    }
    this.show();
    if (this.kept && this.list) learning.takeQuiz(this.list.quiz).catch(() => {}); // not only of who saved it
  }

  files(choice) {
    return this.list.files.filter((file) => file.kind === "words" || choice === "voice" || file.kind === choice);
  }

  show() {
    const { kept, list } = this;
    this.box.replaceChildren();
    if (kept && kept.whole) {
      const date = new Date(kept.at).toLocaleDateString("id-ID", { day: "numeric", month: "long", year: "numeric" });
      this.box.append(make("p", { className: "state good", textContent: `Tersimpan di HP, ${date}` }));
    }
    const news = kept && list && this.files(kept.choice).some((file) => kept.versions[file.url] !== file.version);
    if (list && (!kept || !kept.whole || news)) this.offer(news && kept.whole ? "Ambil yang baru" : kept ? "Lanjutkan unduhan" : "Unduh dulu");
    if (!list && !kept) this.status.textContent = "Belum ada sinyal. Unduh nanti saat ada sinyal.";
    if (kept) this.button("Hapus dari HP", "btn less", () => this.remove());
    this.hidden = false;
  }

  offer(word) {
    const choices = [["words", "Tulisan saja"], ["pictures", "Dengan gambar"], ["voice", "Dengan gambar dan suara"]]
      .filter(([choice]) => choice === "words" || this.list.files.some((file) => file.kind === choice));
    let choice = this.kept ? this.kept.choice : choices[Math.min(1, choices.length - 1)][0];
    const weight = () => size(this.files(choice).reduce((sum, file) => sum + file.bytes, 0));
    const list = make("div", { className: "choices" });
    for (const [value, text] of choices) {
      const radio = make("input", { type: "radio", name: "isi", value, checked: value === choice });
      radio.addEventListener("change", () => {
        choice = value;
        button.textContent = `${word} (${weight()})`;
      });
      list.append(make("label", { className: "choice" }, radio, make("span", { textContent: text })));
    }
    if (choices.length > 1) {
      this.box.append(make("fieldset", { className: "flow" }, make("legend", { textContent: "Simpan di HP" }), list));
    }
    const button = this.button(`${word} (${weight()})`, "btn", () => this.save(choice));
  }

  button(textContent, className, press) {
    const button = make("button", { type: "button", className, textContent });
    button.addEventListener("click", press);
    this.box.append(button);
    return button;
  }

  async save(choice) {
    const files = this.files(choice);
    const saved = await caches.open(SAVED);
    const { key, title, url, lessons, quiz } = this.list;
    const versions = Object.assign({}, this.kept && this.kept.versions);
    const keep = (whole) => outbox.note(this.key, (this.kept = { key, title, url, lessons, quiz, choice, versions, whole, at: Date.now() }));
    const missing = { words: 0, others: 0 };
    this.box.replaceChildren();
    this.bar.hidden = false;
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    try {
      for (const [place, file] of files.entries()) {
        this.status.textContent = `Mengunduh ${place + 1} dari ${files.length}`;
        this.bar.value = place / files.length;
        if (versions[file.url] === file.version && (await saved.match(file.url))) continue;
        const answer = await learning.ask(file.url, { credentials: "omit" }).catch((trouble) => {
          if (trouble.name === "AbortError") throw trouble; // the next would not come either
        });
        if (answer && answer.ok && isOurs(file, answer)) {
          if (!answer.redirected) await saved.put(file.url, answer); // a sign-in is no lesson
          versions[file.url] = file.version;
          await keep(false);
        } else missing[file.kind === "words" ? "words" : "others"]++;
      }
      await learning.takeQuiz(quiz);
      await learning.worker(); // without it, the phone could not open what is said to be on it
      await keep(!missing.words);
      this.status.textContent = missing.words ? "Terputus. Yang sudah diunduh tetap ada. Lanjutkan saat ada sinyal."
        : missing.others ? `${missing.others} gambar atau suara belum ada. Pelajarannya sudah bisa dibaca.` : "";
    } catch (trouble) {
      this.status.textContent = trouble.name === "QuotaExceededError" ? await this.full()
        : "Terputus. Yang sudah diunduh tetap ada. Lanjutkan saat ada sinyal.";
    }
    this.bar.hidden = true;
    this.show();
    this.box.focus(); // the button that was pressed is gone
  }

  async full() {
    const others = (await outbox.notes("module:")).filter((module) => module.key !== this.list.key);
    const what = others.length ? `Hapus dulu dari HP: ${others.map((module) => module.title).join(", ")}.` : "Hapus beberapa foto atau video.";
    return `Memori HP penuh. Modul ini belum tersimpan semua. ${what}`;
  }

  async remove() {
    const saved = await caches.open(SAVED);
    const others = (await outbox.notes("module:")).filter((module) => module.key !== this.kept.key);
    for (const url of Object.keys(this.kept.versions)) {
      if (!others.some((module) => url in module.versions)) await saved.delete(url);
    }
    await outbox.note(this.key, undefined);
    this.kept = null;
    this.status.textContent = "Sudah dihapus dari HP.";
    this.show();
    this.box.focus();
  }
});
