// A button that copies the field that «for» names. Without it, or where the phone forbids it, the field is copied by hand.
customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button"), said = this.querySelector("[role=status]");
    const field = document.getElementById(this.getAttribute("for"));
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = ""; // said again, it is read out again
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = "Disalin. Tinggal tempel.";
      } catch {
        field.select();
        said.textContent = "Teksnya sudah ditandai. Tekan lama, lalu pilih Salin.";
      }
    });
  }
});
