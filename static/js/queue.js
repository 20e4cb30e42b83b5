// queue.js - review by keyboard, and the sum of what is selected. Everything it does can be done with the buttons of the page.
//
//   <section id="queue">          the list: rows tr[data-row=7] with one link a[data-row-link] and one checkbox
//                                 name="selected" data-tenths="64"; data-flagged on rows that need a person
//     [data-select-all]           checkbox in the head: selects the rows of this page that are not flagged
//     [data-bulk]                 the bar: [data-count], [data-credits], [data-skipped], [data-clear], [data-bulk-submit]
//   <aside id="side">             the open claim, of the row that data-shows=7 names: buttons
//                                 [data-act=approve|return|reject], textarea [data-reason],
//                                 select [data-common] of ready-made reasons
//   [data-act=undo]               anywhere on the page; #undo and [data-done] in #side say what was done
//   <dialog id="shortcuts">       help, with the checkbox [data-shortcuts-on] that switches the keys off
//
// Keys act while the focus is in the page's content or nowhere, never while typing, never beside a dialog, never during IME
// composition, and can be switched off (WCAG 2.1.4).

const SWITCH = "cme-shortcuts";
const find = (selector) => document.querySelector(selector);
const rows = () => [...document.querySelectorAll("#queue tr[data-row]")];
const box = (row) => row.querySelector("input[name=selected]");
const isFlagged = (row) => row.hasAttribute("data-flagged");

function summarise() {
  const queue = find("#queue");
  const bar = queue && queue.querySelector("[data-bulk]");
  if (!bar) return;
  const selectable = rows().filter((row) => box(row));
  const selected = selectable.filter((row) => box(row).checked);
  const counted = selected.filter((row) => !isFlagged(row));
  const tenths = counted.reduce((sum, row) => sum + Number(box(row).dataset.tenths), 0);
  const skipped = selected.length - counted.length;
  for (const row of selectable) row.classList.toggle("sel", box(row).checked);
  for (const place of queue.querySelectorAll("[data-count]")) place.textContent = counted.length;
  for (const place of queue.querySelectorAll("[data-credits]")) place.textContent = (tenths / 10).toFixed(1);
  for (const place of queue.querySelectorAll("[data-skipped]")) {
    place.textContent = skipped ? `另有 ${skipped} 条核验未全部通过，不参与批量` : "";
  }
  for (const button of queue.querySelectorAll("[data-bulk-submit]")) button.disabled = counted.length === 0;
  bar.hidden = selected.length === 0;
  const all = queue.querySelector("[data-select-all]");
  const plain = selectable.filter((row) => !isFlagged(row));
  all.checked = plain.length > 0 && plain.every((row) => box(row).checked);
  all.indeterminate = !all.checked && selected.length > 0;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("#queue [data-select-all]")) {
    for (const row of rows()) if (box(row)) box(row).checked = event.target.checked && !isFlagged(row);
  }
  if (event.target.matches("[data-shortcuts-on]")) localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  if (event.target.closest("#queue")) summarise();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("#queue [data-clear]")) return;
  for (const row of rows()) if (box(row)) box(row).checked = false;
  summarise();
});

// --- The current row: that of the claim in #side, however it came there ---

let awaited = null; // the row whose claim has been asked for; until it comes, #side shows another

function shown() {
  const side = find("#side");
  return side && rows().find((row) => row.dataset.row === side.dataset.shows);
}

function markCurrent() {
  const row = shown();
  for (const other of rows()) {
    other.classList.toggle("cur", other === row);
    if (other === row) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("#queue [data-row-link]")) awaited = event.detail.elt.closest("tr");
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (awaited && awaited.contains(event.detail.requestConfig.elt)) awaited = null;
});

// The whole row opens its claim, except for what has a meaning of its own and for text that is being copied.
document.addEventListener("click", (event) => {
  const row = event.target.closest("#queue tr[data-row]");
  if (row && !event.target.closest("a, input") && getSelection().isCollapsed) row.querySelector("[data-row-link]").click();
});

// Where the claim lies below the list, as on a phone, it begins at the top of the window.
document.addEventListener("htmx:afterSettle", () => {
  const [queue, side] = [find("#queue"), find("#side")];
  if (!queue || !document.activeElement.matches("#side [data-focus]")) return;
  if (side.getBoundingClientRect().top >= queue.getBoundingClientRect().bottom) side.scrollIntoView();
});

// --- Keys ---

function current() {
  return awaited || shown();
}

function open(row) {
  const link = row.querySelector("[data-row-link]");
  link.focus();
  link.click(); // htmx loads the claim into #side
}

function move(step) {
  const all = rows();
  const at = current() ? all.indexOf(current()) + step : 0;
  if (all[at]) open(all[at]);
  else turn(step);
}

// Beyond the last row the next page of the list begins, before the first the one before ends.
let turning = null; // the link of the page that is on its way, and where to go on in it

function turn(step) {
  const link = find(`#queue .pages a[rel=${step > 0 ? "next" : "prev"}]`);
  if (!link) return;
  turning = { link, step };
  link.click();
}

document.addEventListener("htmx:afterSettle", (event) => {
  const { requestConfig } = event.detail;
  if (!turning || !requestConfig || requestConfig.elt !== turning.link) return;
  const all = rows();
  if (all.length) open(turning.step > 0 ? all[0] : all[all.length - 1]); // colleagues may have decided the rest meanwhile
  turning = null;
});

// A page that did not come is not waited for: a click on the same link opens no claim.
document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful } = event.detail;
  if (turning && !successful && requestConfig.elt === turning.link) turning = null;
});

function decide(verdict) {
  const button = find(`#side [data-act=${verdict}]`);
  const reason = find("#side [data-reason]");
  if (!button || button.disabled || awaited) return;
  const common = find("#side [data-common]");
  if (verdict !== "approve" && reason && !reason.value.trim() && !(common && common.value)) {
    reason.dataset.then = verdict; // Ctrl+Enter in the reason carries it out
    reason.focus();
    return;
  }
  button.click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  " ": () => {
    const row = current();
    if (row && box(row)) {
      box(row).checked = !box(row).checked;
      summarise();
    }
  },
  a: () => decide("approve"),
  r: () => decide("return"),
  x: () => decide("reject"),
  z: () => {
    const undo = find("[data-act=undo]");
    if (undo) undo.click();
  },
  "?": () => {
    const help = find("#shortcuts");
    if (help) help.showModal();
  },
};

const GOING_ON = new Set(["j", "k"]);

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=checkbox])") || element.isContentEditable;
}

/* In the reason that R or X asked for, Ctrl+Enter carries it out and Escape goes back to the list. */
function inReason(event, reason) {
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    decide(reason.dataset.then);
  } else if (event.key === "Escape") {
    delete reason.dataset.then;
    const row = current();
    (row ? row.querySelector("[data-row-link]") : find("#side [data-focus]")).focus();
  }
}

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.isComposing || event.keyCode === 229) return;
  if (at.matches("#side [data-reason]") && at.dataset.then) inReason(event, at);
  const key = event.key.toLowerCase();
  if (!(key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
  if ((at !== document.body && !at.closest("main")) || find("dialog[open]")) return;
  if (isTyping(at) || localStorage.getItem(SWITCH) === "off") return;
  if (key === " " && at.matches("button, summary, input")) return; // the element's own meaning of the space bar
  event.preventDefault();
  if (event.repeat && !GOING_ON.has(key)) return; // a key that is held down decides once
  KEYS[key]();
});

function begin() {
  for (const toggle of document.querySelectorAll("[data-shortcuts-on]")) {
    toggle.checked = localStorage.getItem(SWITCH) !== "off";
  }
  markCurrent();
  summarise();
}

// The focus is in the claim that follows by now; what became of the last one, and how to take it back, must be seen as well.
// On a phone the claim itself says so, because the list lies between the two.
document.addEventListener("htmx:afterSettle", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig.verb !== "post" || xhr.status >= 300) return;
  const places = ["#side [data-done]", "#messages .note", "#undo"].map(find);
  const seen = places.find((place) => place && place.offsetParent);
  if (seen) seen.scrollIntoView({ block: "nearest" });
});

document.addEventListener("htmx:afterSettle", begin);
begin();
