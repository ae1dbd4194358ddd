// Who learns on this phone. It keeps code, number, nickname and face of each, and nothing else: no PIN, no phone number.
const KEY = "profil";
const MOST = 12;

export function profiles() {
  try {
    return JSON.parse(localStorage.getItem(KEY)).filter((one) => one.code && one.nickname);
  } catch {
    return []; // nothing yet, no storage, or not ours: the card code is asked for, as on a new phone
  }
}

export function keep(all) {
  try {
    localStorage.setItem(KEY, JSON.stringify(all.slice(0, MOST)));
  } catch {
    // A full phone remembers nobody; the card code still serves.
  }
}

// Whoever was erased elsewhere goes from here, too, once the phone was told so (outbox.js). True where one did. Faces that an
// older release has kept bear no number; and what one noted was the number alone.
async function letGo() {
  const erased = (await outbox.notes("erased:")).map((her) => (her.owner ? her : { owner: her }));
  const isHers = (one, { owner, nickname }) => (one.owner ? one.owner === owner : one.nickname === nickname);
  if (erased.length) keep(profiles().filter((one) => !erased.some((her) => isHers(one, her))));
  for (const { owner } of erased) await outbox.note(`erased:${owner}`, undefined);
  return erased.length > 0;
}

// On the learner's home: remembers her, the last one first.
customElements.define("phone-profile", class extends HTMLElement {
  connectedCallback() {
    const [code, nickname, face] = ["code", "nickname", "face"].map((name) => this.getAttribute(name));
    const owner = Number(this.getAttribute("owner"));
    keep([{ code, owner, nickname, face }, ...profiles().filter((one) => one.code !== code)]);
    letGo().catch(() => {}); // her phone's database may not open
  }
});

// On the sign-in: big faces. A tap fills in the code, so that only the PIN is left to write. What the page shows when is
// said by data-when: the faces; the chosen one; the code field for another, or where the phone knows nobody.
customElements.define("phone-profiles", class extends HTMLElement {
  connectedCallback() {
    ({ login: this.code, password: this.pin } = this.querySelector("form").elements);
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-does]");
      if (button) this[button.dataset.does](button.value);
    });
    const code = this.code.value.replace(/[\s.·-]/g, "").toUpperCase(); // from a card, or from a first try
    if (!code) this.faces();
    else if (profiles().some((one) => one.code === code)) this.choose(code);
    else this.show(profiles().length ? "other" : "nobody");
    if (profiles().length) this.ask().catch(() => {});
  }

  // Is one of them erased? Her session has ended with it, and led here. A phone that knows nobody does not fetch the script.
  async ask() {
    const script = document.createElement("script");
    const src = this.getAttribute("outbox");
    await new Promise((onload, onerror) => document.head.append(Object.assign(script, { src, onload, onerror })));
    const look = async () => {
      if (!(await letGo())) return;
      const isThere = profiles().some((one) => one.code === this.code.value);
      if (this.state === "faces" || (this.state === "chosen" && !isThere)) this.faces();
    };
    outbox.whenChanged(() => look().catch(() => {}));
    await look();
    await outbox.send(true);
    await look();
  }

  faces() {
    this.write("");
    const buttons = profiles().map((one) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", value: one.code });
      button.dataset.does = "choose";
      button.append(this.picture(one.face), one.nickname);
      return button;
    });
    const list = this.querySelector("ul");
    list.textContent = "";
    for (const button of buttons) list.appendChild(document.createElement("li")).append(button);
    this.show(buttons.length ? "faces" : "nobody");
  }

  choose(code) {
    const { nickname, face } = profiles().find((one) => one.code === code);
    const who = this.querySelector("b");
    who.textContent = "";
    who.append(this.picture(face), nickname);
    this.write(code);
    this.show("chosen");
    this.pin.focus();
  }

  other() {
    this.write("");
    this.show("other");
    this.code.focus();
  }

  back() {
    this.faces();
    (profiles().length ? this.querySelector("h2") : this.code).focus(); // the button that was pressed is gone
  }

  forget() {
    keep(profiles().filter((one) => one.code !== this.code.value));
    this.querySelector("details").open = false;
    this.back();
  }

  picture(face) {
    const [svg, use] = ["svg", "use"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    svg.setAttribute("class", "pictogram");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${this.getAttribute("sprite")}#${face}`);
    svg.append(use);
    return svg;
  }

  write(code) {
    [this.code.value, this.pin.value] = [code, ""];
    for (const field of [this.code, this.pin]) field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show(state) {
    this.state = state;
    for (const part of this.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(state);
    }
  }
});
