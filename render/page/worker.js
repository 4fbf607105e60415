// The worker in which raftsheet runs. It is sent the program, in base64 or compiled, and
// then one request after the other.
"use strict";
const asBytes = base64 => Uint8Array.fromBase64 ? Uint8Array.fromBase64(base64) : Uint8Array.from(atob(base64), c => c.charCodeAt(0));

async function compiled(base64) {
  const program = new Blob([asBytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(program, {headers: {"Content-Type": "application/wasm"}}));
}

async function start({program, module}) {
  module = module || await compiled(program);
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  go.run(instance).then(() => reportError(new Error("it has ended")));
  postMessage({module});
}

self.onmessage = e => {
  if (e.data instanceof Uint8Array) {
    const reply = raftsheet(e.data);
    postMessage(reply, [reply.buffer]);
  } else {
    start(e.data).catch(err => postMessage({failed: String(err)}));
  }
};
