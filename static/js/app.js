// app.js - what every page may use. Each part only shortens a way that works without it.

const page = document.documentElement;

// --- Large text and dark mode: the same cookie the server sets when the form is sent without scripts. ---

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
}

const appearance = {
  "cme-size": {
    isOn: () => page.getAttribute("data-size") === "large",
    apply: (on) => (on ? page.setAttribute("data-size", "large") : page.removeAttribute("data-size")),
    values: ["normal", "large"],
  },
  "cme-theme": {
    isOn: () => page.getAttribute("data-bs-theme") === "dark",
    apply: (on) => page.setAttribute("data-bs-theme", on ? "dark" : "light"),
    values: ["light", "dark"],
  },
};

function showAppearance() {
  for (const button of document.querySelectorAll("[data-appearance]")) {
    const { isOn, values } = appearance[button.name];
    button.setAttribute("aria-pressed", String(isOn()));
    button.value = values[Number(!isOn())];
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-appearance]");
  if (!button) return;
  event.preventDefault();
  const { isOn, apply, values } = appearance[button.name];
  apply(!isOn());
  remember(button.name, values[Number(isOn())]);
  showAppearance();
});

// --- Dialogs, printing, folded filters, header menus. ---

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog && dialog.showModal) {
      event.preventDefault(); // the link behind it leads to a page that asks the same
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-print]")) {
    window.print();
    return;
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
    return;
  }
  const fold = event.target.closest("[data-fold]");
  if (fold) {
    const open = document.getElementById(fold.getAttribute("aria-controls")).classList.toggle("open");
    fold.setAttribute("aria-expanded", String(open));
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// --- Forms: nothing is sent twice. ---

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.id === "outside") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// --- Errors: the summary is read first; a link in it puts the cursor into its field. ---

function readErrors(within) {
  const summary = within.querySelector("#error-summary");
  if (summary) summary.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#error-summary a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const target = field.matches("input, select, textarea, button") ? field : field.querySelector("input, select, textarea");
  field.scrollIntoView({ block: "center" });
  (target || field).focus({ preventScroll: true });
});

// --- An answer that has been put right takes its message along: beside the field, in the summary, in the title. ---

function forgetInSummary(anchor) {
  const summary = document.getElementById("error-summary");
  if (!summary) return;
  for (const link of summary.querySelectorAll(`a[href="#${anchor}"]`)) link.closest("li").remove();
  const left = summary.querySelectorAll("li").length;
  const heading = summary.querySelector("h2");
  if (left) {
    heading.textContent = heading.textContent.replace(/\d+/, left);
    return;
  }
  summary.remove();
  document.title = document.title.replace("错误：", "").trim();
}

/* within: what stands in the part of the page that says what is wrong. */
function forgetError(within) {
  const part = within.closest(".g-err");
  if (!part) return;
  const message = part.querySelector('[id$="_error"]');
  message.remove();
  part.classList.remove("g-err");
  for (const field of part.querySelectorAll("[aria-invalid]")) {
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
  }
  for (const told of part.querySelectorAll("[aria-describedby]")) {
    const others = told.getAttribute("aria-describedby").split(" ").filter((id) => id !== message.id);
    if (others.length) told.setAttribute("aria-describedby", others.join(" "));
    else told.removeAttribute("aria-describedby");
  }
  forgetInSummary(message.id.replace(/_error$/, ""));
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type === "checkbox" ? field.checked : field.value.trim() && field.validity.valid) forgetError(field);
});
// A document was missing and is there now (upload.js).
document.addEventListener("cme:uploaded", (event) => forgetError(event.target));

// --- htmx: parts of a page that change in place. ---

function say(message, kind = "bad") {
  const region = document.getElementById("messages");
  const note = document.createElement("div");
  note.className = `note ${kind}`;
  note.textContent = message;
  region.replaceChildren(note);
}

/* What the server says of its refusal; a part of the portal in between answers without a page of ours. */
function reasonIn(answer) {
  const paragraph = new DOMParser().parseFromString(answer, "text/html").querySelector("#what + p");
  return paragraph ? paragraph.textContent.trim() : "";
}

// Other scripts speak here as well, of what somebody has just pressed.
document.addEventListener("cme:say", (event) => {
  say(event.detail.message, event.detail.kind);
  document.getElementById("messages").scrollIntoView({ block: "nearest" });
});

document.addEventListener("htmx:afterSwap", (event) => readErrors(event.detail.elt));
// After an act the focus goes to what comes next; a filter or a page of a list ([data-keep-focus]) leaves it where it is.
document.addEventListener("htmx:afterSettle", (event) => {
  const { elt, requestConfig } = event.detail;
  const place = elt.querySelector("[data-focus]");
  if (place && !(requestConfig && requestConfig.elt.closest("[data-keep-focus]"))) place.focus();
});
document.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  const general =
    status === 401 ? "登录已失效。请刷新页面后重试。" : "服务器没有完成这次操作，内容未改变。请稍后重试。";
  say(reasonIn(responseText) || general);
});
// A button outside its form (form="...") names what it does, as it would in a page without scripts.
document.addEventListener("htmx:configRequest", (event) => {
  const { triggeringEvent, parameters } = event.detail;
  const button = triggeringEvent && triggeringEvent.submitter;
  if (button && button.name) parameters[button.name] = button.value;
});
document.addEventListener("htmx:sendError", () => say("网络中断，内容未改变。请检查网络后重试。"));

// --- What somebody types while an answer is on its way is kept when the answer replaces the fields. ---

const answersWhenSent = new WeakMap();

function answers(part) {
  const typed = part.querySelectorAll("input:not([type=file]):not([type=radio]):not([type=checkbox]), select, textarea");
  return new Map(Array.from(typed, (field) => [field.id, field.value]));
}

document.addEventListener("htmx:beforeSend", (event) => {
  const { xhr, target } = event.detail;
  if (target && target.querySelectorAll) answersWhenSent.set(xhr, { sent: answers(target) });
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  const kept = answersWhenSent.get(xhr);
  if (!kept) return;
  kept.typed = Array.from(answers(target)).filter(([id, value]) => id && kept.sent.get(id) !== value);
  kept.focus = target.contains(document.activeElement) ? document.activeElement.id : "";
});

document.addEventListener("htmx:afterSwap", (event) => {
  const kept = answersWhenSent.get(event.detail.xhr);
  if (!kept || !kept.typed) return;
  for (const [id, value] of kept.typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  const focused = kept.focus && document.getElementById(kept.focus);
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
  answersWhenSent.delete(event.detail.xhr);
});

showAppearance();
readErrors(document);
