// Asks again what the checks find, each time that the editor's draft has been saved.
customElements.define("page-checks", class extends HTMLElement {
  connectedCallback() {
    this.again = () => this.load();
    document.addEventListener("w-autosave:success", this.again);
  }

  disconnectedCallback() {
    document.removeEventListener("w-autosave:success", this.again);
  }

  async load() {
    const answer = await fetch(this.dataset.src, { headers: { "X-Requested-With": "XMLHttpRequest" } }).catch(() => null);
    if (answer && answer.ok) this.innerHTML = await answer.text();
  }
});
