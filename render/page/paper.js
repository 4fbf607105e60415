// What is printed: the steps of a trace as the filled worksheet.
(() => {
// paper is the filled worksheet: the form of each message with its response row, what
// is wrong marked as an instructor would, then each node's terms and log. What is still
// to be predicted stays blank.
function paper() {
  const {trace, veiled, answered, answer} = stepper, t = trace(), side = t.sides[0], end = states(side, t.nodes, side.steps.length);
  const plain = (caption, head, rows) => el("table", null, el("caption", {text: caption}), el("thead", null, el("tr", null, ...head.map(h => el("th", {scope: "col"}, bdi(h))))),
    el("tbody", null, ...rows.map(r => el("tr", null, ...r.map(c => c.nodeType ? c : el("td", null, bdi(String(c))))))));
  const cell = (a, blank) => blank ? "" : a.x === undefined ? a.a || "" : el("td", {class: "wrong"}, el("del", {text: a.w}), " ", el("ins", {text: answer(a)}));
  const wrong = found => (found || []).map(w => el("p", null, el("b", null, "✗ ", bdi(say(w.h))), ": ", bdi(say(w.y))));
  const all = t.nodes.map((_, i) => i), across = all.filter(i => i % 16 === 0).map(i => all.slice(i, i + 16)); // that a sheet is wide enough for
  const form = (s, n) => {
    const blank = t.nodes.map((_, i) => veiled(0, n + 1, s, i));
    return el("section", null, el("h2", null, bdi(say(s.head)), ", step ", bdi(s.id)), s.note && el("p", null, bdi(s.note)),
      s.fields !== undefined && el("dl", null, ...lines(s.fields).flatMap(([name, value]) => [el("dt", {text: name + ":"}), el("dd", null, bdi(value))])),
      ...(s.row ? across.map(some => plain("Response", ["id", ...some.map(i => t.nodes[i])], [["ok", ...some.map(i => cell(s.row[i], blank[i]))],
        ...(s.row.some(a => a.t) ? [["term", ...some.map(i => blank[i] ? "" : s.row[i].t || "")]] : [])])) : []),
      ...(n < answered(0) ? wrong(s.wrong) : []));
  };
  const nodes = data.predict ? [] : end.map((s, i) => el("section", null, el("h2", null, "Raft State, raft_id ", bdi(t.nodes[i])),
    s.is && s.is !== "down" ? el("p", {text: s.is}) : el("dl", null, ...[["currentTerm", s.t], ["votedFor", s.v], ["role", s.r], ["commitIndex", s.c], ["lastApplied", s.a]].flatMap(([k, v]) => [el("dt", {text: k + ":"}), el("dd", null, bdi(String(v)))])),
    plain("Terms", ["term", "role", "votedFor"], side.terms[i].map(x => [x.t, x.r, x.v])),
    plain("Raft Log", ["index", "term", "value", "committed"], [...(s.base ? [["to " + s.base, "to " + s.baseTerm, "(snapshot)", "yes"]] : []),
      ...Array.from({length: s.log.n}, (_, j) => { const x = s.base + j + 1, e = entryAt(s, x); return [x, e[0], e[1] === undefined ? "" : e[1], x <= s.c ? "yes" : ""]; })])));
  $("paper").replaceChildren(el("h1", null, bdi(t.title)), ...wrong(side.first), ...side.steps.map(form), ...nodes);
}
window.addEventListener("beforeprint", paper);
window.addEventListener("afterprint", () => $("paper").replaceChildren());
})();
