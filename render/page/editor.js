// The editor: a plain text area, so that keys, screen readers, phones and undo work as
// everywhere. Under it lies a layer with the same letters at the same places, in which
// problems are underlined. Lines and columns count from 1, columns in characters.
const editor = (() => {
const box = $("text"), under = $("under").firstElementChild, gutter = $("gutter").firstElementChild;
const out = {changed() {}, moved() {}, key() { return false; }};

// ---- Text and places --------------------------------------------------------------

let text = "", starts = [0]; // where each line starts

function read() {
  text = box.value;
  starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
}

const lineText = line => text.slice(starts[line - 1], line < starts.length ? starts[line] - 1 : text.length);

// placeOf gives the line and column of an offset.
function placeOf(offset) {
  let lo = 0, hi = starts.length - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (starts[mid] <= offset) lo = mid; else hi = mid - 1;
  }
  return {line: lo + 1, column: [...text.slice(starts[lo], offset)].length + 1};
}

// inLine gives how far into its line a column is, in the units of a string.
function inLine(s, column) {
  let at = 0;
  for (let i = 1; i < column && at < s.length; i++) at += s.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

const offsetOf = (line, column) => line > starts.length ? text.length : starts[line - 1] + inLine(lineText(line), column);

// ---- What lies under it -----------------------------------------------------------

let problems = [], band = null; // band: the lines of the step that is shown
let high = 0;
const height = () => high = high || parseFloat(getComputedStyle(box).lineHeight);

function row(line, className, ...inside) {
  const e = el("div", {class: "line " + className}, ...inside);
  e.style.top = (line - 1) * height() + "px";
  return e;
}

// shift moves what lies behind the caret by the lines that have come or gone there, until
// it is found anew.
function shift(more) {
  const line = caret().line - Math.max(more, 0);
  if (more !== 0) problems = problems.map(p => p.line > line ? {...p, line: p.line + more, endLine: p.endLine + more} : p);
}

// underlined is a line with a problem underlined: at least one character of it.
function underlined(p) {
  const s = lineText(p.line), from = inLine(s, p.column);
  const to = p.endLine > p.line ? s.length : Math.max(inLine(s, p.endColumn), from + 1);
  return row(p.line, p.severity, s.slice(0, from), el("mark", {text: s.slice(from, to) || "\u00a0"}));
}

// draw draws what is in sight.
function draw() {
  const first = Math.floor(box.scrollTop / height()) + 1, last = Math.min(starts.length, first + Math.ceil(box.clientHeight / height()) + 1);
  const rows = [];
  if (band && band.from <= last && band.to >= first) {
    const e = row(band.from, "band");
    e.style.height = (band.to - band.from + 1) * height() + "px";
    rows.push(e);
  }
  for (const p of problems) if (p.line >= first && p.line <= last) rows.push(underlined(p));
  under.replaceChildren(...rows);
  const wrong = new Set(problems.map(p => p.line));
  gutter.replaceChildren(...Array.from({length: Math.max(last - first + 1, 0)}, (_, i) => row(first + i, wrong.has(first + i) ? "bad" : "", String(first + i))));
  slide();
}

function slide() {
  under.style.transform = "translate(" + -box.scrollLeft + "px," + -box.scrollTop + "px)";
  gutter.style.transform = "translateY(" + -box.scrollTop + "px)";
}

let drawn = 0;
box.addEventListener("scroll", () => { slide(); cancelAnimationFrame(drawn); drawn = requestAnimationFrame(draw); offers.close(); tip.hidden = true; });
new ResizeObserver(() => { high = 0; draw(); }).observe(box);

// ---- The caret --------------------------------------------------------------------

const caret = () => placeOf(box.selectionStart);

// spot is where a place is on the page, from the editor's corner.
function spot(line, column) {
  const ruler = row(line, "ruler", lineText(line).slice(0, inLine(lineText(line), column)));
  under.append(ruler);
  const at = {left: box.offsetLeft + ruler.getBoundingClientRect().width - box.scrollLeft + parseFloat(getComputedStyle(box).paddingLeft),
    top: box.offsetTop + line * height() - box.scrollTop + parseFloat(getComputedStyle(box).paddingTop)};
  ruler.remove();
  return at;
}

// goto puts the caret at a place, and the place in sight.
function goto(line, column, focus) {
  const at = offsetOf(line, column);
  if (focus) box.focus({preventScroll: false});
  box.setSelectionRange(at, at);
  const top = (line - 1) * height();
  if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 2 * height()) box.scrollTop = Math.max(0, top - box.clientHeight / 3);
  const left = spot(line, column).left - box.offsetLeft;
  if (left < 0 || left > box.clientWidth) box.scrollLeft = Math.max(0, box.scrollLeft + left - box.clientWidth / 2);
}

// The browser inserts lines as if each were typed, which takes it the square of their
// number. More than these are put in place at once, and undo is the editor's own.
const mostLines = 200;
let undo = null; // the text before, and the one that has come

// put writes into the text as if it were typed, so that undo takes it back.
function put(from, to, words) {
  box.focus();
  box.setSelectionRange(from, to);
  if (words.split("\n", mostLines + 1).length <= mostLines && document.execCommand(words === "" ? "delete" : "insertText", false, words)) return;
  const was = text;
  box.setRangeText(words, from, to, "end");
  box.dispatchEvent(new InputEvent("input"));
  undo = {was, now: text};
}

// replace has another text come about by putting in the lines that differ.
function replace(fresh) {
  let from = 0, to = text.length, end = fresh.length;
  while (from < to && from < end && text[from] === fresh[from]) from++;
  while (to > from && end > from && text[to - 1] === fresh[end - 1]) { to--; end--; }
  if (from > 0) from = text.lastIndexOf("\n", from - 1) + 1;
  const line = text.indexOf("\n", to), stop = line < 0 ? text.length : line;
  whole = true;
  put(from, stop, fresh.slice(from, end + stop - to));
  whole = false;
}

// undoes takes back what the browser cannot.
function undoes(e) {
  if (!(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey || e.key !== "z" || undo === null || undo.now !== text) return false;
  const {was} = undo;
  undo = null;
  box.setRangeText(was, 0, text.length, "start");
  box.dispatchEvent(new InputEvent("input"));
  return true;
}

let whole = false; // whether another text is put in place of all
box.addEventListener("input", e => {
  const were = starts.length;
  read();
  shift(starts.length - were);
  out.changed(!whole); // raftsheet checks the text while the browser lays it out
  draw();
  tip.hidden = true;
  if (e.inputType === "insertText" && /^[A-Za-z]$/.test(e.data || "") || e.inputType === "deleteContentBackward" && offers.open()) offers.ask(false);
  else if (e.inputType !== undefined) offers.close();
});
document.addEventListener("selectionchange", () => { if (document.activeElement === box) out.moved(); });

// ---- Completion -------------------------------------------------------------------

const list = $("offers");
const offers = (() => {
  let items = [], where = null, chosen = 0;
  const open = () => !list.hidden;

  function close() {
    list.hidden = true;
    box.removeAttribute("aria-activedescendant");
    box.removeAttribute("aria-controls");
  }

  const most = 8; // that are shown at once
  function choose(n) {
    chosen = (n + items.length) % items.length;
    const from = Math.max(0, Math.min(chosen - most / 2, items.length - most));
    list.replaceChildren(...items.slice(from, from + most).map((item, i) => el("li", {role: "option", id: "offer-" + (from + i), "aria-selected": String(from + i === chosen), "aria-setsize": items.length, "aria-posinset": from + i + 1,
      onmousedown: e => { e.preventDefault(); chosen = from + i; take(); }}, el("b", null, bdi(item.label)), item.detail && el("span", {class: "soft", text: item.detail}))));
    box.setAttribute("aria-activedescendant", "offer-" + chosen);
  }

  // ask asks what may be written at the caret. Whoever types is shown nothing that is
  // there already.
  async function ask(wanted) {
    const at = box.selectionStart, place = placeOf(at), was = text;
    const reply = await out.ask({do: "complete", ...place});
    if (!reply || reply.error || was !== text || at !== box.selectionStart) return;
    const typed = text.slice(offsetOf(reply.line, reply.column), at);
    if (reply.items.length === 0 || !wanted && (typed === "" || reply.items.some(i => i.label === typed))) {
      close();
      if (wanted) out.tell("Nothing is known that may be written here");
      return;
    }
    items = reply.items;
    where = reply;
    list.hidden = false;
    box.setAttribute("aria-controls", "offers");
    choose(0);
    beside(list, reply.line, reply.column);
    out.tell(count(items.length, "completion", "completions"));
  }

  function take() {
    const item = items[chosen];
    close();
    put(offsetOf(where.line, where.column), offsetOf(where.endLine, where.endColumn), item.insert);
  }

  const keys = {ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), Enter: take, Tab: take, Escape: close};
  return {open, close, ask, key: e => open() && !e.shiftKey && !e.ctrlKey && !e.altKey && Object.hasOwn(keys, e.key) && (keys[e.key](), true)};
})();

// beside puts something under a place, within the page.
function beside(e, line, column) {
  const at = spot(line, column), room = $("editor").clientWidth - e.offsetWidth;
  e.style.left = Math.max(0, Math.min(at.left, room)) + "px";
  e.style.top = at.top + "px";
}

// ---- Why --------------------------------------------------------------------------

const tip = $("tip");

// why shows what there is to say of a place, beside it.
async function why(place, spoken) {
  const was = text, reply = await out.ask({do: "hover", ...place});
  if (!reply || reply.error || was !== text) return;
  tip.hidden = reply.head === "";
  if (spoken) out.tell(reply.head === "" ? "There is nothing to say here" : reply.head + ". " + (reply.says || ""));
  if (tip.hidden) return;
  tip.replaceChildren(el("strong", {class: reply.wrong ? "bad" : ""}, bdi(reply.head)), reply.says && el("p", null, bdi(reply.says)));
  beside(tip, reply.line, reply.column);
}

// under the mouse
const pen = document.createElement("canvas").getContext("2d");
let resting = 0;
box.addEventListener("mousemove", e => {
  clearTimeout(resting);
  if (e.buttons) return;
  resting = setTimeout(() => {
    const style = getComputedStyle(box), edge = box.getBoundingClientRect();
    const line = Math.floor((e.clientY - edge.top + box.scrollTop - parseFloat(style.paddingTop)) / height()) + 1;
    if (line > starts.length || line < 1) return;
    pen.font = style.font;
    const letters = [...lineText(line)], x = e.clientX - edge.left + box.scrollLeft - parseFloat(style.paddingLeft);
    let column = 1, wide = 0;
    while (column <= letters.length && (wide += pen.measureText(letters[column - 1]).width) < x) column++;
    if (column <= letters.length) why({line, column}, false); else tip.hidden = true;
  }, 250);
});
box.addEventListener("mouseleave", e => {
  clearTimeout(resting);
  tip.hidden = tip.hidden || !tip.contains(e.relatedTarget); // the mouse may go on to it
});
tip.addEventListener("mouseleave", () => { tip.hidden = true; });
document.addEventListener("keydown", e => { if (e.key === "Escape") tip.hidden = true; });

// ---- Keys -------------------------------------------------------------------------

// newline goes on at the indent of the line, one further in behind a colon or dash.
function newline() {
  const at = box.selectionStart, before = lineText(placeOf(at).line).slice(0, at - starts[placeOf(at).line - 1]);
  const [, indent, dash] = /^( *)(- )?/.exec(before);
  put(at, box.selectionEnd, "\n" + indent + (dash ? "  " : "") + (/:\s*$/.test(before) ? "  " : ""));
}

box.addEventListener("keydown", e => {
  if (e.isComposing) return;
  const plain = !e.ctrlKey && !e.altKey && !e.metaKey;
  if (offers.key(e) || undoes(e)) { /* done */ }
  else if (e.ctrlKey && e.key === " ") offers.ask(true);
  else if (e.altKey && (e.key === "." || e.code === "Period")) why(caret(), true);
  else if (e.key === "Enter" && plain && !e.shiftKey) newline();
  else return;
  e.preventDefault();
});
box.addEventListener("blur", () => offers.close());

return Object.assign(out, {
  text: () => text, caret, goto, lines: () => starts.length,
  // set puts another text in place of all: as if it were typed, or as the first.
  set(fresh, typed) {
    if (typed && fresh !== text) replace(fresh);
    else if (!typed) { box.value = fresh; read(); }
    box.setSelectionRange(0, 0);
    box.scrollTop = 0;
    draw();
  },
  mark(found) { problems = found; draw(); },
  band(range) { band = range; draw(); },
  focus: () => box.focus(),
});
})();
