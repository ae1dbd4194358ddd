// An empty battery sets many a phone back by years. No secure connection comes about then, and what the browser would say
// about it is not seen where a page of ours takes its place. That page was fetched while the clock was right.
const DAY = 24 * 3600e3; // milliseconds; a clock may be a little behind the server's
if (self.caches) caches.match("/luring/").then((page) => {
  const fetched = page && Date.parse(page.headers.get("Date"));
  if (Date.now() < fetched - DAY) learning.say(`Tanggal di HP ini ${learning.day(Date.now())}. Itu salah. Betulkan dulu di Pengaturan HP, lalu coba lagi.`, "warn");
});
