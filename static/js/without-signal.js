// On a page of staff: without a signal it is our page that says so, and what to do.
if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {});
