// The playground: a trace is written on the left, checked as it is typed, and stepped
// through on the right. All that is said of it comes from raftsheet.
(() => {
const tell = editor.tell = text => { $("told").textContent = text; };

const settings = written;
const server = settings.server;
const ask = server ? fromServer() : inPage(lostEngine);
const file = {name: "trace.yaml"}; // as it was opened
let traces = []; // where the traces that are shown have their steps
let found = [];  // the problems that are errors

function lostEngine(why) { notice(why); }

// notice says what went wrong, or is to be decided: until something else is opened.
function notice(text, ...choices) {
  $("notice").hidden = text === "";
  $("notice").replaceChildren(bdi(text), ...choices.flatMap(c => [" ", c]));
}

const request = fields => ({name: file.name, text: editor.text(), ...($("rules").value && {rules: $("rules").value.split(",")}), ...fields});

// ---- Checking ---------------------------------------------------------------------

// check has the text checked: what is wrong comes at once, and then the steps.
async function check(typing) {
  const was = editor.text();
  if (was.trim() === "") return nothing();
  const reply = await ask.quick(request({do: "check"}));
  if (!reply) return;
  const unread = unreadIn(reply);
  const tells = () => {
    if (reply.error) return show([], reply.error, false, 0, 0);
    said = unread;
    show(reply.problems, reply.summary, reply.agrees, reply.errors, reply.notes);
    if (performance.getEntriesByName("ready").length === 0) performance.mark("ready");
    if (was === editor.text()) steps();
  };
  forget();
  if (typing && unread !== "" && unread !== said) hold(tells);
  else tells();
}

// A word that is half typed is no mistake. What can suddenly not be read while a line is
// typed is said when the writer pauses, or goes elsewhere; till then everything stays as
// it was. An answer that can be read, right or wrong, never waits.
const pause = 1000; // milliseconds
let said = "";   // what could not be read, as it was said last
let held = null; // what is to be said

const unreadIn = reply => (reply.problems || []).filter(p => p.kind === "malformed" || p.kind === "unread").map(p => p.line + " " + p.message).join("\n");

function hold(tells) { held = {tells, line: editor.caret().line, timer: setTimeout(release, pause)}; }

function forget() {
  if (held) clearTimeout(held.timer);
  held = null;
}

function release() {
  const was = held;
  forget();
  if (was) was.tells();
}
$("text").addEventListener("blur", release);

// steps has the steps shown once the writer pauses: the longer they took, the longer the
// pause that they wait for, so that the machine is there for who types.
let pausing = 0, took = 0; // milliseconds
function steps() {
  clearTimeout(pausing);
  pausing = setTimeout(async () => {
    const was = editor.text(), by = $("rules").value, began = performance.now();
    const reply = await ask.slow(request({do: "check", page: true}), "steps");
    if (reply) took = performance.now() - began;
    if (!reply || was !== editor.text() || by !== $("rules").value) return;
    meant(reply.meant || []);
    stale(reply.error || reply.tooLong || (reply.page ? "" : $("steps").hidden ? "Once the text can be read, its steps are shown here." : "Until the text can be read again, these are the steps as they were."));
    if (!reply.page) return;
    traces = reply.traces;
    stepper.pictures = new Map((reply.pictures || []).map(p => [p.id, new DOMParser().parseFromString(p.svg, "text/html").querySelector("svg")]));
    $("steps").hidden = false;
    quietly(() => { stepper.load(reply.page); wanted(); });
    band();
  }, Math.min(Math.max(took, 80), 500));
}

// meant asks whether the writer meant something that can be read.
function meant(some) {
  $("meant").hidden = some.length === 0;
  $("meant").replaceChildren(...some.map(line => el("li", null, bdi(line))));
}

function stale(text) {
  $("stale").hidden = text === "";
  $("stale").textContent = text;
  $("steps").classList.toggle("old", text !== "" && !$("steps").hidden);
}

// nothing is what an empty text comes to.
function nothing() {
  forget();
  said = "";
  clearTimeout(pausing);
  $("steps").hidden = true;
  traces = [];
  meant([]);
  stale("Choose an example above, or write nodes: and steps: on the left.");
  show([], "The text is empty.", null, 0, 0);
}

// show shows what was found: so many errors and notes, of which the problems are the first.
let shown = "";
function show(problems, summary, agrees, errors, notes) {
  found = problems.filter(p => p.severity === "error");
  editor.mark(found);
  const same = JSON.stringify(problems);
  if (same !== shown) {
    shown = same;
    $("problems").replaceChildren(...found.map(item), ...(errors > found.length ? [el("li", {class: "soft", text: errors - found.length + " more"})] : []));
    $("remarks").hidden = notes === 0;
    $("remarks").querySelector("summary").textContent = count(notes, "note", "notes");
    $("remarks").querySelector("ol").replaceChildren(...problems.filter(p => p.severity !== "error").map(item), ...(notes > problems.length - found.length ? [el("li", {class: "soft", text: notes - problems.length + found.length + " more"})] : []));
  }
  const text = (agrees === null ? "" : agrees ? "✓ " : errors ? "✗ " + count(errors, "problem", "problems") + ": " : "✗ ") + summary;
  if ($("counts").textContent !== text) $("counts").textContent = text;
  $("counts").className = agrees === null ? "soft" : agrees ? "good" : "bad";
  $("counts").dispatchEvent(new Event("checked"));
}

const item = p => el("li", null, el("button", {class: "problem", onclick: () => editor.goto(p.line, p.column, true)},
  el("span", {class: "soft", text: "line " + p.line + " "}), el("strong", {class: p.severity === "error" ? "bad" : ""}, bdi(p.message)), p.reason && el("span", {class: "reason"}, bdi(p.reason))));

// nextProblem puts the caret on the next one, or on the one before, round and round.
function nextProblem(forth) {
  release();
  if (found.length === 0) return tell("No problem");
  const at = editor.caret(), after = p => p.line > at.line || p.line === at.line && p.column > at.column, before = p => p.line < at.line || p.line === at.line && p.column < at.column;
  const p = forth ? found.find(after) || found[0] : found.findLast(before) || found[found.length - 1];
  editor.goto(p.line, p.column, true);
  tell("Line " + p.line + ": " + p.message + ". " + (p.reason || ""));
}

// ---- The text and the steps -------------------------------------------------------

let quiet = false; // whether the step follows from something else than the reader's choice
function quietly(does) {
  quiet = true;
  try { does(); } finally { quiet = false; }
}

const shownSteps = () => traces[stepper.now.trace] ? traces[stepper.now.trace].steps : [];

// band marks the lines of the step that is shown.
function band() {
  const at = shownSteps(), n = stepper.now.step, later = traces[stepper.now.trace + 1];
  editor.band(n === 0 || n > at.length ? null : {from: at[n - 1], to: n < at.length ? Math.max(at[n] - 1, at[n - 1]) : later ? Math.max(later.line - 2, at[n - 1]) : editor.lines()});
}

stepper.moved = () => {
  band();
  keepAddress();
  const line = shownSteps()[stepper.now.step - 1];
  if (!quiet && line) editor.goto(line, 1, false);
};

// The caret shows its step, and why the cell there is what it is.
let following = 0;
editor.moved = () => {
  if (held && held.line !== editor.caret().line) release();
  clearTimeout(following);
  following = setTimeout(async () => {
    const place = editor.caret(), was = editor.text();
    const n = traces.findLastIndex(t => t.line <= place.line), step = n < 0 ? 0 : traces[n].steps.filter(line => line <= place.line).length;
    if (n >= 0 && !$("steps").hidden && (n !== stepper.now.trace || step !== stepper.now.step) && document.activeElement === $("text")) {
      quietly(() => { if (n !== stepper.now.trace) stepper.choose(n); stepper.go(step, true); });
    }
    const reply = await ask.quick(request({do: "hover", ...place}), "here");
    if (!reply || reply.error || was !== editor.text()) return;
    $("here").replaceChildren(...(reply.head ? [el("strong", {class: reply.wrong ? "bad" : ""}, bdi(reply.head)), reply.says ? ": " : "", bdi(reply.says || "")] : []));
  }, 120);
};

let keeping = 0;
editor.changed = typing => {
  forgetLink();
  meant([]);
  leave();
  check(typing);
  disk.typed();
  clearTimeout(keeping);
  keeping = setTimeout(keepDraft, 500);
};
editor.ask = fields => ask.quick(request(fields));

// ---- Links ------------------------------------------------------------------------

const mostLink = 1_500_000, mostText = 2 << 20; // letters of an address, bytes of a text
const version = "1";

async function through(bytes, stream, most) {
  const chunks = [], reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  let size = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return new Blob(chunks).arrayBuffer();
    if ((size += value.length) > most) throw new Error("it is longer than any trace that this page takes");
    chunks.push(value);
  }
}

async function packed(text) {
  const bytes = new Uint8Array(await through(new TextEncoder().encode(text), new CompressionStream("deflate"), mostText));
  let s = "";
  for (let i = 0; i < bytes.length; i += 0x8000) s += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(s).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpacked(s) {
  if (!/^[A-Za-z0-9_-]*$/.test(s)) throw new Error("it has letters that no link of this page has");
  const bytes = Uint8Array.from(atob(s.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
  return new TextDecoder("utf-8", {fatal: true}).decode(await through(bytes, new DecompressionStream("deflate"), mostText));
}

const inAddress = () => new URLSearchParams(location.hash.slice(1));
let want = null; // the step to show once there are steps: that of a link, or -1 for the first that is worth it

// wanted goes there.
function wanted() {
  if (!want) return;
  const {trace, step} = want;
  want = null;
  stepper.choose(trace < data.traces.length ? trace : 0);
  stepper.go(step >= 0 ? step : stepper.stops().length ? stepper.stops()[0] : 1);
}

// follow opens the address's link, and reports whether it has one.
async function follow() {
  const at = inAddress(), whole = (n, least) => Number.isInteger(Number(n)) && Number(n) >= least ? Number(n) : least;
  if (!at.has("text")) return false;
  const there = {trace: whole(at.get("trace"), 1) - 1, step: at.has("step") ? whole(at.get("step"), 0) : -1};
  try {
    if (location.hash.length > mostLink) throw new Error("it is too long");
    const [made, words] = at.get("text").split(".", 2);
    if (made !== version || words === undefined) throw new Error("it is of another version of raftsheet");
    const text = await unpacked(words).catch(err => { throw err instanceof TypeError || err instanceof DOMException ? new Error("a part of it is missing or changed") : err; });
    if ([...$("rules").options].some(o => o.value === at.get("rules"))) $("rules").value = at.get("rules");
    opened("trace.yaml", text);
    want = there;
  } catch (err) {
    opened("trace.yaml", "");
    notice("This link cannot be opened: " + err.message + ". Ask whoever sent it for a new one.");
  }
  return true;
}

const place = () => ($("rules").value ? "&rules=" + encodeURIComponent($("rules").value) : "") + (stepper.now.trace > 0 ? "&trace=" + (stepper.now.trace + 1) : "") + (stepper.now.step > 0 ? "&step=" + stepper.now.step : "");
const address = hash => history.replaceState(null, "", hash || location.pathname + location.search);

let addressing = 0;
function keepAddress() {
  clearTimeout(addressing);
  addressing = setTimeout(() => {
    const text = inAddress().get("text");
    if (text !== null && !want) address("#text=" + text + place());
  }, 150);
}

// forgetLink takes the link out of the address once the text is another.
function forgetLink() { if (inAddress().has("text")) address(""); }

// Nobody else could open a link to this machine.
if (server) $("share").hidden = true;
$("share").addEventListener("click", async () => {
  const reply = await ask.slow(request({do: "share"}));
  if (!reply) return;
  if (reply.error) return notice(reply.error);
  const hash = "#text=" + version + "." + await packed(reply.text) + place();
  if (hash.length > mostLink) return notice("The trace is too long for a link: save it, and send the file.");
  address(hash);
  const copied = await navigator.clipboard.writeText(location.href).then(() => true, () => false);
  const box = el("input", {value: location.href, readonly: true, "aria-label": "Link"});
  notice((copied ? "The link is copied" : "The link is in the address of this page") + "; it has the whole trace in it. " + (reply.say || ""), box);
  if (!copied) box.select();
});
window.addEventListener("hashchange", follow);

// ---- Files ------------------------------------------------------------------------

// opened shows another text.
function opened(name, text, teaches) {
  notice("");
  file.name = name;
  lesson = teaches ? text : null;
  $("lesson").hidden = !teaches;
  $("lesson").textContent = teaches || "";
  want = {trace: 0, step: -1};
  $("steps").hidden = true;
  traces = [];
  editor.set(text, editor.text() !== "");
  check();
}

// leave leaves an example once most of its lines are gone: what it teaches, and its name,
// are not those of the text any more.
let lesson = null; // the text of the example
function leave() {
  if (lesson === null) return;
  const now = new Set(editor.text().split("\n")), then = lesson.split("\n").filter(line => line.trim() !== "");
  if (2 * then.filter(line => now.has(line)).length >= then.length) return;
  lesson = null;
  file.name = "trace.yaml";
  $("lesson").hidden = true;
  $("example").value = "";
}

// keepDraft keeps the text for as long as the tab is open, where no file does.
function keepDraft() {
  if (!settings.served) try { sessionStorage.setItem("raftsheet", editor.text()); } catch { /* this browser does not let us */ }
}
function draft() {
  try { return settings.served ? null : sessionStorage.getItem("raftsheet"); } catch { return null; }
}

$("example").append(...settings.examples.map((e, i) => el("option", {value: i, text: e.name.replace(/\.yaml$/, "") + " — " + e.teaches})));
$("example").addEventListener("change", e => {
  const one = settings.examples[e.target.value];
  if (!one) return;
  forgetLink();
  $("rules").value = "";
  opened(one.name, one.text, one.teaches + ".");
});

$("rules").append(el("option", {value: "", text: "as the trace says"}), ...settings.rules.map(g => {
  const options = g.rules.map(r => el("option", {value: r.name, text: r.name, title: r.says}));
  return g.title ? el("optgroup", {label: g.title}, ...options) : options[0];
}));
if (settings.given) {
  const all = settings.given.join(",");
  if (![...$("rules").options].some(o => o.value === all)) $("rules").append(el("option", {value: all, text: all}));
  $("rules").value = all;
}
$("rules").addEventListener("change", () => { keepAddress(); check(); editor.moved(); });

$("open").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async e => {
  const [one] = e.target.files;
  e.target.value = "";
  if (!one) return;
  if (one.size > mostText) return notice(one.name + " is larger than " + mostText + " bytes; raftsheet check takes it.");
  forgetLink();
  opened(one.name, await one.text());
});

$("save").addEventListener("click", async () => {
  if (disk.writes()) return disk.save();
  const at = URL.createObjectURL(new Blob([editor.text()], {type: "application/yaml"}));
  el("a", {href: at, download: file.name}).click();
  setTimeout(() => URL.revokeObjectURL(at), 60000);
  tell("Saved as " + file.name);
});

// ---- What the buttons ask ---------------------------------------------------------

async function asked(fields, title) {
  const reply = await ask.slow(request({trace: stepper.now.trace + 1, step: Math.max(stepper.now.step, 1), ...fields}));
  if (!reply) return;
  if (reply.error) return notice(reply.error);
  $("result-title").textContent = title || reply.title;
  if (reply.svg) {
    const at = URL.createObjectURL(new Blob([reply.svg], {type: "image/svg+xml"}));
    const base = file.name.replace(/\.\w+$/, "");
    $("shown").replaceChildren(el("p", null, el("a", {href: at, download: base + "-" + fields.kind + ".svg", text: "Save the picture"})), el("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": reply.title}, el("img", {src: at, alt: reply.title + " of the trace. The steps beside the text say the same in words."})));
    $("result").addEventListener("close", () => URL.revokeObjectURL(at), {once: true});
  } else {
    const part = new DOMParser().parseFromString(reply.html, "text/html").body; // raftsheet has escaped what the trace says
    $("shown").replaceChildren(...[...part.childNodes].map(n => document.importNode(n, true)));
    $("shown").querySelector("h1")?.remove();
  }
  $("result").showModal();
  $("shown").scrollTop = 0;
}

$("close").addEventListener("click", () => $("result").close());
$("explain").addEventListener("click", () => asked({do: "explain"}));
$("diagnose").addEventListener("click", () => asked({do: "diagnose"}));
$("coverage").addEventListener("click", () => asked({do: "coverage"}));
$("life").addEventListener("click", () => asked({do: "picture", kind: "life"}));
$("logs").addEventListener("click", () => asked({do: "picture", kind: "logs"}));
$("fill").addEventListener("click", async () => {
  const was = editor.text(), reply = await ask.slow(request({do: "fill"}));
  if (!reply || was !== editor.text()) return;
  if (reply.error) return notice("Nothing was filled in: " + reply.error);
  const at = editor.caret();
  if (reply.text !== was) {
    editor.set(reply.text, true);
    editor.goto(at.line, at.column, false);
  }
  notice(reply.say + (reply.text !== was ? " Ctrl+Z takes it back." : ""));
});
document.addEventListener("keydown", e => {
  if (e.key !== "F8" || $("result").open) return;
  nextProblem(!e.shiftKey);
  e.preventDefault();
});

// ---- The beginning ----------------------------------------------------------------

(async () => {
  if (settings.served) {
    opened(settings.served.name, settings.served.text);
    disk.begin(settings.served, tell, notice);
    return;
  }
  if (await follow()) return;
  const kept = draft();
  if (kept) opened("trace.yaml", kept);
  else opened(settings.examples[0].name, settings.examples[0].text, settings.examples[0].teaches + ".");
})();
})();
