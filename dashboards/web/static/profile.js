"use strict";
// Shows what a profile would do while its text is typed. Without it the button Preview does.

const form = document.getElementById("profile-form");
const WAIT_MS = 700;
let waiting = 0;
let asked = 0;

async function renew() {
  const mine = ++asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("action", "preview");
  let answer;
  try {
    answer = await fetch(form.dataset.preview, { method: "POST", body });
  } catch {
    return; // The next letter asks again.
  }
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("preview");
  if (fresh && mine === asked) document.getElementById("preview").replaceChildren(...fresh.childNodes);
}

form.elements.namedItem("text").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(renew, WAIT_MS);
});
