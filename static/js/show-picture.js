// Where a phone saves data, a link stands in place of each photograph. A tap puts the photograph there; one that was
// taken along costs nothing, and shows by itself.
const source = (url) => new URL(url).pathname.split(".format-")[0]; // the same for all sizes of a picture

customElements.define("show-picture", class extends HTMLElement {
  async connectedCallback() {
    this.link = this.querySelector("a");
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      this.show();
    });
    const saved = window.caches ? await (await caches.open("tersimpan")).keys() : [];
    const kept = saved.find(({ url }) => source(url) === source(this.link.href));
    if (kept) this.show(kept.url);
  }

  async show(kept) {
    const words = this.link.querySelector("[aria-live]");
    const picture = document.importNode(this.querySelector("template").content, true).firstElementChild;
    const image = picture.querySelector("img");
    if (kept) {
      picture.replaceChildren(image);
      image.src = kept;
    }
    words.textContent = "Sebentar…";
    try {
      await image.decode(); // the link stays until there is something to see
    } catch {
      words.textContent = "Gambar belum bisa dibuka. Coba lagi.";
      return;
    }
    const hadFocus = this.contains(document.activeElement);
    this.replaceWith(picture);
    if (hadFocus) {
      image.tabIndex = -1;
      image.focus({ preventScroll: true });
    }
  }
});
