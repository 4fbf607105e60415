// How the page asks raftsheet: a worker in the page, or the server that the page came
// from. Either is a function from a request to the promise of its reply.

// An asker has one request under way. Of those that wait, a later one of a kind takes the
// place of an earlier, and a reply that a later request has overtaken is null: whoever
// types waits for nothing that no longer matters. A kind is what is to be done, unless
// whoever asks names another.
function asker(send) {
  const waiting = new Map();
  let busy = null;
  function next() {
    if (busy || waiting.size === 0) return;
    const [kind, one] = waiting.entries().next().value;
    waiting.delete(kind);
    busy = one;
    send(one.request).then(reply => {
      busy = null;
      one.resolve(one.overtaken ? null : reply);
      next();
    });
  }
  return (request, kind = request.do) => new Promise(resolve => {
    if (waiting.has(kind)) waiting.get(kind).resolve(null);
    if (busy && busy.kind === kind) busy.overtaken = true;
    waiting.set(kind, {kind, request, resolve});
    next();
  });
}

// ---- A worker ---------------------------------------------------------------------

const mostTime = 5000; // milliseconds for a reply

// inWorker runs the program in a worker of its own. One that dies, or takes too long, is
// started again; of compiled programs the page keeps one. The function lost is told.
function inWorker(code, program, lost) {
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  let worker = null, ready = null;
  let runs = false; // whether it can be asked at once

  function start() {
    worker = new Worker(code);
    const one = worker;
    runs = false;
    ready = new Promise((resolve, reject) => {
      one.onmessage = e => {
        if (e.data.failed) return reject(e.data.failed);
        runs = true;
        resolve(program.module = e.data.module);
      };
      one.onerror = e => { e.preventDefault(); reject(e.message); };
    });
    ready.catch(() => {}); // whoever asks is told
    one.postMessage(program.module ? {module: program.module} : {program: program.base64});
  }

  function again(why) {
    worker.terminate();
    start();
    lost(why);
    return {error: why};
  }

  function post(request) {
    const one = worker;
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(again("This took raftsheet more than " + mostTime / 1000 + " seconds. It was stopped, and started again; the command line takes longer traces.")), mostTime);
      one.onmessage = e => { clearTimeout(timer); resolve(JSON.parse(decoder.decode(e.data))); };
      one.onerror = e => { e.preventDefault(); clearTimeout(timer); resolve(again("raftsheet stopped at this text (" + e.message + "), and was started again.")); };
      one.postMessage(encoder.encode(JSON.stringify(request)));
    });
  }

  // send posts at once where it can: the worker begins while the page still draws.
  const send = request => runs ? post(request)
    : ready.then(() => post(request), err => ({error: "raftsheet cannot run in this browser: " + err}));
  start();
  return {send, ready: () => ready};
}

// inPage gives two askers: one for who types, one for what takes longer, so that the first
// never waits for it.
function inPage(lost) {
  const code = URL.createObjectURL(new Blob([$("worker").textContent], {type: "text/javascript"}));
  const program = {base64: $("program").textContent, module: null};
  const quick = inWorker(code, program, lost);
  let slow = null;
  const later = async request => {
    await quick.ready().catch(() => {});
    slow = slow || inWorker(code, program, lost);
    return slow.send(request);
  };
  return {quick: asker(quick.send), slow: asker(later)};
}

// ---- A server ---------------------------------------------------------------------

// fromServer gives the same, of the server.
function fromServer() {
  const send = async request => {
    try {
      const reply = await fetch("ask", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(request)});
      return reply.ok ? await reply.json() : {error: await reply.text()};
    } catch {
      return {error: "raftsheet serve does not answer; is it still running?"};
    }
  };
  return {quick: asker(send), slow: asker(send)};
}
