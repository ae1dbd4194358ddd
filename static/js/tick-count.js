// Counts what is ticked as it is tapped, and ticks all at once. Without it, the checkboxes are still there.
customElements.define("tick-count", class extends HTMLElement {
  connectedCallback() {
    const line = this.querySelector("p"), count = line.querySelector("b");
    const boxes = [...this.querySelectorAll("input[type=checkbox]")];
    const show = () => { count.textContent = `${boxes.filter((box) => box.checked).length} dari ${boxes.length} hadir`; };
    line.hidden = !boxes.length;
    line.querySelector("button").addEventListener("click", () => {
      for (const box of boxes) box.checked = true;
      show();
    });
    this.addEventListener("change", show);
    show();
  }
});
