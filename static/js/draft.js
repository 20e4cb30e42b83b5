// draft.js - what was typed is saved at once when the form goes out of sight: a link, another app, the browser closed.
// The form saves itself two seconds after a change (htmx); this is for the two seconds before.

let changes = 0; // made in the form
let sent = 0; // of these, carried by the request that is on its way
let saved = 0; // of these, arrived
let kept = 0; // of these, sent at the last moment

const form = () => document.getElementById("claim-form");
const sentence = () => document.getElementById("draft-state");

function keep() {
  if (saved === changes || kept === changes || !form()) return;
  const typed = [...new FormData(form())].filter(([, value]) => typeof value === "string"); // files go by themselves
  const count = (kept = changes);
  fetch(sentence().getAttribute("hx-post"), {
    method: "POST",
    body: new URLSearchParams(typed),
    headers: { "HX-Request": "true" },
    keepalive: true, // goes on when the page is gone
  })
    .then((answer) => {
      if (!answer.ok) return;
      saved = Math.max(saved, count);
      return answer.text().then((text) => { sentence().innerHTML = text; });
    })
    .catch(() => { kept = 0; }); // the page is gone; or the line is broken, which the next save tells
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => { if (event.target.form === form()) changes += 1; });
}
document.addEventListener("submit", (event) => { if (event.target === form()) saved = changes; });
document.addEventListener("htmx:beforeRequest", (event) => { if (event.target === sentence()) sent = changes; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target === sentence() && event.detail.successful) saved = Math.max(saved, sent);
});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
window.addEventListener("beforeunload", keep); // before the next page is asked for, which may show the draft
