// A companion's screens without a signal, from what her phone took along: her list, a household, a meeting, the practices
// that wait. What she does there goes into the outbox.
const { make, say, clock, day: date } = learning;
const OLD = 3 * 24 * 3600e3; // milliseconds
const text = (textContent, className = "") => make("p", { textContent, className });
const link = (href, textContent, className = "btn") => make("a", { href, textContent, className });

function field(label, input) {
  return make("div", { className: "field" }, make("label", { htmlFor: (input.id = `id_${input.name}`), textContent: label }), input);
}

function boxes(name, rows) {
  return rows.map(({ value, title }) => make("li", {}, make("label", { className: "check" },
    make("input", { type: "checkbox", name, value }), make("span", { textContent: title }))));
}

// Says it where something is missing.
function wantsMore(form, name) {
  form.querySelectorAll(".wrong").forEach((old) => old.remove());
  const input = form.querySelector(`[name="${name}"]`);
  if (!input) return say("Belum lengkap. Isi yang kurang.", "warn"); // a group where nobody has agreed yet
  const group = input.closest("fieldset");
  const title = group ? group.querySelector("legend") : input.labels[0];
  const wrong = text("Ini belum diisi.", "wrong");
  wrong.setAttribute("role", "alert");
  title.after(wrong);
  (group ? group.querySelector("summary, input") : input).focus();
  title.scrollIntoView({ block: "nearest" });
}

customElements.define("road-caseload", class extends HTMLElement {
  async connectedCallback() {
    addEventListener("hashchange", () => this.turn());
    addEventListener("caseload", () => location.hash || this.show());
    this.show();
  }

  // To another of her screens: what was said before is over, and what was in focus is gone.
  async turn() {
    learning.hush();
    await this.show();
    this.querySelector("h1").focus();
    scrollTo(0, 0);
  }

  async show() {
    const [profile, caseload] = [await outbox.current(), await outbox.noted("own:caseload")];
    if (!profile || !caseload) {
      return this.page("Belum ada di HP", text("Saat ada sinyal, masuk dan buka Hari ini. Lalu pilih Bawa ke jalan."));
    }
    if (Math.abs(Date.now() - caseload.at) > OLD) { // a clock that was put back, too
      await outbox.note("own:caseload", undefined);
      return this.page("Daftar ini sudah lama", text("Sudah lebih dari tiga hari. Saat ada sinyal, buka Hari ini. Lalu pilih Bawa ke jalan."));
    }
    this.owner = profile.owner;
    this.caseload = caseload;
    const done = await outbox.done(profile.owner, "feedback", "visit", "contact");
    const answered = new Set(done.map((row) => row.item.work.practice));
    this.practices = caseload.practices.filter((practice) => !answered.has(practice.id));
    const lately = done.filter(({ item }) => item.kind !== "feedback" && Date.now() - Date.parse(item.at) < OLD);
    lately.sort((one, other) => Date.parse(one.item.at) - Date.parse(other.item.at)); // of two the last is told
    this.reached = new Map(lately.map(({ item }) => [item.work.household,
      `${item.kind === "visit" || item.work.way === "kunjungan" ? "Dikunjungi" : "Dihubungi"} ${date(item.at)}`]));
    this.since = new Set(lately.filter((row) => !((row.arrivedAt || row.sentAt) <= caseload.at)).map(({ item }) => item.work.household));
    const [view, id] = location.hash.slice(1).split("/");
    const of = (rows) => rows.find((one) => String(one.id) === id);
    const [home, group, practice] = [of(caseload.households), of(caseload.groups), of(this.practices)];
    if (view === "keluarga" && home) this.household(home);
    else if (view === "pertemuan" && group) this.meeting(group);
    else if (view === "pertemuan") this.groups();
    else if (view === "praktik" && practice) await this.practice(practice);
    else if (view === "praktik") await this.queue();
    else this.list();
  }

  page(title, ...parts) {
    const back = location.hash ? [link("#", "Keluarga", "link")] : [];
    this.replaceChildren(...back, make("h1", { textContent: title, tabIndex: -1 }), ...parts);
    if (location.hash) this.querySelector("h1").focus();
  }

  list() {
    const { households, groups, at } = this.caseload;
    // Whom she has reached since waits no more. A list that was taken along before this was told knows of nobody.
    const waits = (home) => home.waits && !this.since.has(home.id);
    const waiting = households.filter(waits).sort((one, other) => one.waits - other.waits);
    const rows = make("div", { className: "flow" });
    const before = this.querySelector("[name=cari]"); // where a newer list comes while she looks for somebody
    const isLooking = before && before === document.activeElement;
    const search = make("input", { type: "search", name: "cari", autocomplete: "off", value: before ? before.value : "" });
    const fill = () => {
      // As the list finds it that has a signal: names are kept with «Bu» and «Pak».
      const wanted = search.value.trim().toLowerCase().replace(/\s+/g, " ").replace(/^i(?=bu\b)|^ba(?=pak\b)/, "");
      const found = (some) => some.filter((home) => [home.name, ...home.learners.map((one) => one.name)].some((name) => name.toLowerCase().includes(wanted)));
      const parts = [["Menunggu", found(waiting)], ["Yang lain", found(households.filter((home) => !waits(home)))]].filter(([, some]) => some.length);
      rows.replaceChildren(...parts.flatMap(([title, some]) => [...(waiting.length ? [make("h2", { textContent: `${title} (${some.length})` })] : []),
        make("ul", { className: "rows" }, ...some.map((home) => this.door(home)))]));
      if (!parts.length) rows.append(text("Tidak ada keluarga seperti itu.", "card"));
    };
    search.addEventListener("input", fill);
    fill();
    const links = make("nav", { className: "line" }, ...(groups.length ? [link("#pertemuan", "Catat pertemuan")] : []),
      ...(this.practices.length ? [link("#praktik", `Cek praktik (${this.practices.length})`)] : []));
    links.setAttribute("aria-label", "Pekerjaan");
    this.page("Keluarga di HP ini", text(`${households.length} keluarga · dibawa ${date(at)}, ${clock(at)}`, "soft"), links, field("Nama", search), rows);
    if (isLooking) search.focus();
  }

  door(home) {
    const told = [home.place, home.state, this.reached.get(home.id) || home.reached].filter(Boolean).join(" · ");
    return make("li", {}, make("a", { className: "row", href: `#keluarga/${home.id}` },
      make("span", {}, make("b", { textContent: home.name }), make("br"), make("span", { className: "soft", textContent: told }))));
  }

  household(home) {
    const group = this.caseload.groups.find((one) => one.id === home.group);
    const learners = make("section", { className: "card flow" }, ...home.learners.map((one) => make("div", {},
      make("b", { textContent: one.name }), text(one.state, "soft"))));
    if (!home.learners.length) learners.append(text("Belum ada pelajar."));
    if (home.tasks.length) learners.append(text(`Tugas: ${home.tasks.join(", ")}`));
    const note = make("textarea", { name: "text", rows: 4, maxLength: 230 });
    const form = this.form(`/dampingan/keluarga/${home.id}/kunjungan/`, home.name, [
      make("h2", { textContent: "Catat kunjungan" }), text("Tulis yang penting saja. Jangan tulis NIK atau nomor kartu."), field("Catatan (boleh kosong)", note),
    ], [make("button", { className: "btn main", textContent: "Simpan kunjungan" })], (data) =>
      data.set("text", [date(Date.now()), data.get("text").trim()].filter(Boolean).join(": ")));
    const tap = this.form(`/dampingan/keluarga/${home.id}/dihubungi/`, home.name, [], [
      make("button", { className: "btn", textContent: "Sudah dihubungi" }),
    ], (data) => data.set("perihal", home.about || ""));
    note.addEventListener("input", () => (tap.hidden = Boolean(note.value.trim()))); // it would not take the note along
    const told = [home.place, group && group.name, home.state, this.reached.get(home.id)].filter(Boolean).join(" · ");
    this.page(home.name, text(told, "soft"), learners, form, ...(this.since.has(home.id) ? [] : [tap]));
  }

  groups() {
    this.page("Pertemuan", text("Pilih kelompoknya."), make("ul", { className: "rows" }, ...this.caseload.groups.map((group) =>
      make("li", {}, make("a", { className: "row", href: `#pertemuan/${group.id}` }, make("b", { textContent: group.name }))))));
  }

  meeting(group) {
    const learners = this.caseload.households.filter((home) => home.group === group.id).flatMap((home) => home.learners);
    const day = make("input", { type: "date", name: "held_on", value: new Date().toLocaleDateString("sv") });
    const place = make("input", { name: "place", maxLength: 120, autocomplete: "off", value: group.place });
    const lessons = this.caseload.modules.map((module) => make("details", { className: "pick" }, make("summary", {}, make("span", { textContent: module.title })),
      make("ul", {}, ...boxes("lessons", module.lessons.map((lesson) => ({ value: lesson.key, title: lesson.title }))))));
    const count = make("b");
    count.setAttribute("role", "status");
    const all = make("p", { className: "line apart", hidden: true }, count, make("button", { type: "button", className: "btn less", textContent: "Semua hadir" }));
    const there = boxes("present", learners.filter((one) => one.agreed).map((one) => ({ value: one.id, title: one.name })));
    const others = learners.filter((one) => !one.agreed).map((one) => one.name).join(", ");
    const asked = others ? [text(`Belum setuju: ${others}. Catat persetujuannya saat ada sinyal.`, "soft")] : [];
    const form = this.form("/dampingan/pertemuan/baru/", group.name, [
      field("Tanggal", day), field("Tempat", place),
      make("fieldset", { className: "flow" }, make("legend", { textContent: "Pelajaran apa yang dibahas?" }), make("div", {}, ...lessons)),
      make("fieldset", { className: "flow" }, make("legend", { textContent: "Siapa yang hadir?" }), make("tick-count", {}, all, make("ul", { className: "rows" }, ...there)), ...asked),
    ], [make("button", { className: "btn main", textContent: "Simpan pertemuan" })], (data) => data.set("group", group.id));
    this.page(`Pertemuan ${group.name}`, form);
  }

  async queue() {
    const kept = new Set((await outbox.notes("own:photo:")).map((photo) => photo.id));
    const photos = this.practices.flatMap((practice) => practice.photos).filter((photo) => !kept.has(photo.id));
    const take = make("button", { type: "button", className: "btn", hidden: !photos.length,
      textContent: `Simpan ${photos.length} foto di HP (${learning.size(photos.reduce((sum, photo) => sum + photo.bytes, 0))})` });
    take.addEventListener("click", () => this.takePhotos(photos, take));
    this.page("Praktik", text(this.practices.length ? "Yang lama dulu." : "Semua sudah dicek.", "soft"), take,
      make("ul", { className: "rows" }, ...this.practices.map((practice) => make("li", {}, make("a", { className: "row", href: `#praktik/${practice.id}` },
        make("span", {}, make("b", { textContent: practice.learner }), make("br"), practice.title, make("br"), make("span", { className: "soft", textContent: practice.at })))))));
  }

  async takePhotos(photos, button) {
    button.disabled = true;
    let refused = false; // by the end of her session, or because it was taken back
    try {
      for (const { id } of photos) {
        const answer = await fetch(`/bukti/${id}/`);
        if (answer.ok) await outbox.note(`own:photo:${id}`, { id, blob: await answer.blob() });
        else refused = true;
      }
      if (refused) say("Ada foto yang belum tersimpan. Buka Hari ini. Lalu pilih Bawa ke jalan.", "warn");
    } catch (trouble) {
      say(trouble.name === "QuotaExceededError" ? "Memori HP penuh. Fotonya belum tersimpan semua." : "Belum ada sinyal. Foto disimpan nanti.", "warn");
    }
    if (location.hash === "#praktik") this.queue(); // she may write elsewhere by now
  }

  async practice(practice) {
    const photos = [];
    for (const { id } of practice.photos) {
      const kept = await outbox.noted(`own:photo:${id}`);
      if (kept) photos.push(make("img", { className: "photo", src: URL.createObjectURL(kept.blob), alt: `Foto dari ${practice.learner}` }));
    }
    if (photos.length < practice.photos.length) photos.push(text("Ada foto yang belum tersimpan di HP. Lihat saat ada sinyal.", "soft"));
    const said = [practice.number, practice.note].filter(Boolean).map((words) => text(words, "card"));
    const task = make("section", { className: "card flow near" }, make("h2", { textContent: "Tugasnya" }), text(practice.task));
    if (practice.rubric && practice.rubric.length) { // a list that was taken along before this was told has none
      task.append(make("h3", { textContent: "Yang dicek" }), make("ul", {}, ...practice.rubric.map((point) => make("li", { textContent: point }))));
    }
    const shown = [text(`${practice.title} · ${practice.at}`, "soft"), ...photos, ...said, task];
    if (practice.voice) return this.page(practice.learner, text("Ada rekaman suara. Dengarkan saat ada sinyal.", "note"), ...shown);
    const ready = (name, label, phrases) => {
      const input = make("input", { name, maxLength: 300, autocomplete: "off" });
      const taps = make("ready-phrases", { className: "line" }, ...phrases.map((value) => make("label", { className: "tap" },
        make("input", { type: "radio", name: `${name}_ready`, value }), make("span", { textContent: value }))));
      taps.setAttribute("for", `id_${name}`);
      return make("fieldset", { className: "flow near" }, make("legend", { textContent: label }), taps, field("Atau tulis sendiri", input));
    };
    const verdict = (value, textContent, className) => make("button", { name: "verdict", value, textContent, className });
    const form = this.form(`/dampingan/praktik/${practice.id}/`, `${practice.learner}, ${practice.title}`, [
      ready("praise", "Pujian", this.caseload.praises), ready("suggestion", "Saran", this.caseload.suggestions),
    ], [verdict("to_improve", "Perlu diperbaiki", "btn"), verdict("right", "Sudah benar", "btn main")]);
    this.page(practice.learner, ...shown, form);
  }

  // A form that goes into the outbox as the one at "path" would without a signal.
  form(path, title, parts, buttons, complete = () => {}) {
    const idle = buttons.length > 1 ? [make("button", { disabled: true, hidden: true })] : []; // for Enter in a sentence
    const form = make("form", { className: "flow far", noValidate: true }, ...idle, ...parts,
      make("div", { className: buttons.length > 1 ? "verdict" : "actions" }, ...buttons));
    let pressed; // Safari before 15.4 does not say it of what was sent
    form.addEventListener("click", ({ target }) => (pressed = target.closest("button")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const data = new FormData(form);
      if (pressed && pressed.name) data.set(pressed.name, pressed.value);
      for (const [name, value] of [["owner", this.owner], ["title", title], ["id", (form.made = form.made || outbox.newId())]]) data.set(name, value);
      complete(data);
      const missing = keptForms.missing(path, data);
      if (missing) return wantsMore(form, missing);
      try {
        if (!(await outbox.isHere(this.owner))) return say("Akun di HP ini sudah berganti. Salin dulu tulisannya, lalu buka lagi.", "warn");
        await keptForms.keep(path, data);
      } catch {
        return say(learning.full, "warn");
      }
      history.replaceState(null, "", location.pathname);
      await this.turn();
      const row = await learning.trySending(data.get("id"));
      if (!row) say("Sudah terkirim.", "good");
      else say(...(row.refused ? [row.refused, "warn"] : await learning.waits()));
    });
    return form;
  }
});
