// Big number keys for the PIN fields that «for» names. The fields stay, and the ordinary keyboard too: they are what is
// sent. Where staff sign in as well, «code» names the field that tells: the keys are there for a card code only.
const LENGTH = 6;
const CARD_CODE = /^[0-9A-TV-Z]{8}$/i;

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

customElements.define("pin-keys", class extends HTMLElement {
  connectedCallback() {
    this.fields = this.getAttribute("for").split(" ").map((id) => document.getElementById(id));
    this.code = document.getElementById(this.getAttribute("code"));
    this.field = this.fields[0];
    const focused = document.activeElement; // where something is wrong with it
    this.said = make("span", {});
    this.said.setAttribute("role", "status");
    this.append(this.said);
    for (const field of this.fields) this.adopt(field);
    for (const digit of "123456789") this.append(this.key(digit, `Angka ${digit}`, () => this.type(digit)));
    this.eye = this.key("Lihat PIN", "", () => this.look(this.fields[0].type === "password"));
    this.append(
      this.eye,
      this.key("0", "Angka 0", () => this.type("0")),
      this.key("Hapus", "", () => this.write(this.field.value.slice(0, -1))),
    );
    this.look(false);
    if (this.code) this.code.addEventListener("input", () => this.appear());
    this.appear();
    if (this.fields.includes(focused)) focused.focus(); // it was moved
  }

  adopt(field) {
    const dots = make("span", { className: "dots" });
    for (let i = 0; i < LENGTH; i++) dots.append(make("i", {}));
    dots.setAttribute("aria-hidden", "true");
    const box = make("div", { className: "pin" });
    field.replaceWith(box);
    box.append(field, dots);
    const fill = () => [...dots.children].forEach((dot, place) => dot.classList.toggle("on", place < field.value.length));
    field.addEventListener("input", fill);
    field.addEventListener("focus", () => {
      this.field = field;
      this.scrollIntoView({ block: "nearest" });
    });
    fill();
  }

  key(text, label, press) {
    const button = make("button", { type: "button", className: "btn" }, text);
    if (label) button.setAttribute("aria-label", label);
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps its focus
    button.addEventListener("click", press);
    return button;
  }

  type(digit) {
    if (this.field.value.length < LENGTH) this.write(this.field.value + digit);
    const next = this.fields[this.fields.indexOf(this.field) + 1];
    if (this.field.value.length === LENGTH && next && !next.value) next.focus();
  }

  write(value) {
    this.field.value = value;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.said.textContent = `${value.length} dari ${LENGTH} angka`; // to whoever cannot see the dots
  }

  look(open) {
    for (const field of this.fields) field.type = open ? "text" : "password";
    this.eye.setAttribute("aria-pressed", open);
  }

  appear() {
    this.hidden = this.code && !CARD_CODE.test(this.code.value.replace(/[\s.·-]/g, ""));
    for (const field of this.fields) {
      field.parentElement.classList.toggle("dotted", !this.hidden);
      if (this.hidden) field.removeAttribute("inputmode");
      else field.inputMode = "none"; // the keyboard of the phone would cover ours
    }
  }
});
