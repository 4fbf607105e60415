// The page around the steps of a trace: its address.
(() => {
const now = stepper.now;

// The address holds the step. It is written once the reader rests: browsers refuse to be
// asked at every one of many steps.
let resting = 0;
stepper.moved = () => {
  clearTimeout(resting);
  resting = setTimeout(() => {
    if (location.hash !== stepper.link(now.step)) history.replaceState(null, "", stepper.link(now.step));
  }, 150);
};

// read goes where the address says.
function read() {
  const at = new URLSearchParams(location.hash.slice(1)), n = Number(at.get("trace") || 1) - 1, step = Number(at.get("step") || 0);
  const wanted = Number.isInteger(n) && n >= 0 && n < data.traces.length ? n : 0;
  if (wanted !== now.trace) stepper.choose(wanted);
  stepper.go(Number.isInteger(step) ? step : 0);
}
window.addEventListener("hashchange", read);

// lesson keeps what the reader has answered for as long as the tab is open.
function lesson() {
  const key = "raftsheet lesson " + data.id;
  const restart = el("button", {text: "Start over", onclick: () => {
    stepper.restart();
    stepper.gave();
    restart.hidden = true;
  }});
  try { JSON.parse(sessionStorage.getItem(key) || "[]").forEach(([at, right]) => stepper.given.set(at, right)); } catch { /* it is not ours */ }
  restart.hidden = stepper.given.size === 0;
  stepper.gave = () => {
    restart.hidden = false;
    try { sessionStorage.setItem(key, JSON.stringify([...stepper.given])); } catch { /* this browser does not let us */ }
  };
  $("score").after(restart);
  $("keys").replaceChildren(", ", ...["y", "n", "-"].flatMap(k => [el("kbd", {text: k}), " "]), "your answer: ok, no or none");
}

if (data.predict) lesson();
stepper.load(data);
stepper.score();
read();
})();
