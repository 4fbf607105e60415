// The cells of a sheet: how what is typed becomes a value of the format, how a form is
// shown, and how the arrows move. A page knows nothing of Raft.

let form, cells; // what is shown, and its inputs

// ---- Values -----------------------------------------------------------------------

const plain = /^[A-Za-z0-9_]+$/;
const hidden = /[\u007f-\u00a0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const quoted = s => JSON.stringify(s).replace(hidden, c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
const number = s => /^(0|[1-9][0-9]{0,14})$/.test(s) ? s : null;
const none = s => s === "-" || s.toLowerCase() === "none";
const empty = brackets => s => none(s) || s.replace(/\s/g, "") === brackets;
const node = s => none(s) ? "none" : form.nodes.includes(s) ? (plain.test(s) ? s : quoted(s)) : null;

// each reads words such as 1:x 2:y, cut at their first or last colon, and gives them
// in brackets, in which they may be typed; null if one is not so. A word may hold spaces
// in quotes: 1:"x y".
function each(s, brackets, at, one) {
  if (s[0] === brackets[0] && s.endsWith(brackets[1])) s = s.slice(1, -1).replace(/("[^"]*")|:\s+/g, (_, quote) => quote || ":");
  const words = (s.match(/(?:"[^"]*"|[^\s,])+/g) || []).map(w => {
    const colon = at === "last" ? w.lastIndexOf(":") : w.indexOf(":");
    return colon < 0 ? one(w, null) : one(w.slice(0, colon), w.slice(colon + 1));
  });
  return words.includes(null) ? null : brackets[0] + words.join(", ") + brackets[1];
}
const bare = s => /^"[^"]*"$/.test(s) ? s.slice(1, -1) : s;

// values make what is typed a value of the format: null if it is not one.
const values = {
  answer: s => ({y: "ok", yes: "ok", ok: "ok", true: "ok", n: "no", no: "no", false: "no"})[s.toLowerCase()] || (none(s) ? "none" : null),
  number, node,
  role: s => ["follower", "candidate", "leader"].find(r => r.startsWith(s.toLowerCase())) || null,
  log: s => empty("[]")(s) ? "[]" : each(s, "[]", "first", (term, value) => number(term) === null ? null : value === null ? term : quoted(term + ":" + bare(value))),
  votes: s => empty("{}")(s) ? "{}" : each(s, "{}", "first", (term, who) => number(term) === null || who === null || node(who) === null ? null : term + ": " + node(who)),
  indexes: s => empty("{}")(s) ? "{}" : each(s, "{}", "last", (who, index) => node(who) === null || none(who) || index === null || number(index) === null ? null : node(who) + ": " + index),
  snapshot: s => none(s) ? "none" : s.split(":").length !== 2 || s.split(":").some(n => number(n) === null) ? null : "{lastIncludedIndex: " + s.replace(":", ", lastIncludedTerm: ") + "}",
  text: quoted,
};
const says = kind => ({answer: "ok, no or none", number: "a number", node: "one of the nodes " + form.nodes.join(", ") + ", or none", role: "follower, candidate or leader",
  log: "entries such as 1:x 2:y, or [] for none", votes: "terms with their votes, such as 1:3 2:none", indexes: "nodes with their index, such as 2:4 3:1",
  snapshot: "the last index and its term, such as 100:3, or - for none"})[kind];

// ---- Cells ------------------------------------------------------------------------

const whereOf = (part, b) => (part.id ? part.id + ", " : "") + (b.n ? (b.in === "row" ? "answer of node " : "node ") + form.nodes[b.n - 1] + ": " : "") + b.f;

// cell makes the input of a blank.
function cell(part, n, attributes) {
  const b = part.blanks[n], where = whereOf(part, b);
  const input = el("input", {"aria-label": where, autocomplete: "off", autocapitalize: "off", spellcheck: "false", "data-kind": b.k, ...attributes});
  const c = {part, n, b, input, where};
  input.cell = c;
  cells.push(c);
  return input;
}

// judge marks a cell whose value is null.
function judge(c, value) {
  c.input.setAttribute("aria-invalid", value === null);
  c.input.title = value === null ? "This is " + says(c.b.k) + "." : "";
}

// The cells in the order in which the page shows them.
const inOrder = () => [...document.querySelectorAll("input[data-kind]")].map(input => input.cell);

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

// move has the arrows move: left and right out of a cell once its text ends there. It
// reports whether the key was an arrow that did.
function move(e) {
  const c = e.target.cell, at = c.input.selectionStart, all = c.input.selectionEnd - at === c.input.value.length;
  if (e.ctrlKey || e.altKey || e.metaKey) return false;
  if (e.key === "ArrowRight" && (all || at === c.input.value.length)) step(c, 1);
  else if (e.key === "ArrowLeft" && (all || at === 0)) step(c, -1);
  else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    const by = e.key === "ArrowDown" ? 1 : -1;
    goto(below(c, by) || inOrder()[inOrder().indexOf(c) + by]);
  } else return false;
  e.preventDefault();
  return true;
}

// ---- Answers ----------------------------------------------------------------------

// One key is an answer, y, n or -, and the next cell is at hand. Whoever types the word
// goes on typing there: what follows completes the answer before, and leaves no letter.
// An answer typed so is its cell, what was there before, the letters of it, where the
// next ones are typed, and the answer before it if the two were typed in one go.
let spelt = null;

// began reports whether a value of a cell may begin with a letter, so that it is not the
// rest of an answer.
function began(c, letter) {
  const words = {role: ["follower", "candidate", "leader"], node: ["none", ...form.nodes], indexes: ["none", ...form.nodes], log: ["none"], votes: ["none"], snapshot: ["none"]}[c.b.k] || [];
  return c.b.k === "text" || words.some(w => w.toLowerCase().startsWith(letter));
}

// spell takes a letter that is about to be typed for the rest of an answer, if it is one.
// The function fill has a cell say something.
function spell(e, fill) {
  const c = e.target.cell, letter = (e.data || "").toLowerCase(), s = spelt && spelt.at === c ? spelt : null;
  c.was = c.input.value;
  if (!s || e.inputType !== "insertText") return;
  const here = c.b.k === "answer", word = s.letters + letter;
  if (["no", "ye", "yes"].includes(word) && !began(c, letter)) s.letters = word;
  else if (word === "non" && !here) { // perhaps of none
    s.letters = word;
    if (began(c, letter)) return;
  } else if (word === "none" && c !== s.c) {
    fill(s.c, "-");
    if (c.input.value !== s.next) fill(c, s.next);
    goto(c);
    spelt = null;
  } else if (word === "ne" && s.before) { // the n was of none, too
    fill(s.before.c, "-");
    if (s.c !== s.before.c) fill(s.c, s.was);
    goto(s.c);
    spelt = null;
  } else if (word === "nok" && here) { // no, and then ok
    fill(c, "ok");
    onward(c, "ok");
  } else return;
  e.preventDefault();
}

// answer takes what was typed into a cell for an answer, if it is one, and goes on.
function answer(e, fill) {
  const c = e.target.cell, text = c.input.value.trim(), value = c.b.k === "answer" && values.answer(text);
  if (!value || (e.inputType || "").startsWith("delete")) return;
  fill(c, value === "none" ? "-" : value);
  onward(c, text.toLowerCase());
}

// onward goes on from a cell of which these letters were typed.
function onward(c, letters) {
  const s = spelt && spelt.at === c && spelt.letters === "no" ? {...spelt, before: null} : null;
  step(c, 1);
  const at = document.activeElement.cell;
  if (at === c) goto(c); // the last one
  spelt = {c, was: c.was, letters, at, next: at.input.value, before: s};
}

document.addEventListener("pointerdown", () => { spelt = null; });
document.addEventListener("keydown", e => { if (/^(Enter|Tab|Escape|Backspace|Delete|Home|End|Arrow|Page)/.test(e.key)) spelt = null; }, true);

// ---- Forms ------------------------------------------------------------------------

const field = (name, inside) => el("div", null, el("dt", {text: name}), el("dd", null, inside));

// section shows a step, with its cells in the order of the sheet. make gives what is
// shown of the nth blank, and buttons stand beside the heading.
function section(part, make, buttons) {
  const inputs = part.blanks.map((_, n) => make(part, n));
  const of = is => part.blanks.map((b, n) => [b, inputs[n]]).filter(([b]) => is(b));
  const fields = [...part.given.map(([name, value]) => field(name, bdi(value))), ...of(b => b.in === "message").map(([b, i]) => field(b.f, i))];
  const states = [...new Set(of(b => b.in === "state").map(([b]) => b.n))];
  const s = el("section", null, el("h2", null, bdi(part.id), " ", el("span", {class: "soft"}, bdi(part.head), part.worth && ", " + part.worth), ...buttons),
    part.note && el("p", {class: "soft"}, bdi(part.note)), fields.length > 0 && el("dl", null, ...fields),
    part.row && row(part, of), ...states.flatMap(n => [el("h3", null, "Raft State of node ", bdi(form.nodes[n - 1]), part.id && el("span", {class: "soft"}, " after step ", bdi(part.id))),
      el("dl", null, ...of(b => b.in === "state" && b.n === n).map(([b, i]) => field(b.f, i)))]));
  s.form = part;
  return s;
}

// row is the response row: a line for each field that is asked of somebody.
function row(part, of) {
  const asked = of(b => b.in === "row"), names = [...new Set(["ok", ...asked.map(([b]) => b.f)])];
  return table("Response", ["id", ...form.nodes], names.map(f => [f, ...form.nodes.map((_, i) => {
    const mine = asked.find(([b]) => b.n === i + 1 && b.f === f), given = f === "ok" ? part.row[i] : "";
    return mine ? mine[1] : given || null;
  })]));
}

// table is a table whose first column names its rows; what is null is shaded.
function table(caption, columns, rows) {
  return el("div", {class: "scroll"}, el("table", null, el("caption", {text: caption}),
    el("thead", null, el("tr", null, ...columns.map(c => el("th", {scope: "col"}, bdi(c))))),
    el("tbody", null, ...rows.map(([name, ...rest]) => el("tr", null, el("th", {scope: "row"}, bdi(name)),
      ...rest.map(x => el("td", {class: x === null && "shaded"}, typeof x === "string" ? bdi(x) : x)))))));
}

// ---- Files ------------------------------------------------------------------------

// download gives a file to whoever uses the page.
function download(name, text) {
  const at = URL.createObjectURL(new Blob([text], {type: "application/yaml"}));
  el("a", {href: at, download: (name.normalize("NFKD").replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "") || "sheet") + ".yaml"}).click();
  setTimeout(() => URL.revokeObjectURL(at), 60000);
}
