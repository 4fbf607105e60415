"use strict";
// What every page's script begins with. All text is set as text, never as markup.

// What Go has written for the page.
const written = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);

// ---- Elements ---------------------------------------------------------------------

// el makes an element: its attributes, where class and text are said so, then what is
// in it. What is null or false is left out.
function el(tag, attributes, ...inside) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") e.className = value;
    else if (name === "text") e.textContent = value;
    else if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...inside.filter(x => x !== null && x !== undefined && x !== false));
  return e;
}
const bdi = text => el("bdi", {text});
