// Turns «which comes first?» selects into a list with Naik and Turun. The selects stay: they are what is sent.
customElements.define("order-list", class extends HTMLElement {
  connectedCallback() {
    this.selects = [...this.querySelectorAll("select")];
    const options = [...this.selects[0].options].filter((option) => option.value);
    const chosen = this.selects.map((select) => select.value);
    const complete = new Set(chosen).size === options.length && !chosen.includes("");
    this.order = complete ? chosen : options.map((option) => option.value);
    this.texts = Object.assign({}, ...options.map((option) => ({ [option.value]: option.text })));
    for (const select of this.selects) select.parentElement.hidden = true;
    this.list = this.appendChild(document.createElement("ol"));
    this.list.className = "points order";
    this.status = this.appendChild(document.createElement("p"));
    this.status.className = "soft";
    this.status.setAttribute("role", "status");
    this.status.textContent = "Pindahkan dengan Naik dan Turun.";
    this.show();
  }

  show() {
    this.selects.forEach((select, place) => (select.value = this.order[place]));
    this.list.textContent = ""; // not replaceChildren: without it the selects would be hidden, and no list there
    this.list.append(...this.order.map((value, place) => {
      const item = document.createElement("li");
      item.className = "card";
      const buttons = document.createElement("div");
      item.append(Object.assign(document.createElement("p"), { textContent: this.texts[value] }), buttons);
      for (const [word, step] of [["Naik", -1], ["Turun", 1]]) {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "btn less", textContent: word });
        button.setAttribute("aria-label", `${word}: ${this.texts[value]}`);
        button.disabled = !(place + step in this.order);
        button.addEventListener("click", () => this.move(place, step));
        buttons.append(button);
      }
      return item;
    }));
  }

  move(place, step) {
    const to = place + step;
    [this.order[place], this.order[to]] = [this.order[to], this.order[place]];
    this.show();
    const buttons = [...this.list.children[to].querySelectorAll("button")];
    if (buttons[step < 0 ? 0 : 1].disabled) buttons.reverse();
    buttons[step < 0 ? 0 : 1].focus();
    this.status.textContent = `${this.texts[this.order[to]]} sekarang nomor ${to + 1}.`;
  }
});
