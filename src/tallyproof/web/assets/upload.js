"use strict";
// Sends files in pieces and goes on after a break (tus 1.0). Without this script the form sends them at once.
(() => {
  const PIECE = 4 * 1024 * 1024, TRIES = 8;
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.fetch) return;
  const input = form.querySelector("input[type=file]"), button = form.querySelector("button");
  const said = form.querySelector(".upload-said"), shown = form.querySelector(".upload-progress");
  const bar = shown.querySelector("progress"), words = form.dataset;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const base = { "X-CSRFToken": token, "Tus-Resumable": "1.0.0" };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
  const say = (text) => { if (said.textContent !== text) said.textContent = text; };
  class Refused extends Error {}

  const ask = (address, method, headers, body) =>
    fetch(address, { method, body, headers: { ...base, ...headers }, redirect: "manual", credentials: "same-origin" });

  const encoded = (text) => {
    let signs = "";
    for (const byte of new TextEncoder().encode(text)) signs += String.fromCharCode(byte);
    return btoa(signs);
  };

  const left = (began, sent, total) => {
    const seconds = (Date.now() - began) / 1000;
    if (seconds < 1 || !sent) return words.unknown;
    const rest = (total - sent) * seconds / sent;
    return rest < 90 ? fill(words.left_s, { n: Math.ceil(rest) }) : fill(words.left_min, { n: Math.round(rest / 60) });
  };

  async function offsetOf(address) {
    const answer = await ask(address, "HEAD", {});
    if (!answer.ok) throw new Refused(answer.statusText);
    return Number(answer.headers.get("Upload-Offset"));
  }

  async function send(file, address, state) {
    let offset = await offsetOf(address), tries = 0;
    while (offset < file.size) {
      try {
        const answer = await ask(address, "PATCH", {
          "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset),
        }, file.slice(offset, offset + PIECE));
        if (answer.status === 409) { offset = await offsetOf(address); continue; }
        if (answer.status >= 400 && answer.status < 500) throw new Refused(await answer.text());
        if (!answer.ok) throw new Error(answer.statusText);
        offset = Number(answer.headers.get("Upload-Offset"));
        tries = 0;
        state.progress(file.name, offset);
      } catch (fault) {
        if (fault instanceof Refused) throw fault;
        if (++tries > TRIES) throw new Refused(words.stopped);
        say(words.broken);
        await wait(Math.min(30000, 500 * 2 ** tries));
        offset = await offsetOf(address).catch(() => offset);
      }
    }
  }

  async function readable(file) {
    try { await file.slice(0, 1).arrayBuffer(); return true; } catch { return false; }
  }

  async function begin() {
    const answer = await ask(form.action, "POST", { "X-Upload": "begin" });
    if (answer.status !== 201) throw new Refused(words.stopped);
    return answer.headers.get("Location");
  }

  // What is remembered on this machine, so that the same file goes on where it stopped.
  const key = (file) => `upload ${location.pathname} ${file.name} ${file.size} ${file.lastModified}`;

  async function placeOf(file, draft) {
    const known = sessionStorage.getItem(key(file));
    if (known) {
      const answer = await ask(known, "HEAD", {}).catch(() => null);
      if (answer && answer.ok) return known;
    }
    const page = await draft();
    const answer = await ask(`${page}files/`, "POST", {
      "Upload-Length": String(file.size), "Upload-Metadata": `filename ${encoded(file.name)}`,
    });
    if (answer.status !== 201) throw new Refused(await answer.text());
    const address = answer.headers.get("Location");
    sessionStorage.setItem(key(file), address);
    return address;
  }

  async function upload(files) {
    const total = files.reduce((sum, file) => sum + file.size, 0), began = Date.now();
    let before = 0, page = "";
    const draft = async () => (page = page || await begin());
    const state = { progress: (name, offset) => {
      const sent = before + offset, share = total ? Math.floor(100 * sent / total) : 100;
      bar.value = share;
      say(fill(words.sending, { file: name, share, left: left(began, sent, total) }));
    } };
    for (const file of files) {
      if (file.size > Number(words.most)) throw new Refused(fill(words.large, { file: file.name }));
      if (!await readable(file)) throw new Refused(fill(words.folder, { file: file.name }));
    }
    for (const file of files) {
      const address = await placeOf(file, draft);
      page = page || address.replace(/files\/\d+\/$/, "");
      state.progress(file.name, 0);
      await send(file, address, state);
      before += file.size;
      sessionStorage.removeItem(key(file));
    }
    say(words.done);
    location.assign(page);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...input.files];
    if (!files.length) { say(words.none); input.focus(); return; }
    button.disabled = true;
    shown.hidden = false;
    try {
      await upload(files);
    } catch (fault) {
      say(fault instanceof Refused && fault.message ? fault.message : words.stopped);
      shown.hidden = true;
      button.disabled = false;
      button.focus();
    }
  });
})();
