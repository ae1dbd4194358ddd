// A quiz without a signal: one question a screen. Each answer is kept before the next question comes; at the end the
// whole attempt waits in the outbox. There is no key on the phone: the server judges.
const { make, say } = learning;

customElements.define("phone-quiz", class extends HTMLElement {
  async connectedCallback() {
    this.aloud = document.querySelector("read-aloud");
    this.profile = await outbox.current();
    if (!this.profile) return this.end("Masuk dulu", "Kuis dikerjakan setelah masuk. Cari sinyal, lalu masuk.");
    this.paper = await this.find(decodeURIComponent(location.hash.slice(1)));
    if (!this.paper) return this.end("Kuis ini belum ada di HP", "Saat ada sinyal, buka modulnya. Pilih Unduh dulu kalau belum tersimpan.");
    this.name = `attempt:${this.profile.owner}:${this.paper.quiz}`;
    this.attempt = await learning.attempt(this.profile, this.paper);
    if (!this.attempt && !(await this.mayBegin())) return;
    this.questions = this.paper.draws[this.attempt.draw].map((id) => this.paper.questions.find((one) => one.id === id));
    const open = this.questions.findIndex((one) => !(one.id in this.attempt.answers));
    this.show(open < 0 ? this.questions.length - 1 : open);
  }

  // By its key, or by the address of the page that the network would have shown, in whichever language its module was taken.
  async find(wanted) {
    const [address] = wanted.match(/\/modul\/[^/]+\//) || [];
    if (!address) return learning.paper(this.profile, wanted);
    const module = (await outbox.notes("module:")).find((one) => one.url.endsWith(address));
    return module && module.quiz ? learning.paper(this.profile, module.quiz) : undefined;
  }

  async mayBegin() {
    const gate = await learning.gate(this.profile, this.paper);
    const locked = learning.locked(gate);
    const module = (await outbox.notes("module:")).find((one) => one.quiz === this.paper.quiz);
    const way = module && [module.url, "Kembali ke modul"];
    if (locked) this.end("Kuis masih terkunci", locked, way);
    else if (gate.enough) this.end("Cukup untuk hari ini", "Baca lagi pelajarannya. Besok boleh coba lagi.", way);
    else {
      this.attempt = { id: outbox.newId(), revision: this.paper.revision, draw: gate.draw, answers: {} };
      return true;
    }
    return false;
  }

  show(place) {
    learning.hush(); // what was missing before
    const question = this.questions[place];
    const total = this.questions.length;
    const given = this.attempt.answers[question.id] || [];
    const heading = make("h1", { textContent: question.question, tabIndex: -1 });
    const last = place === total - 1;
    const progress = make("progress", { max: total, value: place + 1 });
    progress.setAttribute("aria-hidden", "true");
    const form = make("form", { className: "flow far", noValidate: true }, this.asked(question, given, heading));
    const button = make("button", { className: "btn main", textContent: last ? "Selesai" : "Lanjut" });
    const actions = make("div", { className: "actions" }, button);
    const back = make("button", { type: "button", className: "btn", textContent: place ? "Kembali" : "Nanti saja" });
    back.addEventListener("click", () => (place ? this.show(place - 1) : (location.href = "/luring/")));
    actions.append(back);
    form.append(actions);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true; // a second tap is no second attempt
      await this.answer(form, question, place, last);
      button.disabled = false;
    });
    const where = make("div", { className: "line aloud" }, make("p", { textContent: `Soal ${place + 1} dari ${total}` }), this.aloud);
    this.replaceChildren(make("div", { className: "flow near" }, make("p", { className: "soft", textContent: this.paper.title }), where, progress), form);
    scrollTo(0, 0);
    heading.focus();
  }

  asked({ kind, choices, labels, unit }, given, heading) {
    const set = make("fieldset", { className: "flow" }, make("legend", {}, heading));
    if (kind === "numeric") {
      const input = make("input", { className: "big", id: "id_answer", name: "answer", inputMode: unit === "rupiah" ? "text" : "decimal", autocomplete: "off", value: given[0] || "" });
      input.setAttribute("aria-label", heading.textContent);
      const help = unit === "rupiah" ? "Boleh ditulis 7.500 atau 7,5rb." : "Tulis angkanya saja.";
      set.append(make("p", { className: "soft", textContent: help }), make("div", { className: "unit" }, input, make("b", { textContent: unit })));
    } else if (labels.length) {
      const list = make(kind === "ordering" ? "order-list" : "match-pairs", { className: "flow" });
      labels.forEach((label, number) => {
        const select = make("select", { id: `answer_${number}`, name: `answer_${number}` }, new Option("Pilih", ""));
        choices.forEach((text, place) => select.append(new Option(text, place, false, given[number] === String(place))));
        list.append(make("div", { className: "field" }, make("label", { htmlFor: select.id, textContent: label }), select));
      });
      set.append(list);
    } else {
      const type = kind === "multi_select" ? "checkbox" : "radio";
      const list = make("div", { className: kind === "true_false" ? "choices side" : "choices" });
      choices.forEach((text, place) => list.append(make("label", { className: "choice" },
        make("input", { type, name: "answer", value: place, checked: given.includes(String(place)) }), make("span", { textContent: text }))));
      set.append(list);
    }
    return set;
  }

  async answer(form, question, place, last) {
    const data = new FormData(form);
    const response = question.labels.length ? question.labels.map((_, number) => data.get(`answer_${number}`) || "") : data.getAll("answer").filter((text) => text.trim());
    if (!response.length || response.includes("")) return say("Pilih atau tulis jawaban dulu.", "warn");
    if (question.labels.length && new Set(response).size < response.length) {
      return say("Ada pasangan yang dipakai dua kali. Pakai tiap pasangan sekali saja.", "warn"); // as quizzes/forms.py does
    }
    try {
      if (!(await outbox.isHere(this.profile.owner))) return location.reload(); // what another answers is not hers
      this.attempt.answers[question.id] = response;
      await outbox.note(this.name, this.attempt);
      if (!last) return this.show(place + 1);
      const { id, revision, draw, answers } = this.attempt;
      await outbox.add(this.profile.owner, "quiz", { quiz: this.paper.quiz, revision, draw, answers }, this.paper.title, { id, forget: this.name });
    } catch {
      return say(learning.full, "warn");
    }
    this.end("Selesai", "Tersimpan di HP. Nilai keluar setelah terkirim.");
    this.firstElementChild.focus(); // the button that was pressed is gone
    const send = async () => {
      await outbox.send().catch(() => {});
      const result = await learning.result(this.profile, this.paper.quiz);
      if (!result.includes(this.attempt.id)) return;
      this.end("Selesai", "Sudah terkirim. Nilainya sudah keluar.", [result, "Lihat nilai"]);
      this.firstElementChild.focus();
    };
    addEventListener("online", send); // not every browser wakes the service worker for it
    send();
  }

  end(title, text, [href, textContent] = ["/luring/", "Lanjut"]) {
    learning.hush();
    this.replaceChildren(make("h1", { textContent: title, tabIndex: -1 }), make("p", { textContent: text }),
      make("div", { className: "actions" }, make("a", { className: "btn main", href, textContent })));
  }
});
