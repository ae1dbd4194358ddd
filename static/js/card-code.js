// A card's QR opens /masuk/#CODE. A fragment is sent to no server; here it fills the form. It then leaves the address
// bar, and with it the history of a phone that others use too. What stands in the form goes along to the next page.
const field = document.querySelector("#id_login, #id_code");
const code = (text) => (/^[0-9A-Za-z]{8}$/.test(text) ? text : "");
const scanned = code(location.hash.slice(1));
if (scanned) {
  field.value = scanned;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  history.replaceState(null, "", location.pathname + location.search);
}
for (const link of document.querySelectorAll("a[data-keeps-code]")) {
  link.addEventListener("click", () => (link.hash = code(field.value.replace(/[\s-]/g, ""))));
}
addEventListener("hashchange", () => location.reload()); // another card, scanned in the same window
