// The file that the server follows. Where nobody has typed, the text follows the file.
// What has been typed stays until the writer decides: then the text is the file's, or it
// stays and replaces, when it is saved, the file that the writer has seen.
const disk = (() => {
let known = null; // the file as the text here comes of it, or as the writer has seen it
let other = null; // the file now, where it is something else and the writer is to decide
let sent = null;  // the text that is being saved
let trouble = ""; // why there is nothing to follow at the moment
let tell, notice; // how the page says what has happened, and what went wrong

const plain = file => ({...file, text: file.text.replace(/\r\n?/g, "\n")}); // as a text area has it
const typed = () => editor.text() !== known.text;
const writes = () => known !== null && known.write === true && trouble === "";

// draw says how the text and the file are to each other: once, and not at every key.
let drawn = "";
function draw() {
  const is = JSON.stringify([trouble, other, typed(), known.name, writes()]);
  if (is === drawn) return;
  drawn = is;
  const button = (text, does) => [" ", el("button", {text, onclick: does})];
  const name = el("b", null, bdi(known.name)), box = $("disk");
  const open = box.querySelector("details")?.open === true;
  $("save").textContent = writes() ? "Save" : "Download"; // which nothing keeps from working
  $("save").title = writes() ? "Write the text to " + known.name + " (Ctrl+S)" : "";
  $("save").disabled = writes() && !typed();
  box.className = other || trouble ? "bad" : "";
  box.replaceChildren(...(trouble ? [name, ": " + trouble + ". The text here stays as it is."]
    : other ? ["Another program has changed ", name, ", and you have typed here.", ...button("Take the file", take), ...button("Keep what is here", keep),
      el("details", {open}, el("summary", {text: "What the file says now"}), el("pre", null, bdi(other.text)))]
    : typed() ? ["What you typed is not in ", name, known.write ? " yet." : "; only raftsheet serve --write saves it there.", ...button("Go back to the file", take)]
    : ["This page follows ", name, ": save it in your editor, and it shows here."]));
}

// put shows another text of the file, and leaves everything else where it is.
function put(text) {
  const at = editor.caret(), top = $("text").scrollTop, focused = document.activeElement;
  editor.set(text, true); // undo takes it back
  editor.goto(at.line, at.column, false);
  $("text").scrollTop = top;
  if (focused && focused !== $("text")) focused.focus({preventScroll: true});
}

function take() {
  known = other || known;
  other = null;
  put(known.text);
  draw();
  $("text").focus();
  tell("This is the text of the file. Ctrl+Z brings back what you had typed.");
}

function keep() {
  known = other;
  other = null;
  draw();
  $("text").focus();
  tell(known.write ? "Your text stays. Save puts it in the file's place." : "Your text stays.");
}

// hears takes in what the file is now.
function hears(said) {
  const now = plain(said);
  trouble = now.problem || "";
  if (trouble) return draw();
  other = null;
  if (now.version === known.version || now.text === editor.text() || now.text === sent) known = now;
  else if (typed()) other = now;
  else {
    known = now;
    put(now.text);
    tell(now.name + " was saved, and this is its text.");
  }
  draw();
}

// save writes the text over the file that the writer has seen, and over no other.
async function save() {
  if (!typed() || sent !== null) return;
  sent = editor.text();
  try {
    const reply = await fetch("save", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({name: known.name, text: sent, version: known.version})});
    if (reply.status === 409) hears(await reply.json());
    else if (!reply.ok) return notice("Not saved. " + await reply.text());
    else {
      known = plain(await reply.json());
      other = null;
      tell("Saved " + known.name);
    }
    notice("");
    draw();
  } catch {
    notice("Not saved: raftsheet serve does not answer; is it still running?");
  } finally {
    sent = null;
  }
}

// begin shows a file, and follows it from now on.
function begin(first, ...says) {
  known = plain(first);
  [tell, notice] = says;
  trouble = first.problem || "";
  $("disk").hidden = false;
  const events = new EventSource("events");
  events.addEventListener("file", e => hears(JSON.parse(e.data)));
  events.addEventListener("error", () => { trouble = "raftsheet serve does not answer"; draw(); });
  window.addEventListener("beforeunload", e => { if (typed()) e.preventDefault(); });
  document.addEventListener("keydown", e => {
    if (!writes() || e.key !== "s" || !(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey) return;
    save();
    e.preventDefault();
  });
  draw();
}

return {begin, save, typed: () => { if (known) draw(); }, writes};
})();
