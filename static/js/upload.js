// upload.js - several pieces of evidence at once: camera, album, drag, paste; progress, retry, photographs made smaller
// on the way. Without it the same fields are sent with the form.
//
//   <div data-upload-url="..." data-upload-list="id of the <ul>" data-upload-limit="20971520"> ... inputs ... </div>
//
// Each file is posted alone as "file" with the CSRF token of the form around. The answer is the row (<li>) that replaces
// the progress row; 422 answers with a row too, which says what is wrong with the file. A file that was kept is told by the
// event cme:uploaded, at which what the page said of the missing document goes. A form that is sent meanwhile waits until
// all its files have arrived.

const LONG_EDGE = 2400; // pixels: a photographed A4 page stays readable at 200 dpi
const SMALL_ENOUGH = 600 * 1024;

function size(bytes) {
  return bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

/* A photograph of 4 to 12 MB becomes about 0.5 MB; the place where it was taken (EXIF) is left out on the way.
   What the browser cannot draw (HEIC, PDF) goes as it is. */
async function shrink(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < SMALL_ENOUGH || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONG_EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!made || made.size >= file.size) return file;
    return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

function send(file, url, token, onProgress) {
  const request = new XMLHttpRequest();
  const answer = new Promise((done, failed) => {
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(Math.round((event.loaded / event.total) * 100));
    request.onload = () => {
      if (request.status < 300 || request.status === 422) done({ kept: request.status < 300, row: request.responseText });
      else failed(new Error(request.status === 413 ? "文件过大" : `服务器未接收（${request.status}）`));
    };
    request.onerror = () => failed(new Error("网络中断"));
    request.onabort = () => failed(null);
  });
  const form = new FormData();
  form.append("file", file, file.name);
  request.open("POST", url);
  request.setRequestHeader("X-CSRFToken", token);
  request.setRequestHeader("HX-Request", "true"); // asks for the row alone
  request.send(form);
  return { answer, stop: () => request.abort() };
}

function progressRow(name) {
  const row = element("li", "");
  const middle = element("div", "");
  const bar = element("progress", "");
  const state = element("div", "small t2", "正在准备");
  const remove = element("button", "btn btn-line btn-sm", "移除");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `${name} 上传进度`);
  remove.type = "button";
  remove.setAttribute("aria-label", `移除 ${name}`);
  middle.append(element("span", "", name), bar, state);
  row.append(element("span", "th"), middle, remove);
  return { row, bar, state, remove };
}

function tell(place) {
  place.dispatchEvent(new CustomEvent("cme:uploaded", { bubbles: true }));
}

function say(message, kind) {
  document.dispatchEvent(new CustomEvent("cme:say", { detail: { message, kind } }));
}

// --- A form waits for its files: sent without one that is on its way, it would be told that the document is missing. ---

class Departure {
  constructor(form) {
    this.form = form;
    this.awaited = 0; // files that are on their way
    this.button = null; // what was pressed meanwhile
  }

  wait(button) {
    this.stay();
    this.button = button;
    this.label = [...button.childNodes];
    button.replaceChildren("正在上传…");
    say(`正在上传材料，完成后自动${this.label.map((node) => node.textContent).join("").trim()}。`, "");
  }

  stay() {
    if (this.button) this.button.replaceChildren(...this.label);
    this.button = null;
  }

  begins() {
    this.awaited += 1;
  }

  ends(arrived) {
    this.awaited -= 1;
    const { button } = this;
    if (!button || (arrived && this.awaited)) return;
    this.stay();
    if (!this.form.isConnected) say("页面内容已更新，表格没有提交。请核对后重新提交。", "bad"); // it cannot be sent any more
    else if (arrived) this.form.requestSubmit(button);
    else say("有材料没有上传成功，表格没有提交。请重试或移除该材料，再行提交。", "bad");
  }
}

const departures = new WeakMap(); // by form

function departureOf(form) {
  if (!departures.has(form)) departures.set(form, new Departure(form));
  return departures.get(form);
}

document.addEventListener(
  "submit",
  (event) => {
    const departure = departures.get(event.target);
    if (!departure || !departure.awaited) return;
    event.preventDefault();
    event.stopPropagation(); // nobody else takes the form for sent
    departure.wait(event.submitter);
  },
  true,
);

class Uploader {
  constructor(drop) {
    this.drop = drop;
    this.departure = departureOf(drop.closest("form"));
    this.list = document.getElementById(drop.dataset.uploadList);
    this.limit = Number(drop.dataset.uploadLimit);
    this.waiting = [];
    this.busy = false;
  }

  token() {
    return this.departure.form.elements.csrfmiddlewaretoken.value;
  }

  add(files) {
    for (const file of files) {
      const view = progressRow(file.name);
      view.remove.onclick = () => {
        view.cancelled = true;
        if (view.stop) view.stop();
        view.row.remove();
      };
      this.list.append(view.row);
      this.push({ file, view });
    }
  }

  push(one) {
    this.waiting.push(one);
    this.departure.begins();
    this.next();
  }

  /* One at a time: a weak mobile line finishes the first photograph instead of losing all. */
  async next() {
    if (this.busy || !this.waiting.length) return;
    this.busy = true;
    const { file, view } = this.waiting.shift();
    const arrived = view.cancelled || (await this.carry(file, view));
    this.departure.ends(arrived);
    this.busy = false;
    this.next();
  }

  /* Answers false for a file that did not arrive, unless the person has taken it away. */
  async carry(file, view) {
    const { bar, state, row } = view;
    bar.hidden = false;
    state.className = "small t2";
    const smaller = await shrink(file);
    if (view.cancelled) return true;
    if (smaller.size > this.limit) {
      this.fail(view, `${size(smaller.size)}，超过 ${size(this.limit)}。请压缩或分成几份后再传。`);
      return false;
    }
    const upload = send(smaller, this.drop.dataset.uploadUrl, this.token(), (percent) => {
      bar.value = percent;
      state.textContent = percent < 100 ? `正在上传 ${percent}%` : "正在检查文件";
    });
    view.stop = upload.stop;
    try {
      const answer = await upload.answer;
      const holder = document.createElement("template");
      holder.innerHTML = answer.row.trim();
      const arrived = holder.content.firstElementChild;
      row.replaceWith(arrived);
      if (window.htmx) window.htmx.process(arrived);
      if (answer.kept) tell(this.drop);
      return answer.kept;
    } catch (problem) {
      if (problem) this.fail(view, `${problem.message}，没有上传成功。`, file);
      return !problem;
    }
  }

  fail(view, message, file) {
    view.bar.hidden = true;
    view.state.className = "small ferr";
    view.state.textContent = message;
    if (!file) return;
    const again = element("button", "btn btn-line btn-sm", "重试");
    again.type = "button";
    again.onclick = () => this.push({ file, view });
    view.state.append(again);
  }
}

function begin() {
  for (const drop of document.querySelectorAll("[data-upload-url]")) {
    if (drop.uploader) continue;
    drop.uploader = new Uploader(drop);
    drop.addEventListener("change", (event) => {
      if (event.target.type !== "file") return;
      drop.uploader.add([...event.target.files]);
      event.target.value = ""; // sent already: the form shall not send it again
    });
    for (const type of ["dragenter", "dragover"]) {
      drop.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const type of ["dragleave", "drop"]) {
      drop.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.remove("over");
      });
    }
    drop.addEventListener("drop", (event) => drop.uploader.add([...event.dataTransfer.files]));
  }
}

// A file that replaces another is sent by htmx; its answer may take its row away.
const replacing = new WeakMap(); // the departure that waits for a request

document.addEventListener("htmx:beforeSend", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (!requestConfig.elt.matches("input[type=file]")) return;
  replacing.set(xhr, departureOf(requestConfig.elt.form));
  replacing.get(xhr).begins();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (xhr.status < 300 && replacing.has(xhr)) tell(target);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, xhr } = event.detail;
  if (replacing.has(xhr)) replacing.get(xhr).ends(successful);
});

// The row of a file that was not kept stays until it has been read.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest("li").remove();
});

document.addEventListener("paste", (event) => {
  const drop = document.querySelector("[data-upload-url]");
  const files = event.clipboardData ? [...event.clipboardData.files] : [];
  if (drop && files.length) drop.uploader.add(files);
});

document.addEventListener("htmx:load", begin);
begin();
