// The local page: shows what the card service says and sends what the holder does. It knows no sentence and no rule of
// its own: a view is data (web/view.py), built here with textContent only. A PIN goes from its field into one request.
"use strict";

const token = document.querySelector('meta[name="page-token"]').content;
const main = document.getElementById("main");
const status = document.getElementById("status");
const languageButton = document.getElementById("language");
const shown = { version: -1, screen: null };

// --- talking to the service -------------------------------------------------------------------------------------

async function call(path, body) {
  const headers = { "X-Kilitcoz-Page": token };
  const options = { headers, cache: "no-store", credentials: "omit", redirect: "error" };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    options.method = "POST";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  if (response.status === 401) { // a page from before a restart of the service
    location.reload();
    return new Promise(() => {});
  }
  if (!response.ok) throw new Error("refused");
  return response.json();
}

async function act(action, body) {
  const view = await call(`/api/${action}`, body || {}).catch(() => null);
  if (view) show(view);
}

async function follow() {
  let failures = 0;
  for (;;) {
    try {
      const view = await call(`/api/view?after=${shown.version}`);
      failures = 0;
      if (view.version > shown.version) show(view);
    } catch {
      failures += 1;
      if (failures === 2) showServiceGone();
      await new Promise((resolve) => setTimeout(resolve, Math.min(failures, 5) * 1000));
    }
  }
}

async function openFromFragment() {
  const capability = new URLSearchParams(location.hash.slice(1)).get("cap");
  if (location.hash) history.replaceState(null, "", "/"); // not in the history, not in the address bar
  if (capability) await act("open", { capability });
}

// --- building -----------------------------------------------------------------------------------------------------

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "onclick" || key === "onsubmit") node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function button(item) {
  const id = `act-${item.action || "go"}`; // so that the focus stays when the page is drawn anew
  const node = element("button", { type: "button", class: `button ${item.look}`, id }, item.label);
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-disabled") === "true") return;
    node.setAttribute("aria-disabled", "true");
    if (item.href) location.assign(item.href);
    else act(item.action).finally(() => node.removeAttribute("aria-disabled"));
  });
  return node;
}

function field(item) {
  const id = `field-${item.name}`;
  const described = [item.hint && `${id}-hint`, item.error && `${id}-error`].filter(Boolean).join(" ");
  const input = element("input", {
    id, name: item.name, type: item.secret ? "password" : "text", class: item.secret ? "pin" : "code-field",
    inputmode: item.secret ? "numeric" : "text", autocomplete: "off", autocapitalize: "characters", autocorrect: "off",
    spellcheck: "false", required: true, "aria-describedby": described || null, "aria-invalid": item.error ? "true" : null,
    "data-lpignore": "true", "data-1p-ignore": true, "data-bwignore": true,
  });
  return element("div", { class: item.error ? "field has-error" : "field" },
    element("label", { for: id }, item.label),
    item.hint ? element("p", { id: `${id}-hint`, class: "hint" }, item.hint) : null,
    item.error ? element("p", { id: `${id}-error`, class: "wrong" }, item.error) : null,
    input);
}

function revealButton(labels, form) {
  const node = element("button", { type: "button", class: "button secondary reveal" }, labels.show);
  node.addEventListener("click", () => {
    const hidden = node.textContent === labels.show;
    for (const input of form.querySelectorAll("input.pin")) input.type = hidden ? "text" : "password";
    node.textContent = hidden ? labels.hide : labels.show;
  });
  return node;
}

function send(form, action) {
  return async (event) => {
    event.preventDefault();
    if (form.dataset.sending) return; // one press, one deed
    form.dataset.sending = "yes";
    await act(action, Object.fromEntries(new FormData(form)));
    delete form.dataset.sending;
  };
}

const builders = {
  problem: (block) => element("div", { class: "problem", id: "problem", role: "alert", tabindex: "-1" },
    element("h3", {}, block.heading),
    element("ul", {}, ...block.items.map((item) => element("li", {},
      item.field ? element("a", { href: `#field-${item.field}` }, item.text) : item.text,
      item.code ? element("span", { class: "code" }, item.code) : null)))),
  text: (block) => element("p", { class: block.look }, block.text),
  note: (block) => element("div", { class: block.look },
    block.heading ? element("h3", {}, block.heading) : null, element("p", {}, block.text)),
  number: (block) => element("div", { class: "number" },
    element("strong", {}, block.value), element("p", {}, block.text)),
  fingerprint: (block) => element("div", { class: "fingerprint" }, element("p", {}, block.text),
    element("p", { class: "groups" }, ...block.groups.flatMap((group) => [element("span", {}, group), " "]))),
  facts: (block) => element("dl", { class: "facts" }, ...block.rows.map((row) =>
    element("div", {}, element("dt", {}, row.term), element("dd", {}, row.text)))),
  steps: (block) => element("ol", { class: "steps" }, ...block.items.map((item) =>
    element("li", { class: item.state, "aria-current": item.state === "now" ? "step" : null }, item.text))),
  buttons: (block) => element("div", { class: "buttons" }, ...block.items.map(button)),
  form: (block) => {
    const form = element("form", { novalidate: true });
    form.append(...block.fields.map(field));
    if (block.reveal) form.append(revealButton(block.reveal, form));
    const submit = element("button", { type: "submit", class: "button primary" }, block.submit);
    form.append(element("div", { class: "buttons" }, submit, ...block.aside.map(button)));
    form.addEventListener("submit", send(form, block.action));
    return form;
  },
  choice: (block) => {
    const form = element("form", { novalidate: true });
    const options = block.options.map((option) => element("label", { class: "option" },
      element("input", { type: "radio", name: block.name, value: option.value, checked: option.checked, id: option.id }),
      element("span", {}, option.label, option.detail ? element("span", { class: "detail" }, option.detail) : null)));
    form.append(element("fieldset", {}, element("legend", {}, block.legend), ...options));
    form.append(...(block.fields || []).map(field));
    form.append(element("div", { class: "buttons" }, element("button", { type: "submit", class: "button primary" }, block.submit)));
    form.addEventListener("submit", send(form, block.action));
    return form;
  },
  box: (block) => element("section", { class: "box", "aria-labelledby": "heading" },
    element("h2", { id: "heading", tabindex: "-1" }, block.heading),
    ...block.texts.map((text) => element("p", {}, text)),
    element("div", { class: "buttons" }, button(block.button))),
};

// --- showing ------------------------------------------------------------------------------------------------------

function show(view) {
  const sameScreen = view.screen === shown.screen;
  const typed = sameScreen ? new Map([...main.querySelectorAll("input.pin, input.code-field")].map((input) => [input.id, input.value])) : new Map();
  const focused = document.activeElement && document.activeElement.id;
  shown.version = view.version;
  shown.screen = view.screen;
  document.documentElement.lang = view.language;
  document.title = view.title;
  document.querySelector(".brand").textContent = view.brand;
  document.querySelector(".skip").textContent = view.skip;
  languageButton.textContent = view.other_language.name;
  languageButton.lang = view.other_language.code;
  main.replaceChildren(...page(view));
  for (const [id, value] of typed) {
    const input = document.getElementById(id);
    if (input) input.value = value;
  }
  settleFocus(sameScreen ? focused : null);
  status.textContent = view.status || "";
}

function page(view) {
  const blocks = view.blocks.map((block) => builders[block.kind](block));
  return [
    element("nav", { "aria-label": view.trail_label },
      element("ol", { class: "trail" }, ...view.trail.map((part) => element("li", {}, part)))),
    element("div", { class: "sheet", "data-screen": view.screen },
      element("h1", {}, view.main_heading),
      view.heading ? element("h2", { id: "heading", tabindex: "-1" }, view.heading) : null, ...blocks),
  ];
}

function settleFocus(before) {
  const problem = document.getElementById("problem");
  const target = problem || (before && document.getElementById(before)) || document.getElementById("heading");
  if (target && document.activeElement !== languageButton) target.focus();
}

function showServiceGone() {
  shown.version = -1;
  shown.screen = "service-gone";
  const { goneHeading, goneText } = document.body.dataset;
  main.replaceChildren(element("div", { class: "sheet" },
    element("h2", { id: "heading", tabindex: "-1" }, goneHeading), element("p", {}, goneText)));
  settleFocus(null);
}

languageButton.addEventListener("click", () => act("language", { language: languageButton.lang }));
main.addEventListener("click", (event) => { // a problem's link goes to its field without leaving a fragment behind
  const link = event.target.closest("a[href^='#field-']");
  if (!link) return;
  event.preventDefault();
  const target = document.getElementById(link.getAttribute("href").slice(1));
  if (target) target.focus();
});
addEventListener("hashchange", openFromFragment);
addEventListener("pagehide", () => main.querySelectorAll("input").forEach((input) => { input.value = ""; }));
openFromFragment().then(follow);
