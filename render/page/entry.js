// A pile of paper sheets is typed in. What belongs in a cell stands there faintly, and
// only what differs is typed.
(() => {
const key = "raftsheet entry " + written.id; // of the drafts
const several = written.forms.length > 1;

const fresh = () => written.students.map(s => ({...s, typed: {}, done: false}));
let sheets = fresh();
let now = null;      // the sheet that is open
let sure = null;     // one on which nothing differs, which its marker was asked about
let finished = [];   // the last ones, for undo
let kept = true;     // this machine keeps drafts
let changed = false; // since they were saved

// ---- Forms ------------------------------------------------------------------------

const boards = written.forms.map(f => ({form: f}));

// lay lays out the form of a variant, whose cells those of the page are from then on.
function lay(n) {
  const b = boards[n];
  form = b.form;
  if (!b.cells) {
    cells = b.cells = [];
    b.sections = form.parts.slice(1).filter(p => p.blanks.some(blank => blank.r !== undefined)).map(part => section(part, make, []));
    Object.assign(b, cut());
  }
  ({cells, pieces, holes} = b);
  return b;
}

// again lays out the form of the open sheet, after one of another sheet.
const again = () => { if (now && now.form >= 0) lay(now.form); };

// vary has the open sheet be of another variant.
function vary() {
  const n = Number($("variant").value);
  if (differ(now) > 0 || now.done) {
    $("variant").value = now.form;
    return say("Something is typed on this sheet already: take that back first.", true);
  }
  now.form = n;
  changed = true;
  show();
  keep();
}

// show shows the form of the open sheet, if it is known which it has.
function show() {
  $("variant").value = now.form < 0 ? "" : now.form;
  $("app").hidden = now.form < 0;
  $("app").replaceChildren(...now.form < 0 ? [] : lay(now.form).sections);
  if (now.form >= 0) cells.forEach(settle);
}

const differ = s => Object.keys(s.typed).length;
const begun = s => !s.done && differ(s) > 0;
const counted = (n, one, many) => n + " " + (n === 1 ? one : many);

// ---- Cells ------------------------------------------------------------------------

// make gives the input of a cell that is scored.
function make(part, n) {
  const b = part.blanks[n];
  if (b.r === undefined) return b.in === "row" ? null : el("span", {class: "soft", text: "not scored"});
  const right = shown(b.k, b.r);
  return cell(part, n, {placeholder: right, "aria-label": whereOf(part, b) + "; right is " + right, onbeforeinput: e => spell(e, fill), oninput: typing, onblur: e => settle(e.target.cell), onkeydown: pressed});
}

// put has a cell of the open sheet say something. What is right is not kept.
function put(c, text) {
  const i = cells.indexOf(c), value = values[c.b.k](text);
  if (text === "" || value !== null && value === values[c.b.k](shown(c.b.k, c.b.r))) delete now.typed[i];
  else now.typed[i] = text;
  now.done = false;
  changed = true;
  sure = null;
  say("");
  look(i);
  list(now);
  total();
  keep();
}

// look has a cell look like what is in it.
function look(i) {
  const value = valueOf(now, i);
  judge(cells[i], value);
  cells[i].input.classList.toggle("differs", i in now.typed);
}

// settle writes into a cell what is in it on the open sheet. One that goes with its form
// loses the focus, too.
function settle(c) {
  const i = cells.indexOf(c);
  if (now && i >= 0) { c.input.value = now.typed[i] || ""; look(i); }
}

function typing(e) {
  const c = e.target.cell, text = c.input.value.trim();
  if (c.input.value !== "" && text === "") { // a space
    fill(c, left);
    return step(c, 1);
  }
  put(c, text);
  answer(e, fill);
}

// fill puts a text into a cell, and has it show that.
function fill(c, text) {
  put(c, text);
  settle(c);
}

// edit writes into a cell what is right, to be changed.
function edit(c) {
  if (c.input.value === "") c.input.value = c.input.placeholder;
  c.input.setSelectionRange(c.input.value.length, c.input.value.length);
}

// rest leaves the cells of a form blank from one on, as it shows them, and goes to the
// next form.
function rest(c) {
  const all = inOrder();
  for (const d of all.slice(all.indexOf(c))) if (d.part === c.part) fill(d, left);
  page(c, 1);
}

// page goes to the first cell of the next form, or of one before.
function page(c, by) {
  const all = [...new Set(cells.map(d => d.part))], part = all[all.indexOf(c.part) + by];
  if (part) goto(cells.find(d => d.part === part));
}

// A key of one letter is a command where it can be no answer.
const goes = () => !form.nodes.some(n => n.startsWith("g"));

function pressed(e) {
  const c = e.target.cell;
  if (e.ctrlKey || e.altKey || e.metaKey || move(e)) return;
  const all = c.input.selectionEnd - c.input.selectionStart === c.input.value.length;
  const mine = /^[1-9]$/.test(e.key) && c.b.k === "answer" && cells.find(d => d.part === c.part && d.b.k === "answer" && d.b.n === Number(e.key));
  if (e.key === "Enter") {
    if (!e.repeat) e.shiftKey ? undo() : finish();
  } else if (e.key === "Escape") find();
  else if (e.key === "PageDown" || e.key === "PageUp") page(c, e.key === "PageDown" ? 1 : -1);
  else if (e.key === " " && e.shiftKey) rest(c);
  else if (e.key === "g" && all && goes()) $("goto").focus();
  else if (e.key === "F2") edit(c);
  else if (mine) goto(mine);
  else return;
  e.preventDefault();
}

// ---- Students ---------------------------------------------------------------------

function say(text, bad) {
  $("said").textContent = text;
  $("said").className = bad ? "bad" : "";
}

function open(s) {
  const was = now;
  now = s;
  sure = null;
  $("tools").hidden = false;
  $("who").replaceChildren(bdi(s.name), " ", el("span", {class: "soft"}, bdi(s.more)));
  show();
  if (was) list(was);
  list(s);
  total();
  keep();
  s.button.scrollIntoView({block: "nearest"});
  if (s.form < 0) $("variant").focus();
  else goto(cells[0]);
}

// finish has the open sheet done, and opens the next one.
function finish() {
  if (now.form < 0) return say("Say first which variant this sheet is of.", true);
  const wrong = cells.findIndex((_, i) => valueOf(now, i) === null);
  if (wrong >= 0) {
    say(cells[wrong].where + " should be " + says(cells[wrong].b.k) + "; or blank, if it was left so, or ? if nobody can read it.", true);
    return goto(cells[wrong]);
  }
  if (differ(now) === 0 && !now.done && sure !== now) {
    sure = now;
    return say("Nothing is typed on this sheet. If all of it is right, press Enter once more.");
  }
  const was = now, next = following();
  was.done = true;
  changed = true;
  finished.push(was);
  open(next || was);
  say(was.name + " is done: " + counted(differ(was), "cell differs", "cells differ") + ". " + (next ? "Now " + next.name + "." : "All are done: save the sheets."));
}

// undo takes the last finish back: that of the open sheet, or of the one before it.
function undo() {
  const s = now && now.done ? now : finished.pop();
  if (!s) return say("Nothing has been finished yet.");
  s.done = false;
  changed = true;
  open(s);
  say(s.name + " is not done any more.");
}

// following gives the next sheet that is not done, in the order of the list.
function following() {
  const at = sheets.indexOf(now) + 1;
  return [...sheets.slice(at), ...sheets.slice(0, at)].find(s => !s.done && s !== now);
}

const stateOf = s => s.done || begun(s) ? (s.done ? "done" : "begun") + ", " + counted(differ(s), "differs", "differ") : "not handed in";

// list shows a sheet in the list.
function list(s) {
  if (!s.button) {
    s.button = el("button", {onclick: () => open(s)});
    $("students").append(el("li", null, s.button));
  }
  s.button.replaceChildren(bdi(s.name), el("span", {class: "soft"}, bdi(s.more)), el("span", {class: s.done ? "state done" : "state", text: stateOf(s)}));
  s.button.setAttribute("aria-current", s === now);
}

function total() {
  $("count").textContent = sheets.filter(x => x.done).length + " of " + sheets.length + " done, " + sheets.filter(begun).length + " begun";
  if (now) $("differ").textContent = stateOf(now);
  $("save").disabled = !sheets.some(x => x.done || begun(x));
  if (changed) $("clear").hidden = true;
}

// fold makes of a name what it is looked for by.
const fold = s => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const fits = s => fold($("find").value).split(/\s+/).every(word => fold([s.name, s.more, s.mail, s.who].join(" ")).includes(word));

function find() {
  $("find").value = "";
  narrow();
  $("find").focus();
}

// narrow leaves those in the list whom the text that is looked for fits.
function narrow() {
  const some = sheets.filter(fits), text = $("find").value.trim();
  for (const s of sheets) s.button.parentNode.hidden = !some.includes(s);
  $("add").hidden = text === "" || sheets.some(s => fold(s.name) === fold(text) || s.who === text);
  $("add").replaceChildren("Add a sheet of ", bdi(text));
  return some;
}

// finding opens the next sheet, or the first one that fits.
function finding(e) {
  if (e.key === "Escape") {
    find();
    if (now) goto(cells[0]);
  } else if (e.key === "ArrowDown") $("students").querySelector("li:not([hidden]) button")?.focus();
  else if (e.key === "Enter") {
    const some = narrow(), s = $("find").value.trim() === "" ? following() : some.find(x => !x.done) || some[0];
    if (s) choose(s);
    else if (!$("add").hidden) $("add").focus();
    else say("All are done.");
  } else return;
  e.preventDefault();
}

function choose(s) {
  $("find").value = "";
  narrow();
  open(s);
  say("Now " + s.name + ": " + stateOf(s) + ".");
}

// add adds a sheet of somebody who is not in the roster.
function add(who) {
  const s = {who, name: who, more: "added", mail: "", added: true, form: several ? -1 : 0, typed: {}, done: false};
  sheets.push(s);
  changed = true;
  list(s);
  total();
  return s;
}

// along has the arrows move in the list.
function along(e) {
  const all = [...$("students").querySelectorAll("li:not([hidden]) button")], at = all.indexOf(document.activeElement);
  if (e.key === "ArrowDown" || e.key === "ArrowUp") (all[at + (e.key === "ArrowDown" ? 1 : -1)] || $("find")).focus();
  else if (e.key === "Escape") find();
  else return;
  e.preventDefault();
}

// question goes to the form whose number was typed.
function question(e) {
  if (e.key === "Escape") goto(cells[0]);
  else if (e.key === "Enter") {
    const id = fold($("goto").value.trim()), c = cells.find(d => fold(d.part.id) === id) || cells.find(d => fold(d.part.id).startsWith(id));
    if (c) { $("goto").value = ""; goto(c); } else say("No question that asks for something is called " + $("goto").value + ".", true);
  } else return;
  e.preventDefault();
}

// ---- Drafts -----------------------------------------------------------------------

// keep keeps the drafts on this machine, if it lets us.
function keep() {
  const all = sheets.filter(s => s.done || s.added || begun(s)).map(s => ({who: s.who, added: s.added, form: s.form, typed: s.typed, done: s.done}));
  try { localStorage.setItem(key, JSON.stringify({all, now: now && now.who})); } catch {
    if (kept) say("This browser keeps no drafts: save before you close the page.", true);
    kept = false;
  }
}

function restore() {
  sheets.forEach(list);
  let was = null;
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft) draft.all.forEach(d => Object.assign(sheetOf(d.who), d));
    changed = draft !== null;
    was = draft && sheets.find(s => s.who === draft.now);
  } catch { /* there is none, or it is not ours */ }
  sheets.forEach(list);
  total();
  $("how").open = !was;
  if (was) open(was);
  else {
    find();
    say(sheets.length > 0 ? "Type a part of the student's name or id, then Enter; Enter alone opens the next one." : "Type the student's name or id, then Enter.");
  }
}

const sheetOf = who => sheets.find(s => s.who === who) || add(who);

// ---- Files ------------------------------------------------------------------------

const begins = "# begun, and not finished:\n";

function save() {
  const done = sheets.filter(s => s.done), unfinished = sheets.filter(begun), missing = sheets.filter(s => !s.done && !begun(s));
  const text = s => { lay(s.form); return documentOf(s); };
  const head = ["# Sheets that were typed in from paper: " + oneLine(written.title), "# Mark them with raftsheet grade --key KEY --entered FILE --roster ROSTER",
    "# " + done.length + " of " + sheets.length + " students; not handed in:" + (missing.length > 0 ? "" : " none"), ...missing.map(s => "# - " + student(s)), ""].join("\n");
  download("entered " + written.title, head + unfinished.map(s => begins + text(s).trimEnd().replace(/^/gm, "#   ") + "\n").join("") + done.map(s => "---\n" + text(s)).join(""));
  again();
  changed = false;
  $("clear").hidden = false;
  say(counted(done.length, "sheet is", "sheets are") + " saved." + (unfinished.length > 0 ? " " + unfinished.length + " begun and not finished: kept in the file, but not marked." : "") + " On a machine that others use, clear the drafts.");
}

// takeUp takes up a file that was saved. What is here already is kept, unless it was
// only begun.
function takeUp(name, text) {
  const [head, ...documents] = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").split(/^---$\n?/m);
  const uncommented = lines => lines.split("\n").filter(l => l.startsWith("#   ")).map(l => l.slice(4) + "\n").join("");
  const all = [...documents.map(d => [d, true]), ...head.split(begins).slice(1).map(lines => [uncommented(lines), false])];
  let took = 0;
  const bad = [], other = [];
  all.forEach(([d, done], n) => {
    const is = ofSome(d), s = is && sheetOf(is.who);
    const same = s && s.done === done && s.form === is.form && JSON.stringify(s.typed) === JSON.stringify(is.typed);
    if (!is) bad.push(n + 1);
    else if (s.done && !same || begun(s) && !done) other.push(s.name);
    else if (!same) { Object.assign(s, {form: is.form, typed: is.typed, done}); took++; }
  });
  changed = changed || took > 0;
  sheets.forEach(list);
  total();
  if (now) show();
  keep();
  say(name + ": " + counted(took, "sheet", "sheets") + " taken up." + (other.length > 0 ? " Here already, and kept as here: " + other.join(", ") + "." : "") +
    (bad.length > 0 ? " Not as this page writes it, and left out: document " + bad.join(", ") + "." : ""), bad.length + other.length > 0);
}

// ofSome reads a document of any variant.
function ofSome(text) {
  for (let n = 0; n < boards.length; n++) {
    lay(n);
    const is = taken(text);
    if (is) return {...is, form: n};
  }
  return null;
}

function clear() {
  sheets = fresh();
  now = null;
  finished = [];
  changed = false;
  $("students").replaceChildren();
  $("tools").hidden = $("app").hidden = true;
  try { localStorage.removeItem(key); } catch { /* there was none */ }
  sheets.forEach(list);
  total();
  $("clear").hidden = true;
  find();
  say("Cleared.");
}

// ---- The page ---------------------------------------------------------------------

$("app").replaceChildren(...lay(0).sections);
$("variants").hidden = !several;
$("variant").append(el("option", {value: "", text: "?", disabled: true}), ...written.forms.map((f, n) => el("option", {value: n, text: f.variant})));
$("variant").addEventListener("change", vary);
$("variant").addEventListener("keydown", e => { if (e.key === "Enter") { e.preventDefault(); goto(cells[0]); } });
$("find").addEventListener("input", narrow);
$("find").addEventListener("keydown", finding);
$("students").addEventListener("keydown", along);
$("add").addEventListener("click", () => choose(add($("find").value.trim())));
$("goto").addEventListener("keydown", question);
$("done").addEventListener("click", finish);
$("undo").addEventListener("click", undo);
$("save").addEventListener("click", save);
$("open").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async e => {
  const f = e.target.files[0];
  if (f) takeUp(f.name, await f.text());
  e.target.value = "";
});
$("clear").addEventListener("click", clear);
window.addEventListener("storage", e => { if (e.key === key) say("This page is open in another window too; close one of the two, or they overwrite each other's drafts.", true); });
window.addEventListener("beforeunload", e => { if (!kept && changed) e.preventDefault(); });
restore();
})();
