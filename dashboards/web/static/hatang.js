"use strict";
// Makes pages that work without it a little better: keeps what was typed and not saved, ticks all
// rows of a list at once, says before it is sent that a file is too large, and renews what shows
// how things are now. What is kept stays in this browser, a week at most.

const KEPT = "hatang-draft:";
const WEEK_MS = 7 * 86_400_000;

function kept(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(KEPT + key));
    return draft && Date.now() - draft.at < WEEK_MS ? draft : null;
  } catch {
    return null;
  }
}

function texts(form) {
  const found = {};
  for (const input of form.elements) {
    if (!input.name || input.name === "csrf" || input.name === "theirs" || input.type === "password") continue;
    if (input.type === "checkbox" || input.type === "radio") {
      if (input.checked) found[input.name] = input.value;
      else if (!(input.name in found)) found[input.name] = "";
    } else if (input.tagName !== "BUTTON") {
      found[input.name] = input.value;
    }
  }
  return found;
}

function fill(form, values) {
  for (const input of form.elements) {
    if (!(input.name in values) || input.name === "csrf" || input.tagName === "BUTTON") continue;
    if (input.type === "checkbox" || input.type === "radio") input.checked = input.value === values[input.name];
    else input.value = values[input.name];
    if (input.value && input.closest("details")) input.closest("details").open = true;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(KEPT + key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function watch(form) {
  const key = form.dataset.draft;
  const first = texts(form);
  const answered = document.querySelector(".notice.bad, .notice[role=alert]") !== null;
  const draft = kept(key);
  const note = document.getElementById("draft");
  if (draft && !answered && JSON.stringify(draft.texts) !== JSON.stringify(first)) {
    fill(form, draft.texts);
    if (note) {
      note.hidden = false;
      document.getElementById("draft-drop").addEventListener("click", () => {
        forget(key);
        fill(form, first);
        note.hidden = true;
      });
    }
  }
  const keep = (sent) => {
    try {
      localStorage.setItem(KEPT + key, JSON.stringify({at: Date.now(), texts: texts(form), sent}));
    } catch {
      // Private windows and full disks: the form works without.
    }
  };
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => keep(true));
}

// What was sent and led to another page of ours than the login was saved.
function sweep(open) {
  if (location.pathname.startsWith("/login")) return;
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(KEPT)) continue;
    const key = name.slice(KEPT.length);
    const draft = kept(key);
    if (!draft || (draft.sent && key !== open)) forget(key);
  }
}

// Whoever is at something by keyboard, has opened a part or marked text would lose it by a reload.
function inUse() {
  return document.hidden || String(getSelection()) !== "" ||
    document.querySelector(":focus-visible, details[open]") !== null;
}

function ready() {
  const renew = document.querySelector("script[data-renew-s]");
  if (renew) setInterval(() => inUse() || location.reload(), renew.dataset.renewS * 1000);
  const form = document.querySelector("form[data-draft]");
  try {
    sweep(form ? form.dataset.draft : "");
  } catch {
    // No storage here.
  }
  if (form) watch(form);
  const all = document.getElementById("pick-all");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of document.querySelectorAll("td.pick input")) box.checked = all.checked;
    });
  }
  for (const input of document.querySelectorAll("input[data-most]")) {
    input.addEventListener("change", () => {
      const large = input.files.length > 0 && input.files[0].size > input.dataset.most;
      input.setCustomValidity(large ? input.dataset.large : "");
      input.reportValidity();
    });
  }
  for (const box of document.querySelectorAll(".choose")) {
    box.addEventListener("input", (event) => {
      if (event.target.name !== "set") box.querySelector("[name=set]").checked = true;
    });
  }
}

ready();
