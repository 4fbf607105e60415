// A sheet to fill in. The page knows none of the answers: what is typed goes between
// the pieces of the sheet, and the whole is saved as a file.
(() => {
form = written;
cells = [];
const key = "raftsheet " + form.id; // of the draft

const valueOf = c => c.input.value.trim() === "" ? "" : values[c.b.k](c.input.value.trim());
const make = (part, n) => cell(part, n, {onbeforeinput: e => spell(e, fill), oninput: changed, onkeydown: pressed});

function changed(e) {
  fill(e.target.cell, e.target.value);
  answer(e, fill);
}

// fill has a cell say something.
function fill(c, text) {
  if (c.input.value !== text) c.input.value = text;
  judge(c, valueOf(c));
  sure = false;
  keep();
}

function pressed(e) {
  if (move(e) || e.key !== "Enter" || e.ctrlKey || e.altKey || e.metaKey) return;
  step(e.target.cell, e.shiftKey ? -1 : 1);
  e.preventDefault();
}

// ---- The page ---------------------------------------------------------------------

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

// before is what is told of the sheet and its nodes before the first step.
function before() {
  const facts = form.facts.map(([name, value]) => field(name, bdi(value)));
  $("start").append(facts.length > 0 ? el("dl", null, ...facts) : "", form.how ? el("p", {text: form.how}) : "",
    ...form.start.map(s => el("section", null, el("h2", {text: "Raft State before the first step"}),
      el("dl", null, ...s.fields.map(([name, value]) => field(name, bdi(value)))), el("div", {class: "beside"}, ...s.tables.map(t => table(t.caption, t.columns, t.rows))))));
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
    cells.forEach((c, i) => { c.input.value = draft.typed[i]; judge(c, valueOf(c)); });
  } catch { /* there is no draft, or it is not ours */ }
}

const asked = () => cells.filter(c => c.b.in !== "head");
const filled = () => asked().filter(c => c.input.value.trim() !== "").length;

function count() { $("count").textContent = filled() + " of " + asked().length + " cells filled in"; }

// unused reports whether a form of an empty worksheet was left alone: nobody sends it.
const unused = part => form.free && cells.some(c => c.part === part && c.b.k === "node" && c.b.in === "message" && valueOf(c) === "");

// sheet puts what was typed between the pieces.
function sheet() {
  const write = part => part.text.map((text, n) => text + (n < part.blanks.length ? valueOf(cells.find(c => c.part === part && c.n === n)) : "")).join("");
  return write(form.parts[0]) + sections().filter(s => !unused(s.form)).map(s => write(s.form)).join("");
}

function tell(text, bad) {
  $("said").textContent = text;
  $("said").className = bad ? "bad" : "";
}

// save saves the sheet, if all of it can be read. Where the name is missing, or all of
// the answers, it asks first.
let sure = false; // that was asked
function save() {
  const wrong = cells.filter(c => valueOf(c) === null), who = cells.find(c => c.b.f === "student" && c.b.in === "head");
  if (wrong.length > 0) {
    goto(wrong[0]);
    return tell((wrong.length > 1 ? wrong.length + " cells cannot be read; they are marked. The first: " : "") + wrong[0].where + " should be " + says(wrong[0].b.k) + ".", true);
  }
  const lacks = [who && who.input.value.trim() === "" && "Your name is missing", filled() === 0 && "No cell is filled in"].filter(x => x);
  if (lacks.length > 0 && !sure) {
    if (who && who.input.value.trim() === "") goto(who);
    sure = true;
    return tell(lacks.join(". ") + ". To save the sheet so, press Save again.", true);
  }
  download(who && who.input.value || form.title, sheet());
  tell("Saved. On a machine that others use, clear the draft.");
  $("clear").hidden = false;
}

$("save").addEventListener("click", save);
$("clear").addEventListener("click", () => {
  for (const c of cells) { c.input.value = ""; judge(c, ""); }
  try { localStorage.removeItem(key); } catch { /* there was none */ }
  count();
  $("clear").hidden = true;
  sure = false;
  tell("Cleared.");
  cells[0].input.focus();
});

const names = {title: "title", student: "name"};
$("head").append(el("dl", null, form.variant && field("variant", bdi(form.variant)), ...form.parts[0].blanks.map((b, n) => field(names[b.f] || b.f, make(form.parts[0], n)))));
before();
$("app").replaceChildren(...form.parts.slice(1).map(part => section(part, make, form.free ? moves() : [])));
restore();
count();
})();
