// On every page of a signed-in holder: warns before the session ends for want of use, and lets one tap go on; says
// beforehand when the hour is over. It asks the server how long is left without being a sign of life itself. At the
// end the page leaves for the sign-in, and nothing typed stays on the screen. Without this file a line tells the time.

const dialog = document.querySelector("[data-session]");
const last = document.querySelector("[data-session-last]");
const say = dialog.dataset;
const form = dialog.querySelector("form");
const seconds = dialog.querySelector("[role=timer]");
const ASK_AGAIN = 10_000;
const FORM_TAKES = 10_000;

let endsIdle;
let endsAbsolute;
let askedAt = Date.now();
let asking = false;
let submittedAt = 0;

function take({ idle, absolute }) {
  endsIdle = Date.now() + idle * 1000;
  endsAbsolute = Date.now() + absolute * 1000;
}

function leave() {
  if (Date.now() - submittedAt < FORM_TAKES) return;
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea")) field.value = "";
  document.querySelector("main").hidden = true;
  location.replace(say.ended);
}

async function hear(request) {
  asking = true;
  askedAt = Date.now();
  const answer = await fetch(...request).catch(() => null);
  asking = false;
  if (answer?.ok) take(await answer.json());
  else if (answer !== null && answer.status < 500) leave();
  else if (Date.now() >= endsIdle) leave();
}

function warn() {
  const left = Math.max(0, Math.ceil((endsIdle - Date.now()) / 1000));
  seconds.textContent = String(left);
  if (!dialog.open) dialog.showModal();
}

function look() {
  const now = Date.now();
  const idle = (endsIdle - now) / 1000;
  const absolute = (endsAbsolute - now) / 1000;
  if (absolute <= say.last && !last.textContent) last.textContent = last.dataset.text;
  const close = idle <= say.warn;
  const known = now - askedAt < ASK_AGAIN;
  if (close && !asking && (!known || idle <= 0)) hear([say.session]);
  else if (close && known && endsIdle < endsAbsolute) warn();
  else if (!close && dialog.open) dialog.close();
}

async function goOn(event) {
  event.preventDefault();
  await hear([form.action, { method: "POST", body: new FormData(form) }]);
  look();
}

form.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-leave]")) goOn(event);
});
dialog.addEventListener("cancel", goOn);
// A form on its way may be what ends the session ("Çıkış"); its own page says so, and better.
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) submittedAt = Date.now();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !asking) hear([say.session]).then(look);
});

document.querySelector("[data-session-line]").hidden = true;
take({ idle: Number(say.idle), absolute: Number(say.absolute) });
look();
setInterval(look, 1000);
