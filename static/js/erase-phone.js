import { keep, profiles } from "./profiles.js";

// She has had all of hers erased: nothing of it stays on her phone. Others who learn on it keep theirs.
async function erase(owner, code) {
  keep(profiles().filter((one) => one.code !== code));
  await outbox.erase(owner);
}

customElements.define("erase-phone", class extends HTMLElement {
  async connectedCallback() {
    const work = () => erase(Number(this.getAttribute("owner")), this.getAttribute("code"));
    await work(); // at once: she may leave
    this.textContent = "Di HP ini juga sudah dihapus.";
    if (navigator.locks) await navigator.locks.request("kirim", work); // and what is being sent just now is kept no more
  }
});
