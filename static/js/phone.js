// What a learner's page does with the phone: tells it who is here, sends what waits, and says how much that is.
const { make, say, clock, day } = learning;
const link = (href, text, kind = "btn") => make("a", { href, className: kind, textContent: text });

if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {}); // without it: a plain site

// A stylesheet that came inside the page is fetched as a file, too, once the service worker is ready: then pages link to it.
const style = document.querySelector("style[data-file]");
if (style && navigator.serviceWorker) navigator.serviceWorker.ready.then(async () => {
  const { file, cookie } = style.dataset;
  const answer = await fetch(file, { priority: "low" }).catch(Response.error);
  if (answer.ok && (await answer.text())) document.cookie = `${cookie}; path=/; max-age=31536000; samesite=lax; secure`;
});

const told = learning.told[location.hash];
if (told || location.hash === "#tersimpan") {
  (told ? Promise.resolve([told, "warn"]) : learning.waits()).then((words) => say(...words));
  history.replaceState(null, "", location.pathname + location.search);
}

// «Pasang di HP», from the second visit on, until it is put away for good. Listens before anything is waited
// for: the browser offers it once, early.
addEventListener("beforeinstallprompt", async (event) => {
  const hint = document.querySelector("[data-install]");
  if (!hint) return;
  event.preventDefault();
  if ((await outbox.noted("install")) === "no" || ((await outbox.noted("visits")) || 0) < 2) return;
  hint.hidden = false;
  const [yes, no] = hint.querySelectorAll("button");
  const away = () => {
    hint.hidden = true;
    outbox.note("install", "no");
  };
  yes.addEventListener("click", () => event.prompt().then(away, away));
  no.addEventListener("click", away);
});

// Out of the browser's history a page may be of who was here before: then the phone's own word counts.
const isOld = performance.getEntriesByType("navigation").some(({ type }) => type === "back_forward");
const here = isOld ? null : document.querySelector("phone-profile");

// Another's card was scanned: the sign-in has led on to whoever is signed in, and the code with her (card-code.js).
const card = location.hash.slice(1);
if (here && /^[0-9A-HJKMNP-TV-Z]{8}$/.test(card)) {
  if (card !== here.getAttribute("code")) say(`HP ini masih dipakai ${here.getAttribute("nickname")}. Keluar dulu, lalu pindai kartunya lagi.`, "warn");
  history.replaceState(null, "", location.pathname + location.search);
}

// Nothing is awaited out here: Chromium before 89 takes that for a mistake, and reads no line of the file.
const known = (here ? outbox.become(Number(here.getAttribute("owner")), { nickname: here.getAttribute("nickname") }) : outbox.current()).catch(() => undefined);
const askForKey = async (now) => here && now && (!now.key || now.ended) && outbox.askForKey(now.owner, here.getAttribute("csrf"));
const send = () => outbox.send().catch(() => false);
addEventListener("online", send);
async function sendUntilClean(pause) { // an open page goes on by itself, ever more slowly up to five minutes
  if (await send()) return;
  await outbox.current().then(askForKey).catch(() => {}); // it ends with her PIN
  setTimeout(sendUntilClean, pause, Math.min(2 * pause, 300e3));
}
known.then(askForKey).catch(() => {}).then(() => sendUntilClean(5e3)); // the page does not wait for it

// «3 menunggu dikirim · terakhir terkirim 10.05», with its day where that is another.
customElements.define("outbox-state", class extends HTMLElement {
  connectedCallback() {
    outbox.whenChanged(() => this.show());
    this.show();
  }

  async show() {
    const rows = await outbox.unsent();
    const waiting = rows.filter((row) => !row.refused).length;
    const refused = rows.length - waiting;
    const last = Math.max(0, ...(await outbox.all("profiles")).map((one) => one.sentAt || 0));
    const words = waiting ? [`${waiting} menunggu dikirim`] : refused ? [] : ["Semua sudah terkirim"];
    if (refused) words.push(`${refused} perlu dilihat`);
    const date = day(last) === day(Date.now()) ? "" : `${day(last)}, `;
    if (last) words.push(`terakhir terkirim ${date}${clock(last)}`);
    this.querySelector("[data-words]").textContent = words.join(" · ");
    this.hidden = !rows.length && !last;
  }
});

// The modules on this phone.
customElements.define("saved-modules", class extends HTMLElement {
  async connectedCallback() {
    const profile = await known;
    const modules = await outbox.notes("module:");
    this.replaceChildren(...modules.map((module) => link(module.url, module.title)));
    if (profile && profile.companion) this.prepend(link("/luring/dampingan/", "Keluarga dampingan"));
    else if (profile) {
      for (const paper of await outbox.notes(`paper:${profile.owner}:`)) {
        if (paper.gate.state !== "done" && (await learning.attempt(profile, paper))) this.prepend(link(`/luring/kuis/#${paper.quiz}`, `Lanjutkan ${paper.title}`, "btn main"));
      }
    }
    if (!modules.length && !(profile && profile.companion)) this.append(make("p", { className: "card", textContent: "Belum ada. Saat ada sinyal, buka modul. Lalu pilih Unduh dulu." }));
  }
});

if (document.querySelector("[data-install]")) outbox.noted("visits").then((visits) => outbox.note("visits", (visits || 0) + 1));

// --- On a saved page, which is the public one: what is hers ---------------------------------------------------------

const signIn = document.querySelector("a.who[data-sign-in]"); // nobody is signed in on such a page
const lesson = document.querySelector("[data-lesson]");
async function showLesson(profile) {
  const { lesson: key, next, module, title } = lesson.dataset;
  const back = link(module, "Kembali ke modul");
  let isDone;
  const show = async () => {
    const before = isDone;
    isDone = (await learning.understood(profile)).has(key);
    if (isDone === before) return;
    if (isDone) return lesson.replaceChildren(make("p", { className: "state good", textContent: "Sudah paham. Pelajaran ini selesai." }), link(next, "Lanjut", "btn main"), back);
    const button = make("button", { type: "button", className: "btn main", textContent: "Sudah paham" });
    button.addEventListener("click", async () => {
      button.disabled = true;
      const id = outbox.newId();
      try {
        if (!(await outbox.isHere(profile.owner))) return location.reload(); // what another taps is not hers
        await outbox.add(profile.owner, "lesson", { lesson: key }, title, { id });
      } catch {
        button.disabled = false;
        say(learning.full, "warn");
        return;
      }
      const row = await learning.trySending(id);
      if (!row || !row.refused) location.href = next + (row ? "#tersimpan" : "");
      else {
        lesson.replaceChildren(link(next, "Lanjut", "btn main"), back);
        say(row.refused, "warn");
      }
    });
    lesson.replaceChildren(button, back);
  };
  await show();
  // What a meeting had brought may have been taken back.
  addEventListener("paper", show);
  const taken = (await outbox.notes("module:")).find((one) => one.lessons.some((row) => row.key === key));
  if (taken) learning.takeQuiz(taken.quiz).catch(() => {});
  const task = document.querySelector("#praktik");
  const waits = (await outbox.unsent()).some((row) => row.owner === profile.owner && row.item && row.item.kind === "practice" && row.item.work.lesson === key);
  if (task) task.append(waits ? make("p", { className: "state now", textContent: "Praktik menunggu dikirim" }) : link(`/belajar/praktik/${key}/`, "Kirim praktik"));
}

// The module: what she has understood, her quiz, and where she goes on. Once more when a newer paper has come.
let isChanged = false;
async function showHers(profile) {
  const understood = await learning.understood(profile);
  const rows = [...document.querySelectorAll("[data-key]")];
  for (const row of rows) {
    const mark = row.querySelector(".mark");
    const isDone = understood.has(row.dataset.key);
    if (isDone === mark.matches(".good")) continue;
    mark.classList.toggle("good");
    if (isDone) row.querySelector(".soft").append(" · Selesai");
    else row.querySelector(".soft").lastChild.remove();
    isChanged = true;
  }
  const next = rows.find((row) => !understood.has(row.dataset.key));
  let goOn = next ? [next.href, `Lanjut: ${next.querySelector("b").textContent}`] : ["/belajar/", "Kembali ke Belajar"];
  const quiz = document.querySelector("[data-quiz]");
  if (quiz) {
    const paper = await learning.paper(profile, quiz.dataset.quiz);
    const locked = paper && learning.locked(await learning.gate(profile, paper));
    const result = await learning.result(profile, quiz.dataset.quiz);
    const begun = paper && (await learning.attempt(profile, paper));
    const open = paper ? [`/luring/kuis/#${paper.quiz}`, begun ? "Lanjutkan kuis" : "Kerjakan kuis"] : ["kuis/", "Buka kuis"];
    const passed = paper && paper.gate.state === "done";
    const isNext = paper && !passed && (begun || (!locked && !next));
    if (isNext) goOn = open;
    quiz.replaceChildren(locked && !begun ? make("p", { textContent: `Terkunci. ${locked}` })
      : passed ? make("p", { className: "state good", textContent: "Kuis sudah lulus." })
      : isNext && isChanged ? make("p", { textContent: "Kuis sudah terbuka." }) : link(...open));
    if (result) quiz.append(link(result, "Lihat nilai terakhir"));
  }
  if (isChanged) document.querySelector(".actions .main").replaceWith(link(...goOn, "btn main"));
}
known.then(async (profile) => {
  if (lesson && profile && !profile.companion) await showLesson(profile);
  if (!profile || !signIn) return;
  if (!profile.companion) {
    addEventListener("paper", () => showHers(profile));
    await showHers(profile);
  }
  signIn.replaceWith(make("a", { className: "who", href: profile.companion ? "/luring/dampingan/" : "/luring/", textContent: profile.nickname }));
});
