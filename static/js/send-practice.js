// Sends the photos and the recording of its form one by one, each under an id that the phone gives it, then the form.
// After a cut nothing counts twice: a form that may wait goes into the outbox under the same ids, at once where the page
// is «offline»; another goes on by itself. Without this, the form sends everything.
const PLACE = "00000000-0000-0000-0000-000000000000";
// With a form: some networks take it and never answer. What it bears besides, of a phone without a recorder, takes its time.
const patience = (form) => [...form.values()].some((value) => value.size) ? 300e3 : 30e3;

const newId = () =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

class Refused extends Error {}
class Ended extends Refused {} // her session

// A page that says that all is well is not the server's, which leads on or names the file: a Wi-Fi's, which wants a sign-in.
const trouble = (status) => status === 401 ? new Ended("Waktu masuk habis. Salin dulu tulisannya, lalu masuk lagi.")
  : status >= 500 || status === 200 ? new Error("cut") : null;

customElements.define("send-practice", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.bar = this.querySelector("progress");
    this.more = this.form.appendChild(Object.assign(document.createElement("div"), { hidden: true }));
    // Safari before 15.4 does not say it of what is sent.
    this.form.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button && button.type === "submit") this.pressed = button;
    });
    this.form.addEventListener("submit", (event) => {
      if (!this.busy && !this.keeps && !this.parts.some((part) => part.files.length || part.waiting)) return;
      event.preventDefault();
      this.send();
    });
    addEventListener("online", () => this.waits && this.send());
  }

  get keeps() {
    return this.hasAttribute("keeps") && typeof keptForms === "object";
  }

  get parts() {
    return [...this.querySelectorAll("take-photos, record-voice")];
  }

  get files() {
    const files = this.parts.flatMap((part) => part.files);
    for (const file of files) file.id = file.id || newId();
    return files;
  }

  // She may take one away, or another, while they are sent: what is in the list then is what counts.
  async next() {
    for (const part of this.parts) await part.ready;
    return this.files.find((file) => !file.sent);
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    this.waits = false;
    try {
      let file = await this.next();
      if (this.hasAttribute("offline")) throw new Error("cut");
      for (; file; file = await this.next()) {
        await this.put(file, `Mengirim ${file.word} ${this.files.indexOf(file) + 1} dari ${this.files.length} …`);
        file.sent = true;
      }
      this.add(this.pressed, ...this.files.map((file) => ({ name: "evidence", value: file.id })));
      this.say("Mengirim …");
      // Once to know that it has arrived; then as a form, which brings the next page and no second one.
      const body = new FormData(this.form);
      const cut = new AbortController();
      setTimeout(() => cut.abort(), patience(body));
      const answer = await fetch(this.form.action, { method: "POST", body, redirect: "manual", signal: cut.signal });
      const problem = trouble(answer.status);
      if (problem) throw problem;
      this.form.submit();
      return;
    } catch (problem) {
      this.add(); // she may send something else now
      this.waits = !(problem instanceof Refused);
      this.say(this.waits ? "Belum ada sinyal. Jangan tutup halaman ini. Nanti dikirim otomatis." : problem.message);
      const hasEnded = problem instanceof Ended;
      if (this.keeps && (this.waits || hasEnded)) await this.keep(hasEnded ? "#masuk" : "#tersimpan");
    }
    this.bar.hidden = true;
    this.busy = false;
  }

  async keep(told) {
    const form = new FormData(this.form);
    // Those that have arrived, too: the server keeps them for a week, and the form may come later.
    for (const file of this.files) form.append(file.field, file.blob, file.id);
    try {
      if (this.hasAttribute("offline") && !(await outbox.isHere(Number(form.get("owner"))))) {
        this.waits = false;
        return this.say("Akun di HP ini sudah berganti. Salin dulu tulisannya, lalu buka lagi.");
      }
      if (await keptForms.keep(new URL(this.form.action).pathname, form)) {
        location.href = `${form.get("next")}${told}`;
        return;
      }
      this.waits = false;
      this.say("Tulis, foto, atau rekam dulu. Belum bisa? Tanya pendamping.");
    } catch (error) {
      // Safari's private window keeps no files.
      const why = error && error.name === "QuotaExceededError" ? "Memori HP penuh. Ini belum tersimpan." : "HP ini tidak bisa menyimpannya.";
      this.say(`${why} Jangan tutup halaman ini.`);
    }
  }

  put(file, words) {
    this.say(words);
    const body = new FormData();
    body.append(file.field, file.blob, file.field);
    if (this.keeps) body.append("owner", this.form.elements.owner.value);
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.getAttribute("to").replace(PLACE, file.id));
      request.setRequestHeader("X-CSRFToken", this.form.elements.csrfmiddlewaretoken.value);
      request.responseType = "json";
      request.timeout = 120000;
      request.upload.onprogress = (event) => {
        this.bar.hidden = false;
        this.bar.value = event.loaded / event.total;
      };
      request.onerror = request.ontimeout = () => fail(new Error("cut"));
      request.onload = () => {
        const answer = request.response || {};
        if (answer.id === file.id) done();
        else fail(trouble(request.status) || this.refused(file, answer.error));
      };
      request.send(body);
    });
  }

  // Says it at the photo, too: it may be one of four.
  refused({ item }, words) {
    if (words && item && !item.querySelector(".wrong")) {
      item.lastElementChild.before(Object.assign(document.createElement("p"), { className: "wrong", textContent: "Foto ini belum bisa dikirim." }));
      item.closest("take-photos").limit();
    }
    return new Refused(words || "Belum terkirim. Muat ulang halaman ini, lalu kirim lagi.");
  }

  // What the form bears beside its fields: this alone, and nothing of what was tried before.
  add(...fields) {
    this.more.textContent = ""; // not replaceChildren: without it nothing would ever be sent
    this.more.append(...fields.filter((field) => field && field.name).map(({ name, value }) =>
      Object.assign(document.createElement("input"), { type: "hidden", name, value })));
  }

  say(words) {
    this.querySelector("[data-status]").textContent = words;
  }
});
