// Reads GIFT with the parser of npm's gift-pegjs, and prints the questions as JSON as
// read.py does.
const fs = require("fs");
const {parse} = require(process.argv[2]);

const entities = {amp: "&", lt: "<", gt: ">", quot: '"'};
const text = page => page.replace(/<\/(p|td|th|li)>|<br>/g, "\n").replace(/<[^>]*>/g, "").replace(/&(\w+);/g, (_, name) => entities[name]);

function question(q) {
  if (q.type === "Category") return {name: q.title, text: "", cells: []};
  const out = {name: q.title, text: text(q.stem.text), kind: q.type, why: text(q.globalFeedback.text), cells: [{options: []}]};
  if (q.type === "Matching") {
    out.cells = q.matchPairs.map(p => ({label: text(p.subquestion.text), options: [{text: p.subanswer, right: true}]}));
  } else {
    out.cells[0].options = q.choices.map(c => ({text: q.type === "Short" ? c.text.text : text(c.text.text), right: c.isCorrect}));
  }
  return out;
}

console.log(JSON.stringify(process.argv.slice(3).map(name => parse(fs.readFileSync(name, "utf8")).map(question))));
