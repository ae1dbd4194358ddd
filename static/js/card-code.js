// A card's QR opens /masuk/#CODE. A fragment is sent to no server; here it fills the form, and goes along to the next page.
// It then leaves the address bar, and with it the history of a phone that others use too.
const code = location.hash.slice(1);
if (/^[0-9A-Za-z]{8}$/.test(code)) {
  const field = document.querySelector("#id_login, #id_code");
  field.value = code;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  for (const link of document.querySelectorAll("a[data-keeps-code]")) link.hash = code;
  history.replaceState(null, "", location.pathname + location.search);
}
addEventListener("hashchange", () => location.reload()); // another card, scanned in the same window
