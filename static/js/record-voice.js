// A voice recording, heard and removed again before it is sent. Where the phone has no recorder for pages, the file
// field stays: it opens the phone's own. With «fill» the recording goes into that field, and with it in a plain form.
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

customElements.define("record-voice", class extends HTMLElement {
  connectedCallback() {
    this.files = [];
    this.field = this.querySelector("input[type=file]");
    this.fills = this.hasAttribute("fill") && window.DataTransfer;
    [this.record, this.drop] = this.querySelectorAll("button");
    this.words = this.record.querySelector("span");
    this.heard = this.querySelector("audio");
    this.type = window.MediaRecorder && navigator.mediaDevices && TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    if (!this.type) return;
    this.byPage(true);
    this.record.addEventListener("click", () => (this.recorder ? this.recorder.stop() : this.start()));
    this.drop.addEventListener("click", () => {
      this.keep(null);
      this.record.focus(); // this button is gone
    });
    if (!this.fills) return;
    this.field.addEventListener("change", () => this.show(this.field.files[0]));
    this.field.form.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button && button.type === "submit") this.pressed = button;
    });
    this.field.form.addEventListener("submit", (event) => this.finish(event), true);
  }

  // A recording that still runs ends when its form is sent.
  get waiting() {
    return this.recorder ? 1 : 0;
  }

  get ready() {
    const recorder = this.recorder;
    if (!recorder) return Promise.resolve();
    return new Promise((done) => {
      recorder.addEventListener("stop", done);
      recorder.stop();
    });
  }

  async finish(event) {
    if (!this.waiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await this.ready;
    if (event.target.requestSubmit) event.target.requestSubmit(event.submitter);
    else this.pressed.click(); // Safari before 16
  }

  byPage(yes) {
    this.record.hidden = !yes;
    this.field.parentElement.hidden = yes && !this.fills;
  }

  async start() {
    if (this.asks) return; // a second tap while it is asked for would leave a microphone on
    let microphone;
    this.asks = true; // not disabled: that would take the focus away, and the same key could not end the recording
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.say("HP belum mengizinkan mikrofon. Pilih rekaman dari HP.");
      this.byPage(false);
      return;
    } finally {
      this.asks = false;
    }
    this.keep(null);
    const parts = [];
    this.recorder = new MediaRecorder(microphone, { mimeType: this.type, audioBitsPerSecond: 24000 });
    this.recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    this.recorder.addEventListener("stop", () => {
      clearInterval(this.clock);
      microphone.getTracks().forEach((track) => track.stop());
      this.recorder = null;
      this.keep(new Blob(parts, { type: this.type }));
    });
    this.recorder.start();
    let left = Number(this.getAttribute("seconds") || 60);
    const tick = () => {
      this.words.textContent = `Berhenti (${left} detik lagi)`;
      if (left-- <= 0) this.recorder.stop();
    };
    this.say("Sedang merekam …");
    this.clock = setInterval(tick, 1000);
    tick();
  }

  keep(blob) {
    this.files = blob ? [{ field: "voice", word: "suara", blob }] : [];
    if (this.fills) {
      const transfer = new DataTransfer();
      if (blob) transfer.items.add(new File([blob], "rekaman", { type: this.type }));
      this.field.files = transfer.files;
    }
    this.show(blob);
  }

  show(blob) {
    this.heard.hidden = this.drop.hidden = !blob;
    if (blob) this.heard.src = URL.createObjectURL(blob);
    this.words.textContent = blob ? "Rekam ulang" : "Rekam suara";
    this.say(blob ? "Rekaman siap dikirim." : "");
  }

  say(words) {
    this.querySelector("[role=status]").textContent = words;
  }
});
