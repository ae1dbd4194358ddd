// The whole outbox in plain words. What the server refused stays until somebody has looked.
const { make, clock, day } = learning;

// Somebody has read why it was refused: the item, or files of it.
async function looked(id) {
  const items = (await outbox.all("waiting")).filter((row) => row.id === id && row.refused);
  const files = (await outbox.all("files")).filter((file) => file.of === id && !file.sentAt && (items.length || file.refused));
  await outbox.drop("files", files);
  await outbox.drop("waiting", items);
}

// Work that was refused waits once more, to be judged anew.
async function again(id) {
  const row = (await outbox.all("waiting")).find((one) => one.id === id);
  await outbox.within(["waiting"], "readwrite", (waiting) => waiting.put(Object.assign(row, { refused: "" })));
}

customElements.define("outbox-list", class extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.list = this.querySelector("ul");
    this.status = this.querySelector("[role=status]");
    this.button.addEventListener("click", () => this.send());
    outbox.whenChanged(() => this.show());
    this.show();
  }

  async send() {
    if (this.busy) return;
    this.busy = true; // not disabled: that would take the focus away
    const clean = await outbox.send().catch(() => false);
    this.busy = false;
    const rows = await outbox.unsent();
    const refused = rows.some((row) => row.refused);
    const stuck = (await outbox.all("profiles")).find((one) =>
      one.trouble && rows.some((row) => row.owner === one.owner && !row.refused));
    this.status.textContent = !clean ? (stuck ? `${stuck.nickname || "Pelajar"}: ${stuck.trouble}` : learning.kept)
      : refused ? "Ada yang perlu dilihat." : "Semua sudah terkirim.";
  }

  async show() {
    const names = new Map((await outbox.all("profiles")).map((one) => [one.owner, one.nickname]));
    const rows = await outbox.unsent();
    const focused = this.contains(document.activeElement) && document.activeElement;
    this.button.hidden = !rows.some((row) => !row.refused);
    this.list.replaceChildren(...rows.map((row) => {
      const words = make("span", {}, make("b", { textContent: row.label || "Pelajaran" }), make("br"),
        make("span", { className: "soft", textContent: [names.get(row.owner) || "Pelajar", row.at && `${day(row.at)}, ${clock(row.at)}`, row.files && `${row.files} foto atau suara`].filter(Boolean).join(" · ") }));
      const item = make("li", { className: "card flow" }, make("div", {}, words),
        make("p", { className: row.refused ? "wrong" : "soft", textContent: row.refused || "Menunggu dikirim" }));
      const button = (textContent, press) => {
        const made = make("button", { type: "button", className: "btn less", textContent });
        made.addEventListener("click", press);
        item.append(made);
      };
      if (/kirim lagi/i.test(row.refused)) button("Kirim lagi", () => again(row.id).then(() => this.send()));
      if (row.refused) button("Sudah saya baca", async () => {
        await looked(row.id);
        this.status.textContent = "";
        this.show();
      });
      return item;
    }));
    if (!rows.length) this.list.append(make("li", { className: "card", textContent: "Tidak ada yang menunggu." }));
    if (focused && (focused.hidden || !focused.isConnected)) this.list.focus(); // the button that was pressed is gone
  }
});
