// Turns each select of a matching question into large choices. The radios take the select's name: they are what is sent.
customElements.define("match-pairs", class extends HTMLElement {
  connectedCallback() {
    for (const field of [...this.querySelectorAll(".field")]) field.replaceWith(this.choices(field));
  }

  choices(field) {
    const select = field.querySelector("select");
    const set = document.createElement("fieldset");
    set.className = "card flow";
    const list = document.createElement("div");
    list.className = "choices";
    const legend = document.createElement("legend");
    legend.textContent = field.querySelector("label").textContent;
    for (const option of select.options) {
      if (!option.value) continue;
      const label = document.createElement("label");
      label.className = "choice";
      const radio = Object.assign(document.createElement("input"), {
        type: "radio", name: select.name, value: option.value, checked: option.value === select.value,
      });
      label.append(radio, Object.assign(document.createElement("span"), { textContent: option.text }));
      list.append(label);
    }
    set.append(legend, list);
    return set;
  }
});
