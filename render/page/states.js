// The texts and the states of a replay.
let data = written; // the traces that are shown

// ---- Texts ------------------------------------------------------------------------

// A text is the number of its shape, or a list of it and the figures that go into it.
function say(text) {
  if (text === undefined) return "";
  const [shape, ...figures] = [text].flat();
  let at = 0;
  return data.shapes[shape].replace(/\x01/g, () => figures[at++]);
}
const lines = text => text === undefined ? [] : say(text).split("\n").map(line => line.split("\t"));

// reason is why a node answers so: a sentence, or else that of the rule that decides.
const reason = a => a.y !== undefined ? say(a.y) : lines(a.r).filter(([, , mark]) => mark).map(([, , , why]) => why).join();
let rules = new Map();

// unfold makes a row whole, in which true is what the node before goes by, and -1 the
// node itself.
function unfold(row) {
  const was = {};
  row.forEach((a, i) => {
    for (const k of ["r", "s"]) {
      if (a[k] === undefined) continue;
      if (a[k] !== true) was[k] = a[k];
      a[k] = [was[k]].flat().map(f => f === -1 ? i + 1 : f);
    }
  });
}
const count = (n, one, many) => n + " " + (n === 1 ? one : many);

// ---- States -----------------------------------------------------------------------

// A node's state never changes: a change makes another. Logs share their entries; one
// that only grows is not copied. So all states of a trace fit beside each other, and
// every step is at hand.
const unborn = {is: "", r: "follower", t: 0, v: "none", k: "none", c: 0, a: 0, w: "", base: 0, baseTerm: 0, log: {all: [], n: 0}, o: {}};

function changed(was, c) {
  const now = {...was};
  for (const field of ["is", "r", "t", "v", "k", "c", "a", "w"]) if (field in c) now[field] = c[field];
  if (c.b) {
    const gone = Math.min(c.b.Index - was.base, was.log.n);
    now.base = c.b.Index;
    now.baseTerm = c.b.Term;
    const rest = was.log.all.slice(Math.max(gone, 0), was.log.n);
    now.log = {all: rest, n: rest.length};
  }
  if (c.l) {
    const [from, ...entries] = c.l;
    const keep = from - now.base - 1;
    let all = now.log.all;
    if (keep !== all.length) all = all.slice(0, keep);
    for (const e of entries) all.push(e);
    now.log = {all, n: keep + entries.length};
  }
  if (c.o) {
    now.o = {...was.o};
    for (const [node, next, match] of c.o) now.o[node] = [next, match];
  }
  return now;
}

const entryAt = (s, i) => i > s.base && i <= s.base + s.log.n ? [s.log.all[i - s.base - 1]].flat() : null;
const lastOf = s => s.base + s.log.n;
const sameEntry = (a, b) => a === b || a !== null && b !== null && a[0] === b[0] && a[1] === b[1];

// states gives the states of a side's nodes after a step, 0 being the start.
function states(side, nodes, step) {
  const apply = (was, changes) => {
    const now = was.slice();
    for (const c of changes || []) for (const n of [c.n].flat()) now[n - 1] = changed(was[n - 1], c);
    return now;
  };
  side.history = side.history || [apply(nodes.map(() => unborn), side.start)];
  for (let i = side.history.length; i <= step; i++) side.history.push(apply(side.history[i - 1], side.steps[i - 1].changes));
  return side.history[step];
}
