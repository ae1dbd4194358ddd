{% load static %}// What the phone does without a signal. Pages that somebody saved are the public ones, without anybody's state:
// that is in IndexedDB (outbox.js). All else comes from the network.
importScripts("{% static 'js/outbox.js' %}", "{% static 'js/kept-forms.js' %}");
const SHELL = "kerangka-{{ version }}";
const SAVED = "tersimpan";
const FILES = [{% for file in files %}
  "{{ file|escapejs }}",{% endfor %}
];
const PATIENCE = 5000; // milliseconds
const OFFLINE = "/luring/";
const OF_EDITORS = /^\/(kelola|django-admin)\//;
// What serves instead of a page that the network did not bring.
const INSTEAD = [
  [/^(?:\/[a-z]+)?\/modul\/[^/]+\/kuis\/$/, (path) => `/luring/kuis/#${path}`],
  [/^\/belajar\/praktik\/([0-9a-f-]{36})\/$/, (_, key) => `/luring/praktik/#${key}`],
  [/^\/dampingan\/(keluarga\/\d+|praktik\/[^/]+|praktik|pertemuan)?/, (_, part) => `/luring/dampingan/${part ? `#${part}` : ""}`],
];

const NEVER_CHANGES = /\.[0-9a-f]{12}\.\w+$/; // under its name: what the page has had already is not asked for again
const asVisitor = (url) => new Request(url, { credentials: "omit", cache: NEVER_CHANGES.test(url) ? "default" : "no-cache" });
const late = () => new Promise((_, reject) => setTimeout(() => reject(new TypeError("late")), PATIENCE));

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES.map(asVisitor))));
});

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (![SHELL, SAVED].includes(name)) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("sync", (event) => event.waitUntil(outbox.send().then((clean) => {
  if (!clean) throw new Error("not yet"); // so that the browser tries again later
})));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && request.mode === "navigate") {
    if (fromHistory(request) && !OF_EDITORS.test(url.pathname)) event.respondWith(Response.redirect(request.referrer || url, 303));
    else if (keptForms.knows(url.pathname)) event.respondWith(sent(request, url.pathname));
    else if (url.pathname === "/keluar/") event.respondWith(signOut(request));
    else if (isPlain(request) && !OF_EDITORS.test(url.pathname)) event.respondWith(typed(request));
  }
  if (request.method !== "GET") return;
  if (/^\/(static|media)\//.test(url.pathname)) event.respondWith(file(request, url));
  else if (request.mode === "navigate" && !OF_EDITORS.test(url.pathname)) event.respondWith(page(event, url));
});

// A form that was answered with a page, because something was wrong with it, comes once more by the way back. The browser
// may not send it anew, nor do we: it was corrected since. She meets the page that it stands on, which may be asked for.
const fromHistory = ({ cache }) => cache === "only-if-cached";

async function file(request, url) {
  const kept = await caches.match(url.pathname);
  if (kept) return request.headers.has("range") ? part(kept, request.headers.get("range")) : kept;
  const fresh = await fetch(request).catch(() => Response.error());
  if (fresh.ok) return fresh;
  // Another size of the same picture does as well, and another release of the same script.
  const stem = (path) => path.startsWith("/media/") ? path.split(".format-")[0] : path.match(/^[^.]*/)[0];
  for (const name of [SAVED, SHELL]) {
    const cache = await caches.open(name);
    const like = (await cache.keys()).find((one) => stem(new URL(one.url).pathname) === stem(url.pathname));
    if (like) return cache.match(like);
  }
  return fresh;
}

// A new release: all saved pages once more, so that their looks and their scripts belong together.
let renewing;
async function renew() {
  if ((await outbox.noted("release")) === SHELL) return;
  const saved = await caches.open(SAVED);
  for (const { url } of await saved.keys()) {
    const { pathname } = new URL(url);
    if (/^\/(static|media)\//.test(pathname)) continue;
    await lookAnew(saved, pathname);
  }
  await outbox.note("release", SHELL);
}

// One that has moved, is gone, or is for those alone who sign in, is let go: from then on the network leads to it. What a
// Wi-Fi says that wants a sign-in is no page of ours: those all bear a policy.
async function lookAnew(saved, path) {
  const fresh = await fetch(asVisitor(path));
  if (!fresh.headers.has("Content-Security-Policy")) return;
  if (fresh.redirected || [404, 410].includes(fresh.status)) await saved.delete(path);
  else if (fresh.ok) await saved.put(path, fresh);
}

// A player that goes on where it stopped asks for the rest alone.
async function part(kept, range) {
  const whole = await kept.blob();
  const [, from, to] = range.match(/^bytes=(\d+)-(\d*)/) || [, 0, ""];
  const end = Math.min(to ? Number(to) + 1 : whole.size, whole.size);
  return new Response(whole.slice(Number(from), end), {
    status: 206,
    headers: { "Content-Type": whole.type, "Content-Range": `bytes ${from}-${end - 1}/${whole.size}` },
  });
}

// Saved pages at once, and a look behind whether they have changed; others from the network. Saved ones, too, where the
// phone knows of nobody: she may just have signed in.
async function page(event, url) {
  renewing = renewing || renew().catch(() => (renewing = undefined));
  event.waitUntil(renewing);
  const saved = await caches.open(SAVED);
  const kept = await saved.match(url.pathname);
  const request = fromHistory(event.request) ? new Request(url, { redirect: "manual" }) : event.request;
  if (kept && !(await outbox.current().catch(() => null))) {
    const fresh = await Promise.race([fetch(request), late()]).catch(Response.error);
    if (fresh.type !== "error" && fresh.status < 500) return fresh;
  }
  if (kept) {
    event.waitUntil(lookAnew(saved, url.pathname).catch(() => {}));
    return kept;
  }
  const answer = fetch(request);
  try {
    const fresh = await (FILES.includes(url.pathname) ? Promise.race([answer, late()]) : answer);
    if ([502, 504].includes(fresh.status)) throw new TypeError("down"); // the gateway's word: no server behind it
    if (url.pathname === "/masuk/" && fresh.ok) await forget(); // nobody is signed in
    return fresh;
  } catch {
    answer.catch(() => {});
    const instead = INSTEAD.find(([pattern]) => pattern.test(url.pathname));
    if (instead) return Response.redirect(instead[1](...url.pathname.match(instead[0])));
    const same = (await saved.keys()).find((one) => original(new URL(one.url).pathname) === original(url.pathname));
    return same ? Response.redirect(same.url) : (await caches.match(url.pathname)) || caches.match(OFFLINE);
  }
}

// The address of a page in whichever language it was taken along.
const original = (path) => path.replace(/^\/[a-z]+(?=\/modul\/)/, "");

// Nothing where the browser cannot tell, as every iPhone before iOS 14.5: then the form goes as if nobody had caught it.
const readForm = (request) => request.clone().formData().catch(() => null);

// A plain form. Whether the network took it or not, or the server was in trouble: sent twice, it counts once. Where her
// session has ended (401) it is kept as well; nobody has signed in or out since the form was opened, or the server would
// have refused it (403). So it is where a Wi-Fi answered that wants a sign-in (200): the server leads on, or says why not.
async function sent(request, path) {
  const form = await readForm(request);
  if (!form || !form.get("owner")) return typed(request); // of a page from before it could wait: nobody's key would send it
  const isHeavy = [...form.values()].some((value) => value.size);
  const answer = await (isHeavy ? fetch(request) : Promise.race([fetch(request), late()])).catch(() => null);
  if (answer && ![200, 401].includes(answer.status) && answer.status < 500) return answer;
  const next = form.get("next") || OFFLINE;
  try {
    const kept = await keptForms.keep(path, form);
    if (answer && !kept) return answer;
    const page = !kept && !isHeavy && (await again(form, "Belum lengkap", "Ada yang belum diisi. Jangan tutup halaman ini. Saat ada sinyal, tekan Coba lagi."));
    if (page) return page;
    const told = !kept ? "#kurang" : answer && answer.status === 401 ? "#masuk" : "#tersimpan";
    return Response.redirect(`${(await caches.match(next)) ? next : OFFLINE}${told}`, 303);
  } catch {
    const words = "Ini belum tersimpan. Jangan tutup halaman ini. Hapus beberapa foto atau video, lalu coba lagi.";
    const page = !isHeavy && (await again(form, "Memori HP penuh", words));
    return page || Response.redirect(`${OFFLINE}#penuh`, 303);
  }
}

// Any other form without files. Whose form bears a secret, gets it empty: somebody else may hold the phone by then.
const SECRETS = ["password", "pin", "oldpassword", "password1"];
const isPlain = (request) => /^application\/x-www-form/.test(request.headers.get("content-type"));
async function typed(request) {
  const form = await readForm(request);
  if (!form) return fetch(request);
  const answer = await fetch(request).catch(() => null);
  if (answer && ![502, 504].includes(answer.status)) return answer;
  const kept = SECRETS.some((name) => form.has(name)) ? [] : form;
  const page = await again(kept, "Belum ada sinyal", `Ini belum terkirim. ${kept === form ? "Jangan tutup halaman ini. " : ""}Saat ada sinyal, tekan Coba lagi.`);
  return page || answer || Response.error();
}

// What was typed, in a page of ours at the same address, whose button sends it once more: the browser's own page would
// have lost it. Nothing where the phone has no page to make it of.
const escaped = (text) => text.replace(/[&"]/g, (sign) => `&#${sign.charCodeAt()};`);
async function again(form, title, words) {
  const shell = await caches.match(OFFLINE);
  if (!shell) return null;
  const typed = [...form].filter(([, value]) => typeof value === "string"); // no empty field for a file
  const fields = typed.map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  const page = (await shell.text())
    .replace(/<title>[^]*<\/title>/, `<title>${title} · Belajar PENA</title>`)
    .replace(/(<main[^>]*>)[^]*(<\/main>)/, (_, begin, end) => `${begin}<h1>${title}</h1><p>${words}</p>
<form class="actions" method="${fields.length ? "post" : "get"}">${fields.join("")}<button class="btn main">Coba lagi</button></form>${end}`);
  return new Response(page, { headers: shell.headers });
}

// Where the phone's database does not open, nothing of hers can be shown either.
const forget = () => outbox.become().catch(() => {});

// Whatever the network says: what is hers is not to be seen on this phone any more.
async function signOut(request) {
  await forget();
  return fetch(request).catch(() => Response.redirect(`${OFFLINE}#masih-masuk`, 303));
}
