// The page that steps through a trace. It knows nothing of Raft: Go has made every
// sentence, answered every request and said what each step changes. Here the changes are
// applied, and what there is to say is shown. The page around it is steppage.js, or the
// playground, in which the data change.
const stepper = (() => {
// scroll makes a table that may be wider than the page, for the keyboard too.
const scroll = (label, table) => el("div", {class: "scroll", role: "region", "aria-label": label, tabindex: 0}, table);
const unseen = text => el("span", {class: "unseen", text});

// ---- Predictions ------------------------------------------------------------------

// What the reader has answered, by trace, side, step and node: whether it was right.
const given = new Map();
const answer = a => a.a + (a.t ? ", t" + a.t : "");
const word = {"ok": "ok", "no": "no", "-": "no answer", "?": "cannot be told"};
const keyOf = (side, step, node) => [now.trace, side, step, node].join(".");
const asks = (s, i) => data.predict && s && s.row && s.row[i] && s.row[i].q;
const veiled = (side, step, s, i) => asks(s, i) && !given.has(keyOf(side, step, i + 1));
const hidden = (view, i) => veiled(view.number, now.step, view.step, i);

// answered counts the steps of a side before the first that has an answer left to predict.
function answered(n) {
  const side = trace().sides[n], left = i => side.steps[i].row && side.steps[i].row.some((_, node) => veiled(n, i + 1, side.steps[i], node));
  if (!data.predict) return side.steps.length;
  side.answered = side.answered || 0;
  while (side.answered < side.steps.length && !left(side.answered)) side.answered++;
  return side.answered;
}

// open reports whether everything of a step may be shown: what is passed without an
// answer stays hidden, and with it all that follows.
const open = view => now.step <= answered(view.number);
const unanswered = () => total() - given.size;

// total counts the answers to predict, in all traces.
function total() {
  if (!data.total) data.total = data.traces.flatMap(t => t.sides).flatMap(side => side.steps).flatMap(s => s.row || []).filter(a => a.q).length;
  return data.total;
}

function predict(view, node, guess) {
  const right = guess === view.step.row[node - 1].a;
  given.set(keyOf(view.number, now.step, node), right);
  views.forEach(v => v.show());
  score();
  out.gave();
  tell((right ? "Right. " : "Not so. ") + reason(view.step.row[node - 1]));
  (view.why.querySelector("button") || view.why).focus();
}

function score() {
  $("score").hidden = !data.predict;
  const right = [...given.values()].filter(x => x).length;
  $("score").textContent = given.size === 0 ? "Predict each answer: " + total() + " in all" : right + " of " + given.size + " answered right, " + unanswered() + " left";
  $("jumps").hidden = stops().length === 0 || secret();
}

// secret reports whether it stays untold which steps have a divergence.
const secret = () => data.predict && unanswered() > 0;

function restart() {
  given.clear();
  for (const side of data.traces.flatMap(t => t.sides)) side.answered = 0;
  score();
  go(0);
}

// ---- One side ---------------------------------------------------------------------

// A view shows one replay of the trace.
class View {
  constructor(trace, number) {
    this.nodes = trace.nodes;
    this.number = number;
    this.side = trace.sides[number];
    this.twin = trace.sides.length > 1;
    this.beside = trace.sides[1 - number]; // the other side, where there are two
    this.head = el("h2", {tabindex: -1});
    this.found = el("div", {class: "found"});
    this.form = el("dl", {class: "form"});
    this.row = this.responseRow();
    this.why = el("div", {class: "why", tabindex: -1});
    this.others = el("div", {class: "others"});
    this.now = el("div", {class: "now"});
    this.life = this.lifeLines();
    this.root = el("section", {class: "side" + (this.twin ? " twin" : ""), "aria-label": this.side.by},
      el("div", {class: "event"}, this.head, this.found, this.form, this.others, this.row, this.why), this.now, this.life);
  }

  // responseRow makes the table once, so that the keyboard keeps its place in it.
  responseRow() {
    this.cells = this.nodes.map((name, i) => {
      const button = el("button", {onclick: () => { this.chosen = i; this.show(); }});
      return {button, td: el("td", null, button)};
    });
    const table = el("table", {class: "row"}, el("caption", {text: "Response"}),
      el("thead", null, el("tr", null, el("th", {scope: "col", text: "id"}), ...this.nodes.map(n => el("th", {scope: "col"}, bdi(n))))),
      el("tbody", null, el("tr", null, el("th", {scope: "row", text: "ok"}), ...this.cells.map(c => c.td))));
    return scroll("Response", table);
  }

  // lifeLines puts the picture in, with a bar over the step that is shown.
  lifeLines() {
    const picture = pictureOf("life-" + now.trace + "-" + this.number);
    if (!picture) {
      return this.side.steps.length > 0 && el("p", {class: "soft life", text: "The picture of the life lines is too long for a page: show --format svg --step draws a part of it."});
    }
    this.svg = picture.cloneNode(true);
    this.cursor = document.createElementNS(this.svg.namespaceURI, "rect");
    this.cursor.setAttribute("class", "cursor");
    this.cursor.setAttribute("width", 1e4); // to the frame, beyond the picture
    this.svg.setAttribute("preserveAspectRatio", "xMinYMin");
    this.svg.prepend(this.cursor);
    this.texts = [...this.svg.querySelectorAll("text")].map(e => ({e, y: Number(e.getAttribute("y")), says: e.textContent}));
    this.high = this.svg.getAttribute("height");
    this.wide = this.svg.getAttribute("width");
    this.scroller = el("div", {class: "scroll tall", role: "region", "aria-label": "Life lines", tabindex: 0}, this.svg);
    this.svg.addEventListener("click", e => {
      const box = this.svg.getBoundingClientRect(), y = (e.clientY - box.top) * (this.svg.viewBox.baseVal.height / box.height);
      go(this.side.life.findLastIndex(top => top <= y) + 1);
    });
    return el("details", {class: "life", open: true}, el("summary", {text: "Life lines: a click shows that step"}), this.scroller);
  }

  // arrive shows another step.
  arrive() {
    this.step = now.step > 0 ? this.side.steps[now.step - 1] : null;
    const row = this.step && this.step.row || [];
    unfold(row);
    const first = is => row.findIndex(is);
    this.chosen = [first((_, i) => hidden(this, i)), first(a => a.x !== undefined), first(a => a.a === "no"), first(a => a.q), first(a => a.y !== undefined)].find(i => i >= 0);
    this.show();
    if (this.nodes.length > 8 && this.chosen !== undefined) this.row.scrollLeft = this.cells[this.chosen].td.offsetLeft - 150; // in sight
  }

  show() {
    const s = this.step, shown = open(this);
    this.head.replaceChildren(...(this.twin ? [el("span", {class: "by", text: "By " + this.side.by + ": "})] : []),
      ...(s ? [bdi(s.id), " ", el("span", {class: "soft"}, bdi(say(s.head)))] : ["Before the first step"]));
    const findings = s ? [...(s.wrong || []).map(w => [w, true]), ...(s.notes || []).map(w => [w, false])] : (this.side.first || []).map(w => [w, true]);
    this.found.replaceChildren(...(s && s.note ? [el("p", {class: "soft"}, bdi(s.note))] : []),
      ...(shown ? findings.map(([w, wrong]) => finding(w, wrong)) : []));
    this.form.hidden = !(s && s.fields !== undefined);
    this.form.replaceChildren(...lines(s && s.fields !== undefined ? s.fields : undefined).flatMap(([name, value]) => [el("dt", {text: name}), el("dd", null, value.length < 160 ? bdi(value) : el("details", null, el("summary", {text: value.slice(0, 40) + "…"}), bdi(value)))]));
    this.row.hidden = !(s && s.row);
    this.cells.forEach((c, i) => this.cell(c, i));
    this.why.replaceChildren(...(s && s.row && this.chosen !== undefined ? this.reasons() : []));
    this.others.replaceChildren(...(s && shown ? (s.others || []).map(o => this.doing(o)) : []));
    this.now.replaceChildren(...this.table(shown));
    this.showFresh();
    this.moveCursor(shown);
  }

  // showFresh brings what is new in a log into sight.
  showFresh() {
    const cell = this.now.querySelector("td.fresh, td.gone"), around = cell && cell.closest(".scroll");
    if (cell) around.scrollLeft = cell.offsetLeft + 2 * cell.offsetWidth - around.clientWidth;
  }

  // cell fills in a cell of the response row.
  cell({button, td}, i) {
    const s = this.step, a = s && s.row ? s.row[i] : null;
    td.className = a && s.sender === i + 1 ? "shaded" : "";
    button.hidden = !a || !a.a;
    if (button.hidden) return;
    const blank = hidden(this, i), wrong = a.x !== undefined && !blank;
    const there = this.beside && this.beside.steps[now.step - 1], twin = there && there.row ? there.row[i] : a;
    button.className = (this.chosen === i ? "chosen " : "") + (!blank && (twin.a !== a.a || twin.t !== a.t) ? "apart " : "") + (blank ? "asked" : wrong ? "wrong" : a.a === "ok" ? "yes" : a.a === "no" ? "refused" : "");
    button.setAttribute("aria-pressed", this.chosen === i);
    button.replaceChildren(unseen("node " + this.nodes[i] + ": "), ...(blank ? ["?", unseen(" to predict")]
      : wrong ? [unseen("written "), el("del", {text: a.w}), " ", unseen("but " + this.side.by + " gives "), el("ins", {text: answer(a)})] : [answer(a)]));
  }

  // reasons says why the chosen node answers as it does.
  reasons() {
    const i = this.chosen, a = this.step.row[i], name = this.nodes[i];
    if (hidden(this, i)) {
      return [el("fieldset", null, el("legend", null, "What does node ", bdi(name), " answer?"), ...this.asked(a),
        ...Object.entries({y: "ok", n: "no", "-": "-"}).map(([k, w]) => el("button", {class: "guess", "data-key": k, onclick: () => predict(this, i + 1, w)}, word[w], " ", el("kbd", {text: k}))))];
    }
    const out = [el("h3", null, "Node ", bdi(name), ": ", el("strong", {class: a.a === "no" ? "refused" : "yes", text: word[a.a] || a.a}), a.t ? ", term " + a.t : "")];
    if (asks(this.step, i)) {
      const right = given.get(keyOf(this.number, now.step, i + 1));
      out.push(el("p", {class: right ? "good" : "bad", text: right ? "You were right." : "You answered otherwise."}));
      const next = this.step.row.findIndex((_, j) => hidden(this, j));
      if (next >= 0) out.push(el("button", {class: "guess", onclick: () => { this.chosen = next; this.show(); (this.why.querySelector("button") || this.why).focus(); }}, "Next answer"));
      else out.push(el("button", {class: "guess", onclick: () => { go(now.step + 1); const b = this.why.querySelector("button"); (b || this.head).focus(); }}, "Next step"));
    }
    if (a.x !== undefined) out.push(el("p", {class: "verdict bad"}, "✗ ", bdi(say(a.x))));
    else if (a.w) out.push(el("p", {class: "verdict good"}, "✓ the trace agrees: it says ", bdi(a.w)));
    out.push(...this.asked(a));
    if (a.y !== undefined) out.push(el("p", null, bdi(say(a.y)), "."));
    if (a.r !== undefined) out.push(el("h4", {text: "Rule by rule"}), ...asked(a.r));
    if (a.s !== undefined) out.push(el("h4", null, "What node ", bdi(this.nodes[this.step.sender - 1]), " makes of the answer"), ...asked(a.s));
    return out;
  }

  asked(a) { return a.m !== undefined ? [el("p", {class: "soft"}, bdi(say(a.m)))] : []; }

  // doing shows what a node does beside answering.
  doing(o) {
    const name = bdi(this.nodes[o.n - 1]);
    return el("div", null, el("h3", null, ...(this.step.row ? ["What else node ", name, " does"] : ["Node ", name])), o.y !== undefined && el("p", null, bdi(say(o.y)), "."), ...asked(o.r, !this.step.row));
  }

  // table shows the states after the step, and what the step has changed of them.
  table(shown) {
    const at = shown ? now.step : answered(this.number), first = this.side.steps[at];
    const after = states(this.side, this.nodes, at), before = shown && at > 0 ? states(this.side, this.nodes, at - 1) : after;
    const twin = this.beside ? states(this.beside, this.nodes, Math.min(at, this.beside.steps.length)) : after;
    const caption = !shown ? "Before " + first.id + (at + 1 < now.step ? ", the first step that you have not answered" : "") : this.step ? "After " + this.step.id : "At the start";
    const found = !shown ? [] : (this.step ? this.step.wrong : this.side.first) || [];
    const wrong = new Map(found.filter(w => w.f).map(w => [w.n + "." + w.f, w.w]));
    const cols = columns(before, after);
    const voters = after.some(s => s.w);
    const head = ["role", "term", "votedFor", "commitIndex"].concat(voters ? ["voters"] : []);
    const rows = after.map((s, i) => {
      const b = before[i], down = s.is !== "", off = down && s.is !== "down";
      const name = () => el("th", {scope: "row"}, bdi(this.nodes[i]), down && el("span", {class: "is", text: " " + s.is}));
      const field = (key, k, was = b[k], is = s[k]) => el("td", {class: wrong.has(i + 1 + "." + key) ? "wrong" : twin[i][k] !== is ? "apart" : ""},
        was !== is && el("del", {text: was}), was !== is && " ", was !== is ? el("ins", null, bdi(is)) : bdi(is), ...wrote(wrong.get(i + 1 + "." + key)));
      const other = found.find(w => w.n === i + 1 && w.f && w.f.startsWith("log"));
      return {role: off ? "off" : s.r + (down ? " off" : ""), name, off,
        fields: [field("role", "r"), field("term", "t"), field("votedFor", "v"), field("commitIndex", "c"), voters && field("voters", "w")],
        entries: [...cols.map(c => logCell(b, s, c, twin[i])), other && el("td", {class: "wrong"}, bdi(other.f), ...wrote(other.w))]};
    });
    const tables = narrow.matches && cols.length > 0 ? [sheet(caption, head, [], rows, r => r.fields), sheet(caption + ": logs", [], cols, rows, r => r.entries)]
      : [sheet(caption, head, cols, rows, r => [...r.fields, ...r.entries])];
    return [...tables, cols.length > 0 && legend(after.some(s => s.base > 0 && s.is === ""), this.twin), ...this.leaders(before, after)].filter(x => x);
  }

  // leaders shows what each leader knows of the others.
  leaders(before, after) {
    return after.flatMap((s, i) => {
      const known = Object.keys(s.o);
      if (s.r !== "leader" || s.is !== "" || known.length === 0) return [];
      const row = (name, n) => el("tr", null, el("th", {scope: "row", text: name}), ...known.map(k => {
        const was = before[i].r === "leader" && before[i].o[k] ? before[i].o[k][n] : null, is = s.o[k][n];
        return el("td", {class: was !== null && was !== is ? "new" : ""}, was !== null && was !== is && el("del", {text: was}), was !== null && was !== is && " ", String(is));
      }));
      return [scroll("What node " + this.nodes[i] + " knows", el("table", {class: "known"}, el("caption", null, "What leader ", bdi(this.nodes[i]), " knows of the others"),
        el("thead", null, el("tr", null, el("th", {scope: "col", text: "node"}), ...known.map(k => el("th", {scope: "col"}, bdi(this.nodes[k - 1]))))),
        el("tbody", null, row("nextIndex", 0), row("matchIndex", 1))))];
    });
  }

  // moveCursor lays the bar over the step, in sight. What is to be predicted is cut off,
  // and its texts are not there for the browser's search either.
  moveCursor(shown) {
    if (!this.svg) return;
    const tops = this.side.life, top = now.step > 0 ? tops[now.step - 1] : 0, end = now.step > 0 ? tops[now.step] : tops[0], cut = tops[answered(this.number)];
    this.cursor.setAttribute("y", top);
    this.cursor.setAttribute("height", end - top);
    if (data.predict) {
      const seen = now.step === this.side.steps.length && shown ? this.high : shown ? end : cut;
      this.svg.setAttribute("height", seen);
      this.svg.setAttribute("viewBox", "0 0 " + this.wide + " " + seen);
      for (const {e, y, says} of this.texts) e.textContent = y <= seen ? says : "";
    }
    this.scroller.scrollTop = Math.max(0, top - 40);
  }
}

// sheet is a table of the nodes: their fields, columns of their logs, or both.
function sheet(caption, head, cols, rows, cells) {
  const titled = h => h.split(/(?=[A-Z])/).flatMap((part, i) => i ? [el("wbr"), part] : [part]); // where a long one may be broken
  const log = cols.length > 0 && el("tr", null, ...["id", ...head].map(() => el("td")), el("th", {colspan: cols.length, scope: "colgroup", text: "log"}, unseen(": term and value at each index")));
  return scroll("Nodes, " + caption, el("table", {class: "nodes"}, el("caption", null, bdi(caption)),
    el("thead", null, log, el("tr", null, ...["id", ...head].map(h => el("th", {scope: "col"}, ...titled(h))), ...cols.map(c => el("th", {scope: "col", class: "index", text: c.label})))),
    el("tbody", null, ...rows.map(r => el("tr", {class: r.role}, r.name(), ...(r.off ? [el("td", {colspan: head.length + cols.length})] : cells(r).filter(x => x)))))));
}

// A narrow page has the logs below the fields. Then both are in sight.
const narrow = window.matchMedia("(max-width: 30rem)");
narrow.addEventListener("change", () => views.forEach(v => v.show()));

// wrote is what the trace writes of a field of a node, where that is wrong.
const wrote = text => text === undefined ? [] : [" ", el("span", {class: "bad"}, "✗ ", unseen("the trace says "), el("del", null, bdi(text)))];

const finding = (w, wrong) => el("p", {class: wrong ? "finding bad" : "finding"}, el("strong", {class: wrong ? "bad" : ""}, wrong ? "✗ " : "Note: ", bdi(say(w.h))), el("br"), bdi(say(w.y)));

// asked shows rules with their figures, and unfolds what the rule says: of the one that
// decides, or of all that came to something.
const asked = (text, all) => lines(text).map(([name, came, mark, why]) => {
  const rule = rules.get(name);
  return el("details", {class: "rule " + (mark ? "decides" : ""), open: mark !== "" || all && came !== "no change"},
    el("summary", null, el("b", {text: name}), " ", el("span", {class: came === "refuses" ? "refused" : came === "no change" ? "soft" : "yes", text: came}), mark ? " — this decides: " : ": ", bdi(why)),
    el("p", {class: "soft", text: rule.place + ": " + rule.says}));
});

// ---- Logs -------------------------------------------------------------------------

const mostColumns = 16;

// columns are the indexes that are shown: all, or those around what has changed.
function columns(before, after) {
  const last = Math.max(...after.map(lastOf), ...before.map(lastOf));
  let focus = last;
  after.forEach((s, i) => {
    const b = before[i];
    if (b.log === s.log && b.base === s.base) return;
    let at = Math.max(Math.min(lastOf(b), lastOf(s)), 1);
    while (at > 1 && at > last - 400 && !sameEntry(entryAt(b, at), entryAt(s, at))) at--;
    focus = Math.min(focus, at);
  });
  const lo = Math.max(1, Math.min(focus - 3, last - mostColumns + 1)), hi = Math.min(last, lo + mostColumns - 1);
  const out = [];
  if (lo > 1) out.push({label: "1–" + (lo - 1), upto: lo - 1, first: 1});
  for (let i = lo; i <= hi; i++) out.push({label: String(i), index: i});
  if (hi < last) out.push({label: hi + 1 + "–" + last, upto: last, first: hi + 1});
  return out;
}

function logCell(before, s, c, twin) {
  if (c.upto) return el("td", {class: "more", text: lastOf(s) >= c.first ? "…" : ""});
  const i = c.index, e = entryAt(s, i), was = entryAt(before, i), fresh = e !== null && !sameEntry(e, was) && before !== s;
  if (i <= s.base) return el("td", {class: "covered" + (i <= s.c ? " committed" : ""), title: "in the snapshot"}, i === s.base ? String(s.baseTerm) : "", unseen(" in the snapshot"));
  const apart = sameEntry(e, entryAt(twin, i)) || i <= twin.base ? "" : " apart";
  if (e === null) return was === null || i <= before.base ? el("td", {class: apart}) : el("td", {class: "gone"}, el("del", null, entry(was)), unseen(" deleted"));
  return el("td", {class: "entry f" + ((e[0] - 1) % 8 + 1) + (fresh ? " fresh" : "") + apart + (i <= s.c ? " committed" : "")},
    fresh && was !== null && el("del", {text: was[0]}), entry(e), fresh && unseen(was === null ? " new" : " new, in its place"), i <= s.c && unseen(" committed"));
}
const entry = e => el("span", null, el("b", {text: e[0]}), e[1] !== undefined && el("bdi", {class: "value", text: " " + e[1]}));

const legend = (covered, twin) => el("p", {class: "legend soft"}, el("span", {class: "entry f1", text: "1"}), " an entry, coloured by its term  ", el("span", {class: "entry f1 committed", text: "1"}), " committed, as this node knows  ",
  el("span", {class: "entry f1 fresh", text: "1"}), " new in this step  ", el("ins", {text: "changed"}), covered && "  ", covered && el("span", {class: "entry covered", text: "2"}), covered && " in the snapshot", twin && "  ", twin && el("span", {class: "apart", text: "differs"}), twin && " between the two sides");

// ---- The page ---------------------------------------------------------------------

const now = {trace: 0, step: 0};
let views = [];

const trace = () => data.traces[now.trace];
const steps = () => Math.max(...trace().sides.map(s => s.steps.length));

// stops are the steps with a divergence, or where two sides differ.
function stops() {
  const t = trace();
  if (!t.stops) {
    const at = new Set(t.apart || []);
    for (const side of t.sides) {
      if (side.first) at.add(0);
      if (t.sides.length === 1) side.steps.forEach((s, i) => { if (s.wrong) at.add(i + 1); });
    }
    t.stops = [...at].sort((a, b) => a - b);
  }
  return t.stops;
}

const tell = text => { $("said").textContent = text; };

// choose shows another trace of the file.
function choose(n) {
  now.trace = n;
  const t = trace();
  views = t.sides.map((_, i) => new View(t, i));
  $("app").replaceChildren(el("div", {class: t.sides.length > 1 ? "sides two" : "sides"}, ...views.map(v => v.root)));
  $("title").replaceChildren(bdi(t.title));
  $("trace").value = n;
  $("slider").max = steps();
  const links = stops().slice(0, 40).map(s => el("a", {href: link(s)}, bdi(s === 0 ? "start" : idOf(s))));
  const twin = t.sides.length > 1, both = t.sides.map(s => s.by).join(" and ");
  const sum = twin ? (links.length ? both + " differ in " + count(stops().length, "step", "steps") : both + " do not differ")
    : links.length ? count(stops().length, "step", "steps") + " with a divergence" : "No divergence";
  $("sum").replaceChildren(...(data.predict ? [] : [sum, links.length ? ": " : ".", ...links.flatMap(a => [a, " "]), stops().length > links.length ? "…" : ""]));
  $("jumps").hidden = stops().length === 0 || secret();
}
const idOf = n => (trace().sides.map(s => s.steps[n - 1]).find(s => s) || {id: ""}).id;
const link = step => "#" + (data.traces.length > 1 ? "trace=" + (now.trace + 1) + "&" : "") + "step=" + step;

// go shows a step; the address keeps it.
function go(step, silent) {
  now.step = Math.min(Math.max(step, 0), steps());
  for (const v of views) v.arrive();
  $("slider").value = now.step;
  const id = now.step > 0 ? idOf(now.step) : "start", place = now.step + " of " + steps();
  const where = now.step === 0 ? "start" : id === String(now.step) ? place : id + " · " + place;
  $("where").textContent = where;
  $("slider").setAttribute("aria-valuetext", where);
  $("first").disabled = $("back").disabled = now.step === 0;
  $("next").disabled = $("last").disabled = now.step === steps();
  out.moved();
  if (!silent) tell(said());
}

// said is a step in a line, for who does not see it.
function said() {
  const s = views[0].step;
  if (!s) return "Start, before the first step";
  const wrong = (open(views[0]) && s.wrong || []).map(w => say(w.h));
  return "Step " + s.id + ", " + now.step + " of " + steps() + ": " + say(s.head) + (wrong.length ? ". " + count(wrong.length, "divergence", "divergences") + ": " + wrong.slice(0, 3).join("; ") : "");
}

// jump goes to the next divergence, or to the one before.
function jump(forth) {
  if (secret()) return;
  const at = forth ? stops().find(s => s > now.step) : stops().findLast(s => s < now.step);
  if (at !== undefined) go(at);
  else tell(forth ? "No divergence after this step" : "No divergence before this step");
}

const keys = {ArrowLeft: () => go(now.step - 1), ArrowRight: () => go(now.step + 1), Home: () => go(0), End: () => go(steps()), n: () => jump(true), p: () => jump(false)};
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest?.("select, textarea, dialog, input:not([type=range])")) return;
  const key = {1: "y", 2: "n", 3: "-"}[e.key] || e.key.toLowerCase();
  const guess = data.predict && document.querySelector('.guess[data-key="' + CSS.escape(key) + '"]');
  if (guess) guess.click();
  else if (Object.hasOwn(keys, e.key)) keys[e.key]();
  else return;
  e.preventDefault();
});
$("first").addEventListener("click", () => go(0));
$("back").addEventListener("click", () => go(now.step - 1));
$("next").addEventListener("click", () => go(now.step + 1));
$("last").addEventListener("click", () => go(steps()));
$("before").addEventListener("click", () => jump(false));
$("after").addEventListener("click", () => jump(true));
$("slider").addEventListener("input", e => go(Number(e.target.value)));
$("trace").addEventListener("change", e => { choose(Number(e.target.value)); go(0); });

// ---- Other data -------------------------------------------------------------------

// load takes the data of other traces, and shows the same step of the same trace, as far
// as it is there.
function load(fresh) {
  const was = {...now, chosen: views.map(v => v.chosen), open: views.map(v => v.life && v.life.open !== false)};
  data = fresh;
  rules = new Map(data.rules.map(r => [r.name, r]));
  $("pick").hidden = data.traces.length < 2;
  $("trace").replaceChildren(...data.traces.map((t, i) => el("option", {value: i, text: i + 1 + ": " + t.title})));
  choose(Math.min(was.trace, data.traces.length - 1));
  go(was.step, true);
  if (now.trace !== was.trace || now.step !== was.step) return;
  views.forEach((v, i) => {
    const row = v.step && v.step.row;
    if (was.open[i] === false && v.life) v.life.open = false;
    if (!row || was.chosen[i] === undefined || !row[was.chosen[i]] || !row[was.chosen[i]].a) return;
    v.chosen = was.chosen[i];
    v.show();
  });
}

// pictureOf gives the picture of that name, null for none.
const pictureOf = id => out.pictures ? out.pictures.get(id) || null : $(id) && $(id).content.querySelector("svg");

const out = {now, load, choose, go, score, stops, link, idOf, trace, veiled, answered, answer, given, restart, moved() {}, gave() {}, pictures: null};
return out;
})();
