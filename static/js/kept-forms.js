// Forms that can wait on the phone where there is no signal: which they are, and what each becomes in the outbox
// (docs/offline.md, «The kinds of items»). For pages and for the service worker.
const keptForms = (() => {
  const KEY = "([0-9a-f-]{36})";
  const text = (form, name) => (form.get(name) || "").replace(/\r\n/g, "\n").trim();
  const said = (form, name) => text(form, name) || text(form, `${name}_ready`);
  // Address; kind of item; its word; what it cannot do without (one of each line's fields); its work, or nothing where it
  // cannot wait.
  const RULES = [
    [`/belajar/pelajaran/${KEY}/paham/`, "lesson", "", [], (form, lesson) => ({ lesson })],
    [`/belajar/praktik/${KEY}/`, "practice", "Praktik: ", ["note number evidence photo voice"], (form, lesson, added) =>
      ({ lesson, note: text(form, "note"), number: text(form, "number"), files: [...form.getAll("evidence"), ...added] })],
    ["/dampingan/pertemuan/baru/", "attendance", "Pertemuan: ", ["held_on", "place", "lessons", "present"], (form) => ({
      group: Number(form.get("group")), held_on: text(form, "held_on"), place: text(form, "place"), lessons: form.getAll("lessons"),
      learners: form.getAll("present").map(Number),
    })],
    ["/dampingan/keluarga/(\\d+)/kunjungan/", "visit", "Kunjungan: ", [], (form, id) => ({ household: Number(id), text: text(form, "text") })],
    ["/dampingan/keluarga/(\\d+)/dihubungi/", "contact", "Dihubungi: ", [], (form, id) =>
      ({ household: Number(id), way: form.get("cara") || "langsung", about: form.get("perihal") || "" })],
    [`/dampingan/praktik/${KEY}/`, "feedback", "Jawaban praktik: ", ["praise praise_ready", "suggestion suggestion_ready", "verdict"],
      (form, practice, added) => !added.length && // what she recorded does not wait
        ({ practice, verdict: form.get("verdict"), praise: said(form, "praise"), suggestion: said(form, "suggestion"), voice: null })],
  ].map(([path, ...rule]) => [new RegExp(`^${path}$`), ...rule]);

  const rule = (path) => RULES.find(([pattern]) => pattern.test(path));
  const knows = (path) => Boolean(rule(path));

  // The name of the first field that the form cannot do without, and is empty.
  function missing(path, form) {
    const isGiven = (value) => (typeof value === "string" ? value.trim() : value.size);
    const needed = rule(path)[3].map((line) => line.split(" "));
    const lacking = needed.find((names) => !names.some((name) => form.getAll(name).some(isGiven)));
    return lacking && lacking[0];
  }

  // Whether the form is complete, and now in the outbox. Rejects where the phone is full.
  async function keep(path, form) {
    if (missing(path, form)) return false;
    const [pattern, kind, word, , work] = rule(path);
    // Kept twice, a file is the same: its id comes from the form's, as practice/forms.py makes it.
    const idOf = async (field, place, { name, size }) => new RegExp(`^${KEY}$`).test(name) ? name : !form.get("id") ? outbox.newId()
      : (await outbox.digest([form.get("id"), field, place, size])).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
    const files = await Promise.all(["photo", "voice"].flatMap((field) => form.getAll(field).filter((file) => file.size).map(async (blob, place) =>
      ({ id: await idOf(field, place, blob), field, blob }))));
    const made = work(form, path.match(pattern)[1], files.map((file) => file.id));
    if (!made) return false;
    await outbox.add(Number(form.get("owner")), kind, made, word + form.get("title"), { id: form.get("id") || undefined, files });
    return true;
  }

  return { knows, missing, keep };
})();
