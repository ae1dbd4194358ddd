// A form that sends itself, after the seconds that it names or at once: the next step of long work, or another try
// while many sign in. Without this, its button does.
const form = document.querySelector("form[data-send-on]");
if (form) setTimeout(() => form.querySelector("button").click(), 1000 * form.dataset.sendOn);
