// The link to WhatsApp follows what is typed, and opening it notes the contact. Without this, two buttons do both.
customElements.define("whatsapp-link", class extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a"), { form } = this.querySelector("button");
    const text = form.elements.text, [chat] = link.href.split("?");
    const follow = () => { link.href = `${chat}?text=${encodeURIComponent(text.value)}`; };
    text.addEventListener("input", follow);
    follow(); // the browser may have kept what was typed before
    this.querySelector("[name=ubah]").hidden = true;
    link.addEventListener("click", () => setTimeout(() => this.querySelector("[name=catat]").click()));
  }
});
