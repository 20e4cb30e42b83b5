// queue.js - review by keyboard, and the sum of what is selected. Everything it does can be done with the buttons of the page.
//
//   <section id="queue">          the list: rows tr[data-row] with one link a[data-row-link] and one checkbox
//                                 name="selected" data-tenths="64"; data-flagged on rows that need a person
//     [data-select-all]           checkbox in the head: selects the rows of this page that are not flagged
//     [data-bulk]                 the bar: [data-count], [data-credits], [data-skipped], [data-clear], [data-bulk-submit]
//   <aside id="side">             the open claim: buttons [data-act=approve|return|reject], textarea [data-reason],
//                                 select [data-common] of ready-made reasons
//   [data-act=undo]               anywhere on the page; #undo and [data-done] in #side say what was done
//   <dialog id="shortcuts">       help, with the checkbox [data-shortcuts-on] that switches the keys off
//
// Keys act only while the focus is in #queue or #side, never while typing, never during IME composition (WCAG 2.1.4).

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

// --- Keys ---

function current() {
  return rows().find((row) => row.classList.contains("cur"));
}

function open(row) {
  for (const other of rows()) {
    other.classList.toggle("cur", other === row);
    if (other === row) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
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
  if (!button || button.disabled) return;
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

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=checkbox])") || element.isContentEditable;
}

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "Enter" && event.ctrlKey && at.matches("#side [data-reason]") && at.dataset.then) {
    event.preventDefault();
    decide(at.dataset.then);
    return;
  }
  const key = event.key.toLowerCase();
  if (!(key in KEYS) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  if (!at.closest("#queue, #side") || isTyping(at) || localStorage.getItem(SWITCH) === "off") return;
  if (key === " " && at.matches("button, summary, input")) return; // the element's own meaning of the space bar
  event.preventDefault();
  KEYS[key]();
});

function begin() {
  for (const toggle of document.querySelectorAll("[data-shortcuts-on]")) {
    toggle.checked = localStorage.getItem(SWITCH) !== "off";
  }
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
