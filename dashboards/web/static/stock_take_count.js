// The counting page: every count is first kept in the phone under an id of its own, then sent, and
// forgotten only when the server says that it has it. So a line that drops loses nothing, and what
// is sent twice counts once.

import { Waiting, labelOf, newId } from "/static/stock_take_store.js";
import { canScan, readPhoto, scan } from "/static/stock_take_scan.js";

const RETRY_MS = 15000;
const AT_ONCE = 200;
const SAME_LABEL_MS = 4000;
const SHOWN = 100;
const CACHE = "hatang-counting-1";
const KEPT = [
  "/static/stock_take_count.js",
  "/static/stock_take_store.js",
  "/static/stock_take_scan.js",
  "/static/stock_take.css",
  "/static/hatang.css",
  "/static/icon.svg",
  "/static/qr/decode.js",
  "/static/qr/index.js",
];

const root = document.getElementById("counting");
const words = JSON.parse(root.dataset.words);
const form = document.getElementById("typed");
const base = `/stock-takes/${root.dataset.take}`;
const waiting = new Waiting(root.dataset.take);
const part = (id) => document.getElementById(id);
const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

let book = [];
let lineState = "";
let sending = false;
let askedMeanwhile = false;
let stopCamera = null;
const lastSeen = new Map();

function tell(text, isGood = true) {
  const told = part("told");
  told.hidden = false;
  told.textContent = text;
  told.classList.toggle("bad", !isGood);
}

function isSame(asset, label) {
  const wanted = label.toLowerCase();
  const serial = asset.serial && asset.serial.toLowerCase() === wanted;
  return asset.tag.toLowerCase() === wanted || serial;
}

function assetOf(label) {
  return book.find((a) => a.tag === label) || book.find((a) => isSame(a, label));
}

function waits(label) {
  return waiting.all().some((one) => one.label && one.label.toLowerCase() === label.toLowerCase());
}

function count(label, how, note = "") {
  const asset = label ? assetOf(label) : undefined;
  const name = asset ? asset.name : label || note;
  // What was sent is sent anew: somebody may have withdrawn it meanwhile, and it counts once.
  if (label && !note && waits(asset ? asset.tag : label)) {
    tell(say(words.again, { name }));
    return true;
  }
  const one = {
    id: newId(),
    label: asset ? asset.tag : label,
    how,
    note,
    name,
    at: Date.now() / 1000,
    site: part("site").value.trim(),
    room: part("room").value.trim(),
  };
  try {
    waiting.add(one);
  } catch {
    tell(words.full, false);
    return false;
  }
  if (asset) asset.seen = true;
  tell(say(label && book.length && !asset ? words.unknown : words.counted, { name }));
  if (navigator.vibrate) navigator.vibrate(80);
  show();
  send();
  return true;
}

function countScanned(text) {
  const label = labelOf(text);
  const now = Date.now();
  if (now - (lastSeen.get(label) || 0) < SAME_LABEL_MS) {
    lastSeen.set(label, now);
    return;
  }
  lastSeen.set(label, now);
  if (!label || label.length > 64 || /^https?:/i.test(label)) {
    tell(say(words.bad, { text: text.slice(0, 60) }), false);
    return;
  }
  count(label, "scan");
}

// Sending

async function post(counts) {
  const body = new URLSearchParams();
  for (const field of form.querySelectorAll("input[type=hidden]")) {
    if (field.name !== "id") body.set(field.name, field.value);
  }
  const told = counts.map(({ id, label, how, note, at, site, room }) => {
    return { id, label, how, note, at, site, room };
  });
  body.set("counts", JSON.stringify(told));
  return fetch(`${base}/counts`, { method: "POST", body, headers: { Accept: "application/json" } });
}

// A page that is older than its session has a form that is not taken any more: get a new one.
async function renewForm() {
  const response = await fetch(location.pathname, { cache: "no-store" });
  if (!response.ok || response.redirected) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelectorAll("#typed input[type=hidden]");
  for (const field of fresh) {
    const own = form.querySelector(`input[type=hidden][name="${field.name}"]`);
    if (own && field.name !== "id") own.value = field.value;
  }
  return fresh.length > 0;
}

function isAnswer(response) {
  const type = response.headers.get("content-type") || "";
  return !response.redirected && type.startsWith("application/json");
}

async function sendSome(counts) {
  let response = await post(counts);
  if (!isAnswer(response) && (await renewForm())) response = await post(counts);
  if (!isAnswer(response)) {
    const signedOut = response.redirected || [401, 403].includes(response.status);
    return signedOut ? "login" : `refused ${response.status}`;
  }
  if (response.status === 409) return "closed";
  if (!response.ok) return `refused ${response.status}`;
  const answer = await response.json();
  const byId = new Map(counts.map((one) => [one.id, one]));
  for (const { id } of answer.taken) {
    waiting.noteSent(byId.get(id));
    waiting.remove(id);
  }
  for (const { id, why } of answer.refused) {
    tell(why, false);
    waiting.remove(id);
  }
  return answer.taken.length + answer.refused.length ? "" : "refused 0";
}

async function send() {
  if (sending) {
    askedMeanwhile = true;
    return;
  }
  sending = true;
  askedMeanwhile = false;
  try {
    let counts = waiting.all();
    let state = "";
    while (counts.length && !state) {
      state = await sendSome(counts.slice(0, AT_ONCE));
      counts = waiting.all();
    }
    lineState = state;
  } catch {
    lineState = "line";
  } finally {
    sending = false;
    show();
  }
  // The line may have come back while a try through the dead one was still under way.
  if (askedMeanwhile && waiting.all().length && lineState === "line") send();
}

// Showing

function item(text, state) {
  const entry = document.createElement("li");
  const what = document.createElement("span");
  what.textContent = text;
  entry.append(what);
  if (state) {
    const sign = document.createElement("small");
    sign.textContent = state;
    entry.append(" ", sign);
  }
  return entry;
}

const titled = (one) => (one.name && one.name !== one.label ? `${one.name} ${one.label}` : one.label);

function show() {
  const open = waiting.all();
  const sent = waiting.sent();
  const line = part("line");
  const told = [];
  if (lineState.startsWith("refused")) {
    told.push(say(words.refused, { status: lineState.split(" ")[1] }));
  } else if (lineState === "closed") {
    told.push(say(words.closed, { count: open.length }));
  } else if (lineState) {
    told.push(words[lineState]);
  }
  if (open.length && lineState !== "closed") told.push(say(words.waits, { count: open.length }));
  if (!open.length && sent.length) told.push(words.sent);
  line.hidden = !told.length;
  line.textContent = told.join(" ");
  line.dataset.waiting = open.length;
  line.dataset.sent = sent.length;
  line.classList.toggle("bad", Boolean(open.length));
  part("mine").hidden = !open.length && !sent.length;
  part("counts").replaceChildren(
    ...open.reverse().map((one) => item(titled(one), words.waiting)),
    ...sent.slice(-20).reverse().map((one) => item(titled(one), words.done)),
  );
  showBook();
}

function showBook() {
  const rest = book.filter((asset) => !asset.seen);
  const wanted = fold(part("find").value).split(/\s+/).filter(Boolean);
  const found = rest.filter((asset) => {
    const text = fold([asset.tag, asset.name, asset.serial, asset.site, asset.room].join("\n"));
    return wanted.every((word) => text.includes(word));
  });
  part("rest").hidden = !book.length;
  part("left").textContent = String(rest.length);
  const items = found.slice(0, SHOWN).map((asset) => {
    const place = [asset.site, asset.room].filter(Boolean).join(" · ");
    const entry = item(`${asset.name} ${asset.tag}`, place);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = words.seen;
    button.setAttribute("aria-label", `${words.seen}: ${asset.name} ${asset.tag}`);
    button.addEventListener("click", () => count(asset.tag, "tick"));
    entry.append(button);
    return entry;
  });
  if (found.length > SHOWN) items.push(item(say(words.more, { count: found.length - SHOWN })));
  part("book").replaceChildren(...items);
}

async function loadBook() {
  try {
    const response = await fetch(`${base}/book.json`);
    if (!isAnswer(response) || !response.ok) return;
    book = await response.json();
    for (const asset of book) asset.seen = asset.seen || waits(asset.tag);
    show();
  } catch {
    lineState = "line";
    show();
  }
}

// Without a line

async function keepPage() {
  if (!("serviceWorker" in navigator)) {
    part("offline").textContent = words.open;
    return;
  }
  await navigator.serviceWorker.register("/stock-takes/worker.js", { scope: "/stock-takes/" });
  await navigator.serviceWorker.ready;
  const cache = await caches.open(CACHE);
  const pages = [`${base}/count`, `${base}/book.json`, ...KEPT];
  if (navigator.onLine) await cache.addAll(pages.map((path) => new Request(path)));
  part("offline").textContent = words.ready;
  root.dataset.kept = "yes";
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
}

// Buttons

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const label = labelOf(part("label").value);
  const note = part("note").value.trim();
  if (!label && !note) {
    part("label").focus();
    return;
  }
  if (count(label, "typed", note)) {
    part("label").value = "";
    part("note").value = "";
  }
  part("label").focus();
});

async function toggleCamera() {
  const button = part("scan");
  const video = part("video");
  if (stopCamera) {
    stopCamera();
    stopCamera = null;
    video.hidden = true;
    button.textContent = words.scan;
    return;
  }
  button.disabled = true;
  try {
    video.hidden = false;
    stopCamera = await scan(video, countScanned);
    button.textContent = words.stop;
  } catch {
    video.hidden = true;
    tell(words.nocamera, false);
  } finally {
    button.disabled = false;
  }
}

part("camera").hidden = false;
part("scan").addEventListener("click", () => {
  if (canScan()) toggleCamera();
  else tell(window.isSecureContext ? words.nocamera : words.insecure, false);
});
part("photo").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const text = await readPhoto(file).catch(() => "");
  event.target.value = "";
  if (!text) {
    tell(words.nocode, false);
    return;
  }
  lastSeen.clear();
  countScanned(text);
});
part("find").addEventListener("input", showBook);
window.addEventListener("online", send);
window.addEventListener("offline", () => {
  lineState = "line";
  show();
});
window.addEventListener("storage", show);
window.addEventListener("pagehide", () => {
  if (stopCamera) toggleCamera();
});
setInterval(() => {
  if (waiting.all().length) send();
}, RETRY_MS);

keepPage().catch(() => {
  part("offline").textContent = words.open;
});
show();
loadBook();
send();
