import { keep, profiles } from "./profiles.js";

// She has had all of hers erased: nothing of it stays on her phone, waiting or sent. Others who learn on it keep theirs.
async function erase(owner, code) {
  keep(profiles().filter((one) => one.code !== code));
  if (await outbox.isHere(owner)) await outbox.become();
  await outbox.within(["profiles", "waiting", "sent", "files", "notes"], "readwrite", (profiles, waiting, sent, files, notes) => {
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
}

customElements.define("erase-phone", class extends HTMLElement {
  async connectedCallback() {
    const work = () => erase(Number(this.getAttribute("owner")), this.getAttribute("code"));
    await work(); // at once: she may leave
    this.textContent = "Di HP ini juga sudah dihapus.";
    if (navigator.locks) await navigator.locks.request("kirim", work); // and what is being sent just now is kept no more
  }
});
