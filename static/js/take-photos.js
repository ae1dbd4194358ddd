// Photos from the camera or the gallery: made small on the phone, shown, and removed again before they are sent.
// Without this, the file fields send them as they are.
const LONGEST = 1600;
const BYTES = 300 * 1024;

async function shrink(file) {
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode();
  } catch {
    return file; // a format that this phone cannot show: the server may
  } finally {
    URL.revokeObjectURL(picture.src);
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.naturalWidth * scale);
  canvas.height = Math.round(picture.naturalHeight * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  let small = null;
  for (const quality of [0.8, 0.65, 0.5, 0.35]) {
    small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (small && small.size <= BYTES) break;
  }
  return small || file;
}

customElements.define("take-photos", class extends HTMLElement {
  connectedCallback() {
    this.files = [];
    this.ready = Promise.resolve(); // when all that was chosen is small
    this.waiting = 0;
    this.list = this.querySelector("ul");
    this.inputs = [...this.querySelectorAll("input[type=file]")];
    for (const input of this.inputs) {
      input.parentElement.classList.add("over");
      input.labels[0].classList.add("btn");
      input.addEventListener("change", () => this.take(input));
    }
  }

  take(input) {
    const chosen = [...input.files];
    input.value = "";
    this.waiting += chosen.length;
    for (const file of chosen) {
      this.ready = this.ready.then(async () => {
        if (this.room > 0) this.show(await shrink(file));
        else this.say("Cukup empat foto.");
        this.waiting -= 1;
      });
    }
  }

  get room() {
    return 4 - this.querySelectorAll("[name=evidence]:checked").length - this.files.length;
  }

  show(blob) {
    const item = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const file = { field: "photo", word: "foto", blob, item };
    item.querySelector("img").src = URL.createObjectURL(blob);
    item.querySelector("button").addEventListener("click", () => {
      this.files.splice(this.files.indexOf(file), 1);
      item.remove();
      this.limit();
      this.inputs[0].focus();
    });
    this.files.push(file);
    this.list.append(item);
    this.limit();
  }

  limit() {
    [...this.list.children].forEach((item, place) => {
      item.querySelector("img").alt = `Foto ${place + 1} yang akan dikirim`;
      item.querySelector("button").setAttribute("aria-label", `Hapus foto ${place + 1}`);
    });
    for (const input of this.inputs) input.disabled = this.room < 1;
    const ready = this.files.filter(({ item }) => !item.querySelector(".wrong")).length;
    this.say(ready ? `${ready} foto siap dikirim.` : "");
  }

  say(words) {
    this.querySelector("[role=status]").textContent = words;
  }
});
