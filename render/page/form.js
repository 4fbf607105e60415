// A sheet to fill in. The page knows nothing of Raft, and none of the answers: what is
// typed goes between the pieces of the sheet, and the whole is saved as a file.
(() => {
const form = written;
const key = "raftsheet " + form.id; // of the draft

// ---- Values -----------------------------------------------------------------------

const plain = /^[A-Za-z0-9_]+$/;
const quoted = s => JSON.stringify(s).replace(/[\u007f-\u00a0\u2028\u2029]/g, c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
const number = s => /^(0|[1-9][0-9]{0,14})$/.test(s) ? s : null;
const none = s => s === "-" || s.toLowerCase() === "none";
const node = s => none(s) ? "none" : form.nodes.includes(s) ? (plain.test(s) ? s : quoted(s)) : null;

// each reads words such as 1:x 2:y, and gives them in brackets; null if one is not so.
function each(s, open, close, one) {
  const words = s.split(/[\s,]+/).filter(w => w !== "").map(w => {
    const at = w.indexOf(":");
    return at < 0 ? one(w, null) : one(w.slice(0, at), w.slice(at + 1));
  });
  return words.includes(null) ? null : open + words.join(", ") + close;
}

// values make what is typed a value of the format: null if it is not one.
const values = {
  answer: s => ({y: "ok", yes: "ok", ok: "ok", true: "ok", n: "no", no: "no", false: "no"})[s.toLowerCase()] || (none(s) ? "none" : null),
  number, node,
  role: s => ["follower", "candidate", "leader"].find(r => r.startsWith(s.toLowerCase())) || null,
  log: s => none(s) ? "[]" : each(s, "[", "]", (term, value) => number(term) === null ? null : value === null ? term : quoted(term + ":" + value)),
  votes: s => none(s) ? "{}" : each(s, "{", "}", (term, who) => number(term) === null || who === null || node(who) === null ? null : term + ": " + node(who)),
  indexes: s => none(s) ? "{}" : each(s, "{", "}", (who, index) => node(who) === null || none(who) || index === null || number(index) === null ? null : node(who) + ": " + index),
  text: quoted,
};
const says = {answer: "ok, no or none", number: "a number", node: "one of the nodes " + form.nodes.join(", ") + ", or none", role: "follower, candidate or leader",
  log: "entries such as 1:x 2:y, or - for none", votes: "terms with their votes, such as 1:3 2:none", indexes: "nodes with their index, such as 2:4 3:1"};

// ---- Cells ------------------------------------------------------------------------

const cells = [];

// cell makes the input of a blank.
function cell(part, n) {
  const b = part.blanks[n];
  const where = (part.id ? part.id + ", " : "") + (b.n ? (b.in === "row" ? "answer of node " : "node ") + form.nodes[b.n - 1] + ": " : "") + b.f;
  const input = el("input", {"aria-label": where, autocomplete: "off", autocapitalize: "off", spellcheck: "false", "data-kind": b.k, oninput: changed, onkeydown: move});
  const c = {part, n, b, input, where};
  input.cell = c;
  cells.push(c);
  return input;
}
const valueOf = c => c.input.value.trim() === "" ? "" : values[c.b.k](c.input.value.trim());

function changed(e) {
  const c = e.target.cell;
  judge(c);
  keep();
  if (c.b.k === "answer" && valueOf(c) && c.input.value.length === 1) { // a letter was typed
    const answer = valueOf(c);
    c.input.value = answer === "none" ? "-" : answer;
    keep();
    step(c, 1);
  }
}

function judge(c) {
  const wrong = valueOf(c) === null;
  c.input.setAttribute("aria-invalid", wrong);
  c.input.title = wrong ? "This is " + says[c.b.k] + "." : "";
}

// The cells in the order in which the page shows them.
const inOrder = () => [...document.querySelectorAll("input")].map(input => input.cell);

function goto(c) {
  if (!c) return;
  c.input.focus();
  c.input.select();
}

function step(c, by) {
  const all = inOrder();
  goto(all[all.indexOf(c) + by]);
}

// below finds the cell of the same node and field in the next form, or the one before.
function below(c, by) {
  const all = inOrder();
  for (let i = all.indexOf(c) + by; i >= 0 && i < all.length; i += by) {
    const d = all[i];
    if (d.part !== c.part && d.b.in === c.b.in && d.b.n === c.b.n && d.b.f === c.b.f) return d;
  }
  return null;
}

// move has the arrows move: left and right out of a cell once its text ends there.
function move(e) {
  const c = e.target.cell, at = c.input.selectionStart, all = c.input.selectionEnd - at === c.input.value.length;
  if (e.ctrlKey || e.altKey || e.metaKey) return;
  if (e.key === "Enter") step(c, e.shiftKey ? -1 : 1);
  else if (e.key === "ArrowRight" && (all || at === c.input.value.length)) step(c, 1);
  else if (e.key === "ArrowLeft" && (all || at === 0)) step(c, -1);
  else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    const by = e.key === "ArrowDown" ? 1 : -1;
    goto(below(c, by) || inOrder()[inOrder().indexOf(c) + by]);
  } else return;
  e.preventDefault();
}

// ---- The page ---------------------------------------------------------------------

const field = (name, inside) => [el("dt", {text: name}), el("dd", null, inside)];

// section shows a step, with its cells in the order of the sheet.
function section(part) {
  const inputs = part.blanks.map((_, n) => cell(part, n));
  const of = is => part.blanks.map((b, n) => [b, inputs[n]]).filter(([b]) => is(b));
  const fields = [...part.given.map(([name, value]) => field(name, bdi(value))), ...of(b => b.in === "message").map(([b, i]) => field(b.f, i))].flat();
  const states = [...new Set(of(b => b.in === "state").map(([b]) => b.n))];
  const s = el("section", null, el("h2", null, bdi(part.id), " ", el("span", {class: "soft"}, bdi(part.head)), ...(form.free ? moves() : [])),
    part.note && el("p", {class: "soft"}, bdi(part.note)), fields.length > 0 && el("dl", null, ...fields),
    part.row && row(part, of), ...states.flatMap(n => [el("h3", null, "Raft State of node ", bdi(form.nodes[n - 1])),
      el("dl", null, ...of(b => b.in === "state" && b.n === n).flatMap(([b, i]) => field(b.f, i)))]));
  s.form = part;
  return s;
}

// row is the response row: a line for each field that is asked of somebody.
function row(part, of) {
  const asked = of(b => b.in === "row"), names = [...new Set(["ok", ...asked.map(([b]) => b.f)])];
  return el("div", {class: "scroll"}, el("table", null, el("caption", {text: "Response"}),
    el("thead", null, el("tr", null, el("th", {scope: "col", text: "id"}), ...form.nodes.map(n => el("th", {scope: "col"}, bdi(n))))),
    el("tbody", null, ...names.map(f => el("tr", null, el("th", {scope: "row", text: f}), ...form.nodes.map((_, i) => {
      const mine = asked.find(([b]) => b.n === i + 1 && b.f === f), given = f === "ok" ? part.row[i] : "";
      return mine ? el("td", null, mine[1]) : el("td", {class: given ? "" : "shaded", text: given});
    }))))));
}

// moves are the buttons that put a form before or after another.
function moves() {
  const by = (label, forth) => el("button", {class: "move", "aria-label": label, text: forth ? "▼" : "▲", onclick: e => {
    const s = e.target.closest("section"), other = forth ? s.nextElementSibling : s.previousElementSibling;
    if (other) forth ? other.after(s) : other.before(s);
    e.target.focus();
    keep();
  }});
  return [by("Later", true), by("Earlier", false)];
}

// ---- Drafts and files -------------------------------------------------------------

const sections = () => [...document.querySelectorAll("#app section")];

// keep keeps a draft on this machine, if it lets us.
function keep() {
  count();
  try { localStorage.setItem(key, JSON.stringify({order: sections().map(s => form.parts.indexOf(s.form)), typed: cells.map(c => c.input.value)})); } catch { /* it does not */ }
}

function restore() {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (!draft || draft.typed.length !== cells.length) return;
    if (form.free) draft.order.forEach(i => $("app").append(sections().find(s => s.form === form.parts[i])));
    cells.forEach((c, i) => { c.input.value = draft.typed[i]; judge(c); });
  } catch { /* there is no draft, or it is not ours */ }
}

function count() {
  const of = cells.filter(c => c.b.in !== "head");
  $("count").textContent = of.filter(c => c.input.value.trim() !== "").length + " of " + of.length + " cells filled in";
}

// unused reports whether a form of an empty worksheet was left alone: nobody sends it.
const unused = part => form.free && cells.some(c => c.part === part && c.b.k === "node" && c.b.in === "message" && valueOf(c) === "");

// sheet puts what was typed between the pieces.
function sheet() {
  const write = part => part.text.map((text, n) => text + (n < part.blanks.length ? valueOf(cells.find(c => c.part === part && c.n === n)) : "")).join("");
  return write(form.parts[0]) + sections().filter(s => !unused(s.form)).map(s => write(s.form)).join("");
}

function save() {
  const wrong = cells.find(c => valueOf(c) === null);
  if (wrong) {
    $("said").textContent = wrong.where + " should be " + says[wrong.b.k] + ".";
    $("said").className = "bad";
    goto(wrong);
    return;
  }
  const who = cells.find(c => c.b.f === "student"), name = (who && who.input.value || form.title).normalize("NFKD").replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "");
  const at = URL.createObjectURL(new Blob([sheet()], {type: "application/yaml"}));
  el("a", {href: at, download: (name || "sheet") + ".yaml"}).click();
  setTimeout(() => URL.revokeObjectURL(at), 60000);
  $("said").textContent = "Saved. On a machine that others use, clear the draft.";
  $("said").className = "";
  $("clear").hidden = false;
}

$("save").addEventListener("click", save);
$("clear").addEventListener("click", () => {
  for (const c of cells) { c.input.value = ""; judge(c); }
  try { localStorage.removeItem(key); } catch { /* there was none */ }
  count();
  $("clear").hidden = true;
  $("said").textContent = "Cleared.";
  cells[0].input.focus();
});

const names = {title: "title", student: "name"};
$("head").append(el("dl", null, ...(form.variant ? field("variant", bdi(form.variant)) : []), ...form.parts[0].blanks.flatMap((b, n) => field(names[b.f] || b.f, cell(form.parts[0], n)))));
if (form.start.length > 0) {
  $("start").append(el("section", null, el("h2", {text: "Before the first step"}), el("dl", null, ...form.start.flatMap(([name, state]) => field("node " + name, bdi(state))))));
}
$("app").replaceChildren(...form.parts.slice(1).map(section));
restore();
count();
})();
