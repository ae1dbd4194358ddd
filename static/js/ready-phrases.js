// A tapped phrase goes into the field that «for» names, to be changed there. What is changed is her own words: the phrase
// counts no more, not even where she takes it out, and can be tapped again. Without this, the tapped one itself counts.
customElements.define("ready-phrases", class extends HTMLElement {
  connectedCallback() {
    const field = document.getElementById(this.getAttribute("for"));
    this.addEventListener("change", (event) => { field.value = event.target.value; });
    field.addEventListener("input", () => {
      for (const phrase of this.querySelectorAll("input")) phrase.checked = false;
    });
  }
});
