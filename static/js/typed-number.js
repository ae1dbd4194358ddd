// A number that was typed is there again by the way back. The browser keeps nothing of a field that may suggest nothing, as
// on a shared phone; so it stays with this page of this tab, which the server shows to her alone.
const field = document.getElementById("id_answer");
if (history.state && !field.value) field.value = history.state.typed;
field.addEventListener("input", () => history.replaceState({ typed: field.value }, ""));
