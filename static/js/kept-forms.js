// Forms that can wait on the phone where there is no signal: which they are, and what each becomes in the outbox
// (docs/offline.md, «The kinds of items»). For pages and for the service worker.
const keptForms = (() => {
  const KEY = "([0-9a-f-]{36})";
  const text = (form, name) => (form.get(name) || "").replace(/\r\n/g, "\n").trim();
  const said = (form, name) => text(form, name) || text(form, `${name}_ready`);
  // Address; kind of item; its word; its work, or nothing where something is missing that it cannot do without.
  const RULES = [
    [`/belajar/pelajaran/${KEY}/paham/`, "lesson", "", (form, lesson) => ({ lesson })],
    [`/belajar/praktik/${KEY}/`, "practice", "Praktik: ", (form, lesson, added) => {
      const [note, number, files] = [text(form, "note"), text(form, "number"), [...form.getAll("evidence"), ...added]];
      return (note || number || files.length) && { lesson, note, number, files };
    }],
    ["/dampingan/pertemuan/baru/", "attendance", "Pertemuan: ", (form) => {
      const [held_on, place, lessons] = [text(form, "held_on"), text(form, "place"), form.getAll("lessons")];
      const learners = form.getAll("present").map(Number);
      return held_on && place && lessons.length && learners.length && { group: Number(form.get("group")), held_on, place, lessons, learners };
    }],
    ["/dampingan/keluarga/(\\d+)/kunjungan/", "visit", "Kunjungan: ", (form, id) => ({ household: Number(id), text: text(form, "text") })],
    [`/dampingan/praktik/${KEY}/`, "feedback", "Jawaban praktik: ", (form, practice, added) => {
      const [verdict, praise, suggestion] = [form.get("verdict"), said(form, "praise"), said(form, "suggestion")];
      return verdict && praise && suggestion && !added.length && { practice, verdict, praise, suggestion, voice: null };
    }],
  ].map(([path, ...rule]) => [new RegExp(`^${path}$`), ...rule]);

  const knows = (path) => RULES.some(([pattern]) => pattern.test(path));

  // Whether the form is complete, and now in the outbox. Rejects where the phone is full.
  async function keep(path, form) {
    const [pattern, kind, word, work] = RULES.find(([one]) => one.test(path));
    const files = ["photo", "voice"].flatMap((field) => form.getAll(field).filter((file) => file.size).map((file) =>
      ({ id: new RegExp(`^${KEY}$`).test(file.name) ? file.name : outbox.newId(), field, blob: file })));
    const made = work(form, path.match(pattern)[1], files.map((file) => file.id));
    if (!made) return false;
    await outbox.add(Number(form.get("owner")), kind, made, word + form.get("title"), { id: form.get("id") || undefined, files });
    return true;
  }

  return { knows, keep };
})();
