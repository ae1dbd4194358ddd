// «Dengarkan» reads the element that «for» names with the phone's own voices, each text with one of its language where
// the phone has it, else with the Indonesian one. Hidden where the phone has no Indonesian one.
const phone = window.speechSynthesis;
const CODES = { id: "id|in", jv: "jv|jw" }; // phones know old ones too
const voice = (language) => phone.getVoices().find((one) => new RegExp(`^(${CODES[language] || language})\\b`, "i").test(one.lang.replace("_", "-")));
const TEXTS = "h1, h2, h3, p, li, th, td, figcaption, summary, legend, .field > label, .choice > span";

const ONES = ["", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"];
const SIZES = [[1e12, "triliun"], [1e9, "miliar"], [1e6, "juta"], [1000, "ribu", "seribu"], [100, "ratus", "seratus"], [10, "puluh"]];
const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
const UNITS = { kg: "kilogram", gr: "gram", g: "gram", ml: "mililiter", cm: "sentimeter", mm: "milimeter", km: "kilometer", rb: "ribu", jt: "juta" };
const NUMBER = "\\d+(?:\\.\\d{3})*(?:,\\d+)?";

function whole(number) {
  if (number < 12) return ONES[number];
  if (number < 20) return `${ONES[number - 10]} belas`;
  const [size, word, one] = SIZES.find(([size]) => number >= size);
  const times = Math.floor(number / size);
  return `${times === 1 && one ? one : `${whole(times)} ${word}`} ${whole(number % size)}`.trim();
}

const digits = (text) => [...text].map((digit) => ONES[digit] || "nol").join(" ");

function inWords(text) {
  const [number, fraction] = text.replace(/\./g, "").split(",");
  if (number.length > 15) return digits(number);
  return (whole(Number(number)) || "nol") + (fraction ? ` koma ${digits(fraction)}` : "");
}

// A text as it is said: «Rp15.000» is «lima belas ribu rupiah». Numbers are written as people here write them.
export function spoken(text) {
  const rule = (pattern, said) => (text = text.replace(new RegExp(pattern, "g"), said));
  rule("(^|[^\\d.,])(0\\d{2,}(?:[ -]?\\d{2,})*)", (_, before, phone) => before + digits(phone.replace(/\D/g, "")));
  rule("\\b(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4})\\b", (same, day, month, year) => (MONTHS[month - 1] ? `${day} ${MONTHS[month - 1]} ${year}` : same));
  rule("\\b(\\d{1,2}) (Jan|Feb|Mar|Apr|Jun|Jul|Agu|Sep|Okt|Nov|Des)\\b\\.?", (_, day, short) => `${day} ${MONTHS.find((name) => name.startsWith(short))}`);
  rule("(\\b\\d{4}), (?=\\d{1,2}[.:]\\d{2}\\b)", "$1, pukul ");
  rule("\\b([Pp]ukul|[Jj]am) (\\d{1,2})[.:](\\d{2})\\b", (_, at, hour, minute) => `${at} ${hour}${Number(minute) ? ` lewat ${Number(minute)}` : ""}`);
  rule("\\b(\\d{1,2})[.:](\\d{2})(?= WI(?:B|TA|T)\\b)", (_, hour, minute) => `${hour}${Number(minute) ? ` lewat ${Number(minute)}` : ""}`);
  rule("(\\d(?: ?(?:rb|jt|ribu|juta|%))?) ?[–-] ?(?=(?:Rp)?\\d)", "$1 sampai ");
  rule(`Rp\\.? ?(${NUMBER})((?: (?:ribu|juta|miliar|triliun)| ?(?:rb|jt))\\b)?`, (_, number, size) => `${number}${size || ""} rupiah`);
  rule(`(${NUMBER}) ?%`, "$1 persen");
  rule("(\\d) ?(kg|gr|g|ml|cm|mm|km|rb|jt)\\b", (_, digit, unit) => `${digit} ${UNITS[unit]}`);
  rule("(\\d)/(?=\\d)", "$1 per ");
  rule(" ?× ?", " kali ");
  rule(" = ", " sama dengan ");
  rule(" \\+ ", " tambah ");
  rule(NUMBER, inWords);
  return text;
}

// What stands there for everybody to see: no button, no answer that waits for a tap. A heading ends like a sentence.
function texts(root) {
  const seen = [...root.querySelectorAll(TEXTS)].filter((one) =>
    !one.querySelector(TEXTS) && one.getClientRects().length && !one.closest("details:not([open]) > :not(summary)"));
  return (seen.length ? seen : [root]).map((one) => [one.innerText, one.closest("[lang]").lang]);
}

customElements.define("read-aloud", class extends HTMLElement {
  connectedCallback() {
    if (!phone || this.button) return; // it moves with the questions of a quiz
    this.button = this.querySelector("button");
    this.root = document.getElementById(this.getAttribute("for"));
    this.button.addEventListener("click", () => (this.reading ? this.stop() : this.read()));
    addEventListener("pagehide", () => this.stop());
    new MutationObserver(() => this.stop()).observe(this.root, { childList: true });
    const show = () => (this.hidden = !voice("id"));
    phone.addEventListener("voiceschanged", show); // phones load their voices late
    show();
  }

  read() {
    // Sentence by sentence: some phones stop by themselves in a long text.
    const all = texts(this.root);
    this.say("Berhenti");
    this.reading = all.flatMap(([text, lang]) => {
      const own = voice(lang);
      const said = own && lang !== "id" ? text : spoken(text); // each voice says the numbers of its own language
      const speaker = { voice: own || voice("id"), lang: `${own ? lang : "id"}-ID`, rate: 0.9 };
      return (said.match(/(?:[^.!?\n]|[.!?](?=\S))+[.!?]*/g) || []).filter((words) => /\w/.test(words)).map((words) => {
        const sentence = new SpeechSynthesisUtterance(words.trim());
        Object.assign(sentence, speaker);
        phone.speak(sentence);
        return sentence;
      });
    });
    this.reading[this.reading.length - 1].addEventListener("end", () => this.stop());
  }

  stop() {
    this.reading = null;
    phone.cancel();
    this.say("Dengarkan");
  }

  say(word) {
    this.button.querySelector("span").textContent = word;
  }
});
