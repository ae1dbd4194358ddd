// A form whose answer is shown only once: the answer to a second tap would come in its place.
const form = document.querySelector("form[data-send-once]");
if (form) {
  const button = form.querySelector("button");
  button.disabled = false; // Firefox keeps it so over a reload
  form.addEventListener("submit", () => { button.disabled = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) button.disabled = false; }); // as it was left
}
