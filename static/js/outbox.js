// Work waits here, in IndexedDB, until the server has said that it has it (docs/offline.md). One classic script, for
// pages and for the service worker alike. It knows nothing of what the work is.
const outbox = (() => {
  const KEPT = 90 * 24 * 3600e3; // how long acknowledged work stays, in milliseconds
  const BATCH = 100;
  const ASKED = 24 * 3600e3; // after so long it asks whether the server still has its work
  const PATIENCE = 300e3; // with one request: a photo takes its time, but some networks take it and never answer
  const channel = () => self.BroadcastChannel ? new BroadcastChannel("kiriman") : { postMessage() {}, addEventListener() {} };
  const news = channel();
  const whenChanged = (listen) => channel().addEventListener("message", listen); // a channel does not hear itself
  let opening;

  function open() {
    opening = opening || new Promise((resolve, reject) => {
      const request = indexedDB.open("belajar", 2);
      request.onupgradeneeded = () => {
        const base = request.result;
        const make = (name, options) => base.objectStoreNames.contains(name) || base.createObjectStore(name, options);
        make("profiles", { keyPath: "owner" });
        for (const name of ["waiting", "sent", "files"]) make(name, { keyPath: "id" });
        make("notes");
      };
      request.onsuccess = () => {
        const base = request.result;
        base.onclose = base.onversionchange = () => { // by trouble of the disk, or for a newer page
          base.close();
          opening = undefined;
        };
        resolve(base);
      };
      request.onerror = () => {
        opening = undefined;
        reject(request.error);
      };
    });
    return opening;
  }

  // Runs work(stores) in one transaction; resolves when it is on the disk, with what work returned: a request's result.
  async function within(names, mode, work) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const transaction = base.transaction(names, mode, { durability: "strict" });
      if (mode === "readonly") readings.add(transaction);
      const request = work(...names.map((name) => transaction.objectStore(name)));
      transaction.oncomplete = () => {
        readings.delete(transaction);
        resolve(request && request.result);
      };
      transaction.onabort = () => {
        const wasPutAside = readings.delete(transaction) && !transaction.error;
        if (wasPutAside) addEventListener("pageshow", () => resolve(within(names, mode, work)), { once: true });
        else reject(transaction.error || (request && request.error));
      };
    });
  }

  // Safari keeps a page for «Back» with what it has begun, and who would write waits for that. What is being read is ended
  // then, and read anew when she comes back; what is being written may be her work, and goes on.
  const readings = new Set();
  addEventListener("pagehide", ({ persisted }) => {
    for (const transaction of persisted ? readings : []) {
      try {
        transaction.abort();
      } catch {
        // it is just ending
      }
    }
  });
  const get = (store, key) => within([store], "readonly", (all) => all.get(key));
  const all = (store) => within([store], "readonly", (found) => found.getAll());
  const note = (name, value) => within(["notes"], "readwrite", (notes) =>
    value === undefined ? notes.delete(name) : notes.put(value, name));
  const noted = (name) => get("notes", name);
  const drop = (store, rows) => within([store], "readwrite", (found) => rows.forEach((row) => found.delete(row.id)));
  const notes = (prefix) => within(["notes"], "readonly", (found) =>
    found.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));

  // --- Who works on this phone -----------------------------------------------------------------------------------

  async function current() {
    const owner = await noted("current");
    return owner ? get("profiles", owner) : undefined;
  }

  // Another may have signed in, in another tab.
  const isHere = async (owner) => (await noted("current")) === owner;

  // Who is signed in now: an owner and what to show of her; nobody where there is no owner. Notes under «own:» are of whoever
  // is signed in, and go with her.
  async function become(owner, shown) {
    if ((await noted("current")) !== (owner || undefined)) {
      await within(["notes"], "readwrite", (notes) => {
        notes.delete(IDBKeyRange.bound("own:", "own:\uffff"));
        notes.delete("current");
        if (owner) notes.put(owner, "current");
      });
    }
    if (!owner) return undefined;
    await change(owner, shown);
    return get("profiles", owner);
  }

  async function askForKey(owner, csrf) {
    const answer = await post("/belajar/kirim/kunci/", { headers: { "X-CSRFToken": csrf } });
    if (!answer.ok) return;
    const told = await answer.json();
    if (told.owner === owner) await change(owner, { key: told.key, ended: false, trouble: "" });
  }

  // All of hers goes, waiting or sent. Others who work on this phone keep theirs. Her face at the sign-in is where a service
  // worker does not reach: what is noted tells a page to let it go (profiles.js).
  async function erase(owner) {
    const { nickname } = (await get("profiles", owner)) || {};
    await note(`erased:${owner}`, { owner, nickname }).catch(() => {}); // a full phone: what is hers goes all the same
    if (await isHere(owner)) await become();
    await within(["profiles", "waiting", "sent", "files", "notes"], "readwrite", (profiles, waiting, sent, files, notes) => {
      profiles.delete(owner);
      for (const store of [waiting, sent, files]) {
        store.openCursor().onsuccess = ({ target: { result: row } }) => {
          if (!row) return;
          if (row.value.owner === owner) row.delete();
          row.continue();
        };
      }
      for (const kind of ["paper", "attempt"]) notes.delete(IDBKeyRange.bound(`${kind}:${owner}:`, `${kind}:${owner}:\uffff`));
    });
    news.postMessage("");
    return true;
  }

  // In one transaction: another page, or the service worker, may change her profile just then.
  const change = (owner, values) => within(["profiles"], "readwrite", (profiles) => alter(profiles, owner, () => values));
  const alter = (profiles, owner, valuesFor) => {
    const asked = profiles.get(owner);
    asked.onsuccess = () => {
      const before = asked.result || { owner, key: null, epoch: null, serial: 0, askedAt: Date.now() };
      profiles.put(Object.assign(before, valuesFor(before)));
    };
  };

  // --- Items -----------------------------------------------------------------------------------------------------

  const canonical = (v) => Array.isArray(v) ? `[${v.map(canonical)}]` : v && typeof v === "object"
    ? `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)}}` : JSON.stringify(v);
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  async function digest(item) {
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(item)))));
  }

  function newId() { // UUIDv7
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const time = Date.now().toString(16).padStart(12, "0");
    for (let i = 0; i < 6; i++) bytes[i] = parseInt(time.slice(2 * i, 2 * i + 2), 16);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    return hex(bytes).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  // Keeps a piece of work. Rejects where the phone is full: then it is not saved, and must not be called so. "label" is
  // for the list on the phone and is not sent. "forget" names a note that goes in the same transaction; "files" are
  // { id, field, blob }, which follow the item. The same work under an "id" that is known changes nothing; other work, by
  // whoever went back to the form, has an id of its own.
  async function add(owner, kind, work, label, { id = newId(), files = [], forget } = {}) {
    const known = async () => (await get("waiting", id)) || get("sent", id);
    const before = await known();
    if (before && canonical(before.item.work) === canonical(work)) return;
    if (before) id = newId();
    const item = { id, owner, kind, at: new Date().toISOString(), work };
    item.digest = await digest(item);
    const keep = () => within(["waiting", "files", "notes"], "readwrite", (waiting, kept, notes) => {
      waiting.add({ id, owner, label, item });
      for (const file of files) {
        const asked = kept.count(file.id); // one that is here already stays with the work that it was first kept for
        asked.onsuccess = () => asked.result || kept.add(Object.assign({ owner, of: id, label }, file));
      }
      if (forget) notes.delete(forget);
    });
    await keep().catch(async (trouble) => {
      if (!(await known())) await makeRoom(keep, trouble); // else it was a second tap
    });
    news.postMessage("");
    const worker = self.registration || (navigator.serviceWorker && (await navigator.serviceWorker.getRegistration()));
    if (worker && worker.sync) worker.sync.register("kirim").catch(() => {});
  }

  // Files that have arrived are kept as the rest is, for as long as there is room. Then "work" once more.
  async function makeRoom(work, trouble) {
    const arrived = (await all("files")).filter((file) => file.sentAt);
    if (!arrived.length) throw trouble;
    await drop("files", arrived);
    return work();
  }

  // --- Sending ---------------------------------------------------------------------------------------------------

  // Sends what waits, each one's under her own key. True where nothing is left that could be sent. "ask" does not wait until
  // tomorrow to ask the server about each.
  function send(ask = false) {
    if (!navigator.locks) return sendAll(ask);
    return navigator.locks.request("kirim", () => sendAll(ask)); // page and service worker: one at a time
  }

  async function sendAll(ask) {
    let clean = true;
    for (const part of [sendOf, sendFilesOf]) { // small facts first
      for (const profile of await all("profiles")) {
        clean = (await part(profile.owner, ask).catch(() => false)) && clean; // the trouble of one never holds up the others
      }
    }
    news.postMessage("");
    return clean;
  }

  // Never more than ten minutes are asked for: where more are left, the phone's clock was put back.
  // With a key that has ended the server is asked once a day: it may sleep no more, or she may have been erased.
  const maySend = ({ key, ended, until }, isDue) => key && (isDue || !ended) && !(until > Date.now() && until < Date.now() + 600e3);

  async function sendOf(owner, ask) {
    for (let size = BATCH, rounds = 0; rounds < 100; rounds++) {
      const rows = (await all("waiting")).filter((row) => row.owner === owner && !row.refused);
      const profile = await get("profiles", owner);
      const isDue = (ask && !rounds) || !(Math.abs(Date.now() - profile.askedAt) < ASKED);
      if (!maySend(profile, isDue) || (!rows.length && !isDue)) return !rows.length;
      const batch = rows.slice(0, size);
      const body = JSON.stringify({ epoch: profile.epoch, serial: profile.serial, items: batch.map((row) => row.item) });
      const answer = await postAs(profile, "/belajar/kirim/", body, { "Content-Type": "application/json" });
      const told = await answer.json();
      if (answer.status === 413 && size > 1) {
        size = Math.ceil(size / 4);
        continue;
      }
      if (answer.status !== 200) return trouble(profile, answer, told);
      const note = () => settle(owner, batch, told);
      // Photos that the server asks for again are not what makes room.
      const moved = await note().catch((full) => told.send_again ? Promise.reject(full) : makeRoom(note, full));
      if (!moved) return !batch.length;
    }
    return false;
  }

  // Given up after PATIENCE, its answer included: whoever sends holds up all others.
  function post(path, options) {
    const cut = new AbortController();
    setTimeout(() => cut.abort(), PATIENCE);
    return fetch(path, Object.assign({ method: "POST", signal: cut.signal }, options));
  }

  const postAs = ({ key }, path, body, headers) =>
    post(path, { credentials: "omit", headers: Object.assign({ Authorization: `Bearer ${key}` }, headers), body });

  async function trouble({ owner }, answer, told) {
    if (told.reason === "erased") return erase(owner);
    const [now, ended] = [Date.now(), answer.status === 401];
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    await change(owner, Object.assign({ ended, trouble: told.text || "", until: now + 1000 * wait }, ended && { askedAt: now }));
    return false;
  }

  // Photos and recordings, one by one; what became work meanwhile goes before the next. None goes ahead of its item, which
  // may yet be weeks on its way: the server keeps a photo without one for a week.
  async function sendFilesOf(owner) {
    const waiting = new Set((await all("waiting")).map((row) => row.id));
    let clean = true;
    for (const file of (await all("files")).filter((one) => one.owner === owner && !one.sentAt && !one.refused && !waiting.has(one.of))) {
      const profile = await get("profiles", owner);
      if (!profile) return true; // erased meanwhile
      if (!maySend(profile)) return false;
      const body = new FormData();
      body.append(file.field, file.blob, file.field);
      const answer = await postAs(profile, `/belajar/kirim/berkas/${file.id}/?praktik=${file.of}`, body);
      const told = await answer.json().catch(() => ({}));
      if (told.reason) return trouble(profile, answer, told);
      if (told.id === file.id) file.sentAt = Date.now();
      else if (told.error) file.refused = told.error;
      else clean = false; // a server in trouble: the others may pass
      await within(["files"], "readwrite", (files) => files.put(file)).catch(() => file.sentAt && drop("files", [file])); // no room
      news.postMessage("");
      await sendOf(owner);
    }
    return clean;
  }

  // Only an acknowledgement that names the item moves it. Returns how many rows are not waiting any more.
  async function settle(owner, batch, told) {
    const now = Date.now();
    const [before, files] = (await Promise.all(["sent", "files"].map(all))).map((rows) =>
      rows.filter((row) => row.owner === owner && row.sentAt));
    const settled = batch.map((row, place) => [row, told.items[place]]).filter(([row, answer]) =>
      answer && answer.id === row.id && ["sent", "refused"].includes(answer.status));
    await within(["waiting", "sent", "files", "profiles"], "readwrite", (waiting, sent, kept, profiles) => {
      for (const file of files) {
        if (told.send_again) kept.put(Object.assign({}, file, { sentAt: 0 }));
        else if (now - file.sentAt > KEPT) kept.delete(file.id);
      }
      for (const row of before) {
        if (told.send_again) waiting.put(row);
        if (told.send_again || now - row.sentAt > KEPT) sent.delete(row.id);
      }
      for (const [row, answer] of settled) {
        if (answer.status === "refused") waiting.put(Object.assign({}, row, { refused: answer.text }));
        else {
          waiting.delete(row.id);
          sent.put(Object.assign({ arrivedAt: now }, row, { sentAt: now, waits: answer.text || "" }));
        }
      }
      alter(profiles, owner, ({ serial }) => Object.assign({
        epoch: told.epoch,
        // All that was acknowledged waits again: that serial has served. Kept, it would say so once more.
        serial: told.send_again ? told.serial : Math.max(serial, told.serial),
        ended: false,
        trouble: "",
        askedAt: now,
      }, batch.length && { sentAt: now }));
    });
    return settled.length + (told.send_again ? before.length : 0);
  }

  // Her work on this phone, waiting or sent, of these kinds.
  const done = async (owner, ...kinds) => [...(await all("waiting")), ...(await all("sent"))].filter((row) =>
    row.owner === owner && kinds.includes(row.item.kind) && !row.refused);

  // How much has not arrived, as cards for a list: an item with its files, or files whose item was quicker.
  async function unsent() {
    const cards = new Map((await all("waiting")).map((row) => [row.id, Object.assign({ files: 0, at: row.item.at }, row)]));
    for (const file of (await all("files")).filter((one) => !one.sentAt)) {
      const item = cards.get(file.of) || (await get("sent", file.of));
      const card = Object.assign({ files: 0 }, item, { id: file.of, owner: file.owner, label: file.label, at: item && item.item.at });
      card.files++;
      card.refused = card.refused || file.refused;
      cards.set(file.of, card);
    }
    return [...cards.values()];
  }

  return { current, isHere, become, askForKey, erase, add, send, all, drop, within, done, unsent, note, noted, notes, digest, newId, whenChanged };
})();
