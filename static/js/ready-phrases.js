// A tapped phrase goes into the field that «for» names, to be changed there. Without this, the tapped one itself counts.
customElements.define("ready-phrases", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      document.getElementById(this.getAttribute("for")).value = event.target.value;
    });
  }
});
