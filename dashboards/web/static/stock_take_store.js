// Counts that wait in the phone until the server has taken them. Each has a place of its own, so
// that two tabs never write over each other.

export class Waiting {
  constructor(take) {
    this.prefix = `hatang-count:${take}:`;
    this.doneKey = `hatang-done:${take}`;
  }

  // Throws where the browser keeps nothing (full, or forbidden).
  add(count) {
    localStorage.setItem(this.prefix + count.id, JSON.stringify(count));
  }

  remove(id) {
    localStorage.removeItem(this.prefix + id);
  }

  // Oldest first.
  all() {
    const found = [];
    for (let at = 0; at < localStorage.length; at++) {
      const key = localStorage.key(at);
      if (!key.startsWith(this.prefix)) continue;
      try {
        found.push(JSON.parse(localStorage.getItem(key)));
      } catch {
        localStorage.removeItem(key);
      }
    }
    return found.sort((a, b) => a.at - b.at);
  }

  // What this phone has sent: the last ones with their names.
  sent() {
    try {
      return JSON.parse(localStorage.getItem(this.doneKey)) || [];
    } catch {
      return [];
    }
  }

  noteSent(count) {
    const kept = [...this.sent(), { id: count.id, label: count.label, name: count.name }];
    try {
      localStorage.setItem(this.doneKey, JSON.stringify(kept.slice(-2000)));
    } catch {
      // Only a list for the eye: the count itself is with the server.
    }
  }
}

// Unlike crypto.randomUUID this is there on http pages, too.
export function newId() {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}

// What a label says: our short address, the page of an asset, or the plain tag.
export function labelOf(text) {
  const plain = text.trim();
  if (!/^https?:\/\//i.test(plain)) return plain;
  try {
    const parts = new URL(plain).pathname.split("/").filter(Boolean);
    const at = parts.length - 2;
    if (at >= 0 && ["a", "assets"].includes(parts[at])) return decodeURIComponent(parts[at + 1]);
  } catch {
    // No address after all.
  }
  return plain;
}
