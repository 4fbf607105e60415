// A sheet of a marker's page as a document of the file that is saved, and back. A sheet
// is whose it is, and the texts that were typed on it by the numbers of their cells. What
// was not typed is right.

const left = "blank", unread = "?"; // typed for a cell that was left blank, and for one that nobody can read

// ---- Cells ------------------------------------------------------------------------

// shown is a value of the format as it is typed.
function shown(kind, value) {
  const opens = {log: "[", votes: "{", indexes: "{"}[kind];
  if (value.includes("\\") || opens && value[0] !== opens) return value; // it cannot be
  const parts = (value.slice(1, -1).match(/(?:"[^"]*"|[^,"])+/g) || []).map(p => p.trim());
  switch (kind) {
  case "answer": return value === "none" ? "-" : value;
  case "log": return parts.map(p => bare(p).replace(/:(.*[\s,].*)$/s, ':"$1"')).join(" ") || "-";
  case "votes": case "indexes": return parts.map(p => p.replace(": ", ":").replaceAll('"', "")).join(" ") || "-";
  case "snapshot": return value === "none" ? "-" : (value.match(/\d+/g) || [value]).join(":");
  }
  return bare(value);
}

// valueOf gives what is in a cell of a sheet, null if it is nothing that belongs there.
function valueOf(s, i) {
  const c = cells[i], text = s.typed[i];
  if (text === undefined) return c.b.r;
  if (text.toLowerCase() === left) return "";
  if (text.startsWith(unread)) return text === unread ? "unreadable" : quoted(text);
  return values[c.b.k](text);
}

// ---- Documents --------------------------------------------------------------------

// The pieces of a document, and the blanks between them, of all parts of the form that is
// laid out.
let pieces, holes;

// cut gives the pieces and the blanks of that form, once there are its cells.
function cut() {
  const between = [""], blanks = [];
  for (const part of form.parts) {
    part.text.forEach((text, n) => {
      between[between.length - 1] += text;
      if (n < part.blanks.length) { blanks.push({b: part.blanks[n], c: cells.findIndex(c => c.part === part && c.n === n)}); between.push(""); }
    });
  }
  return {pieces: between, holes: blanks};
}

const oneLine = s => s.replace(/[\x00-\x1f\u0085\u2028\u2029]+/g, " ");
const student = s => quoted(s.who) + (s.name === s.who ? "" : " # " + oneLine(s.name));

// documentOf writes a sheet of the form that is laid out as a document of the file. What is typed wrong on one that
// was only begun is kept as a text.
function documentOf(s) {
  const value = h => h.b.f === "student" && h.b.in === "head" ? student(s) : h.c < 0 ? "" : valueOf(s, h.c) ?? quoted(s.typed[h.c]);
  return pieces.map((text, n) => text + (n < holes.length ? value(holes[n]) : "")).join("");
}

// valueAt gives what stands at a place before the next piece; null if that does not follow.
function valueAt(text, at, next) {
  let depth = 0, quote = false;
  for (let i = at; i < text.length; i++) {
    const ch = text[i];
    if (!quote && depth === 0 && text.startsWith(next, i)) return text.slice(at, i);
    if (ch === "\n") return null;
    if (quote && ch === "\\") i++;
    else if (ch === '"') quote = !quote;
    else if (!quote) depth += "[{".includes(ch) ? 1 : "]}".includes(ch) ? -1 : 0;
  }
  return null;
}

// textOf reads a text in quotes, after which there may be a comment; it is empty if it is
// not one.
function textOf(value) {
  try { return JSON.parse(value.match(/^"(?:[^"\\]|\\.)*"/)[0]); } catch { return ""; }
}

// taken reads a document of the form that is laid out, as this page writes it: whose it
// is, and what differs. It is null if it is of another form, or damaged.
function taken(text) {
  const typed = {};
  let who = "", at = 0;
  for (let n = 0; n < holes.length; n++) {
    if (!text.startsWith(pieces[n], at)) return null;
    at += pieces[n].length;
    const {b, c} = holes[n], value = b.in === "head" ? text.slice(at).split("\n")[0] : valueAt(text, at, pieces[n + 1]);
    if (value === null) return null;
    at += value.length;
    if (b.f === "student" && b.in === "head") {
      who = textOf(value);
      if (who === "") return null;
    } else if (c >= 0 && value.trim() !== b.r) {
      const is = value.trim();
      typed[c] = is === "" ? left : is === "unreadable" ? unread : is.startsWith('"') ? textOf(is) || left : shown(b.k, is);
    }
  }
  return text.slice(at).trimEnd() === pieces[holes.length].trimEnd() ? {who, typed} : null;
}
