// Chromium before 86 has none, and whatever a phone shows by itself is put in its place with it.
if (!Element.prototype.replaceChildren) Element.prototype.replaceChildren = function (...children) {
  this.textContent = "";
  this.append(...children);
};

// What a learner has done and may do, as far as her phone knows: over the outbox, and what she took along.
const learning = {
  // The keys of the lessons that she has said «Sudah paham» to.
  async understood(profile) {
    const said = (await outbox.done(profile.owner, "lesson")).map((row) => row.item.work.lesson);
    const papers = await outbox.notes(`paper:${profile.owner}:`);
    return new Set(said.concat(...papers.map((paper) => paper.lessons_done)));
  },

  // What she left in the middle. Another page may have handed it in, or the questions are others now.
  async attempt(profile, paper) {
    const attempt = await outbox.noted(`attempt:${profile.owner}:${paper.quiz}`);
    const handedIn = (await outbox.done(profile.owner, "quiz")).map((row) => row.id);
    return attempt && !handedIn.includes(attempt.id) && attempt.revision === paper.revision ? attempt : undefined;
  },

  paper: (profile, quiz) => outbox.noted(`paper:${profile.owner}:${quiz}`),

  // Where the result of her last attempt from this phone is, once one was judged.
  async result(profile, quiz) {
    const judged = (await outbox.done(profile.owner, "quiz")).filter((row) => row.item.work.quiz === quiz && row.sentAt && !row.waits);
    return judged.length ? `/belajar/percobaan/${judged.pop().id}/hasil/` : "";
  },

  // How many lessons and modules are missing before the quiz opens, whether a practice is, and whether today's attempts
  // are used up.
  async gate(profile, paper) {
    const understood = await learning.understood(profile);
    const attempts = await outbox.done(profile.owner, "quiz");
    // What an attempt came to is not told to the phone. A paper that was asked for after it had arrived knows.
    const open = attempts.filter((row) => row.waits || !((row.arrivedAt || row.sentAt) <= paper.at));
    const quizzes = new Set(open.map((row) => row.item.work.quiz));
    const papers = await outbox.notes(`paper:${profile.owner}:`);
    const taken = new Set(papers.filter((one) => quizzes.has(one.quiz)).map((one) => one.module));
    const mine = attempts.filter((row) => row.item.work.quiz === paper.quiz);
    const today = mine.filter((row) => new Date(row.item.at).toDateString() === new Date().toDateString());
    return {
      lessons: paper.gate.missing_lessons.filter((key) => !understood.has(key)).length,
      modules: paper.gate.missing_modules.filter((key) => !taken.has(key)).length,
      practice: paper.gate.missing_practice,
      enough: Boolean(paper.attempts_per_day) && today.length >= paper.attempts_per_day,
      draw: mine.length % paper.draws.length,
      waits: mine.length > 0,
    };
  },

  // Why a quiz is not open yet; nothing where it is.
  locked: ({ lessons, modules, practice }) => lessons ? `Selesaikan ${lessons} pelajaran lagi untuk membuka kuis.`
    : modules ? `Selesaikan ${modules} modul lagi untuk membuka kuis.`
    : practice ? "Kuis terbuka setelah satu praktik dijawab «Sudah benar»." : "",

  make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  },

  // One calm sentence at the top of the page.
  say(text, kind) {
    const note = learning.make("div", { className: `note ${kind || ""}` }, learning.make("div", {}, learning.make("p", { textContent: text })));
    note.setAttribute("role", "status");
    learning.hush();
    learning.said = note;
    document.querySelector("main").prepend(note);
    note.scrollIntoView({ block: "nearest" });
  },

  hush: () => learning.said && learning.said.remove(),

  // As fetch, but given up where nothing has come for a minute, of its body neither: some networks take it and never answer.
  async ask(path, options) {
    const cut = new AbortController();
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => cut.abort(), 60e3);
    };
    wait();
    const answer = await fetch(path, Object.assign({ signal: cut.signal }, options));
    const { body } = answer.clone();
    const reader = body && body.getReader();
    const watch = async () => {
      while (reader && !(await reader.read()).done) wait();
      clearTimeout(timer);
    };
    watch().catch(() => {});
    return answer;
  },

  // Her questions and what is missing before them, under her name on this phone; without them the lessons serve all the
  // same. What has not changed since is not sent again.
  async takeQuiz(quiz) {
    const profile = await outbox.current();
    if (!quiz || !profile || profile.companion) return;
    const name = `paper:${profile.owner}:${quiz}`;
    const kept = (await outbox.noted(name)) || {};
    const at = Date.now();
    const headers = kept.tag ? { "If-None-Match": kept.tag } : {};
    const answer = await learning.ask(`/belajar/kuis/${quiz}/luring/`, { headers, redirect: "manual" }).catch(() => null); // to a sign-in
    if (answer && answer.type === "opaqueredirect") outbox.send(true).catch(() => {}); // she may have been erased elsewhere
    if (!answer || !(answer.ok || answer.status === 304)) return;
    const paper = answer.ok ? Object.assign(await answer.json(), { tag: answer.headers.get("ETag") }) : kept;
    await outbox.note(name, Object.assign(paper, { at }));
    dispatchEvent(new Event("paper"));
  },

  // The service worker, without which the phone opens nothing. Where its installation was cut, it is begun once more.
  worker() {
    const begun = navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready);
    return Promise.race([begun, new Promise((_, late) => setTimeout(late, 60e3, new TypeError("late")))]);
  },

  // Sends, for three seconds at most. Returns the piece of work where it is still here: refused, or waiting.
  async trySending(id) {
    await Promise.race([outbox.send().catch(() => {}), new Promise((done) => setTimeout(done, 3000))]);
    return (await outbox.all("waiting")).find((row) => row.id === id);
  },

  // What to say, and how, where her work waits.
  async waits() {
    const { trouble } = (await outbox.current()) || {};
    return trouble ? [trouble, "warn"] : [learning.kept, "good"];
  },

  full: "Memori HP penuh. Ini belum tersimpan. Hapus beberapa foto atau video, lalu coba lagi.",
  kept: "Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.",
  // What a page is told by the one before.
  get told() {
    return {
      "#masuk": "Waktu masuk habis. Tersimpan di HP. Nanti dikirim otomatis.",
      "#penuh": learning.full,
      "#kurang": "Belum lengkap. Kembali, lalu isi yang kurang.",
      "#masih-masuk": "Belum ada sinyal. Keluar lagi nanti, saat ada sinyal.",
    };
  },
  clock: (time) => new Date(time).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" }),
  day: (time) => new Date(time).toLocaleDateString("id-ID", { day: "numeric", month: "short", year: "numeric" }),
  size: (bytes) => bytes < 1e5 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`,
};
