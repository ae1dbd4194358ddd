// «Dengarkan» plays a recording. This phone remembers where it stopped, and how fast. Without this, the plain player stays.
const SPEEDS = [["1", "biasa"], ["1.2", "cepat"], ["0.8", "pelan"]];

const memory = (change) => {
  try {
    return change(localStorage);
  } catch {
    return null; // a phone that keeps nothing plays all the same
  }
};

customElements.define("play-voice", class extends HTMLElement {
  connectedCallback() {
    this.sound = this.querySelector("audio");
    [this.button, this.speed, this.again] = this.querySelectorAll("button");
    this.more = this.querySelector("div");
    this.bar = this.querySelector("progress");
    this.key = `dengar:${this.getAttribute("key")}`;
    this.place = Number(memory((kept) => kept.getItem(this.key)));
    this.sound.hidden = true;
    this.button.hidden = false;
    this.more.hidden = !this.place;
    this.word(this.place ? "Lanjut dengarkan" : "Dengarkan");
    this.button.addEventListener("click", () => (this.sound.paused ? this.play() : this.sound.pause()));
    this.again.addEventListener("click", () => (this.sound.currentTime = this.place = 0));
    this.speed.addEventListener("click", () => this.quicken(1));
    this.quicken(0);
    this.listen();
  }

  listen() {
    const { sound } = this;
    const on = (name, act) => sound.addEventListener(name, act);
    on("loadedmetadata", () => (sound.currentTime = this.place < sound.duration - 1 ? this.place : 0));
    on("timeupdate", () => this.note());
    on("play", () => this.word("Berhenti"));
    on("pause", () => this.word("Lanjut dengarkan"));
    on("ended", () => {
      this.place = 0;
      memory((kept) => kept.removeItem(this.key));
      this.word("Dengarkan lagi");
    });
    (sound.querySelector("source:last-child") || sound).addEventListener("error", () => {
      this.word("Dengarkan");
      this.say("Belum ada sinyal. Dengarkan nanti, atau baca dulu.");
      sound.load(); // so that the next tap tries again
    });
    on("playing", () => this.say(""));
    addEventListener("pagehide", () => {
      sound.pause();
      this.note(); // what is told of the pause comes too late for a page that goes
    });
  }

  play() {
    document.querySelectorAll("audio").forEach((other) => other.pause());
    this.more.hidden = false;
    this.sound.play().catch(() => {}); // «error» says why
  }

  note() {
    const { currentTime, duration, ended } = this.sound;
    if (ended || !currentTime) return;
    this.bar.value = currentTime / duration;
    if (Math.floor(currentTime) === this.place) return;
    this.place = Math.floor(currentTime);
    memory((kept) => kept.setItem(this.key, this.place));
  }

  quicken(step) {
    const now = SPEEDS.findIndex(([rate]) => rate === memory((kept) => kept.getItem("dengar")));
    const [rate, word] = SPEEDS[(Math.max(now, 0) + step) % SPEEDS.length];
    if (step) memory((kept) => kept.setItem("dengar", rate));
    this.sound.defaultPlaybackRate = this.sound.playbackRate = Number(rate);
    this.speed.textContent = `Laju: ${word}`;
  }

  word(text) {
    this.button.querySelector("span").textContent = text;
  }

  say(words) {
    this.querySelector("[role=status]").textContent = words;
  }
});
