// Takes a companion's list along each time that there is a signal. What is not hers any more goes from the phone with it.
const notTaken = () => learning.say("Daftar keluarga belum terbawa. Saat ada sinyal, buka lagi halaman ini.", "warn");

customElements.define("take-caseload", class extends HTMLElement {
  async connectedCallback() {
    const before = await outbox.current();
    if (before && !before.companion) return; // the phone of a learner
    const at = Date.now(); // whom she reaches from now on, the list does not know yet
    const answer = await learning.ask(this.getAttribute("src")).catch((trouble) => trouble.name === "AbortError" && notTaken());
    if (answer && answer.status === 403) await outbox.become(); // she is a companion no more, or another is signed in
    if (answer && answer.redirected && before) await this.letGo(before);
    if (!answer || !answer.ok || answer.redirected) return;
    const { csrf, ...told } = (await answer.json().catch(notTaken)) || {};
    if (!csrf) return;
    const profile = await outbox.become(told.owner, { nickname: told.nickname, companion: true });
    // A form may have been kept before. The list does not wait for it.
    if (!profile.key || profile.ended) outbox.askForKey(told.owner, csrf).then(outbox.send).catch(() => {});
    const photos = told.practices.flatMap((practice) => practice.photos.map((photo) => photo.id));
    for (const { id } of await outbox.notes("own:photo:")) {
      if (!photos.includes(id)) await outbox.note(`own:photo:${id}`, undefined);
    }
    // Without it, the phone could not open what is said to be on it.
    if (navigator.serviceWorker && (await learning.worker().then(() => false, () => true))) return notTaken();
    try {
      await outbox.note("own:caseload", Object.assign(told, { at }));
    } catch {
      return learning.say("Memori HP penuh. Daftar keluarga belum terbawa. Hapus beberapa foto atau video.", "warn");
    }
    dispatchEvent(new Event("caseload"));
  }

  // Her session has run out. What her phone carries stays, but for households that are not hers any more.
  async letGo({ key }) {
    const caseload = await outbox.noted("own:caseload");
    if (!caseload) return;
    const answer = await learning.ask("/belajar/kirim/keluarga/", {
      method: "POST",
      credentials: "omit",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(caseload.households.map((home) => home.id)),
    }).catch(() => null);
    if (!answer) return;
    if ([401, 403].includes(answer.status)) await outbox.become(); // she may not send either
    if (answer.ok) {
      const hers = new Set((await answer.json()).households);
      const households = caseload.households.filter((home) => hers.has(home.id));
      const groups = caseload.groups.filter((group) => households.some((home) => home.group === group.id));
      const practices = caseload.practices.filter((practice) => hers.has(practice.household));
      for (const { photos } of caseload.practices.filter((one) => !practices.includes(one))) {
        for (const { id } of photos) await outbox.note(`own:photo:${id}`, undefined);
      }
      await outbox.note("own:caseload", Object.assign(caseload, { households, groups, practices }));
    }
    dispatchEvent(new Event("caseload"));
  }
});
