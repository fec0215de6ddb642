// The human check: another picture without losing what was typed, and the proof of work. All of it is extra: the
// form works without this file.

const check = document.querySelector("[data-human-check]");
const form = check.form;
const say = check.dataset;
const token = form.elements.csrfmiddlewaretoken.value;
const state = check.querySelector(".work-state");
const picture = check.querySelector(".picture img");
const audio = check.querySelector("audio");
const typed = form.elements.picture_text;
const work = check.querySelector(".work");
const canWork = Boolean(globalThis.crypto?.subtle && globalThis.Worker);

function part(name) {
  return `${say.checks}${form.elements.check.value}/${name}`;
}

async function anotherPicture(event) {
  event.preventDefault();
  const answer = await fetch(say.another, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
  if (!answer?.ok) {
    location.reload();
    return;
  }
  form.elements.check.value = (await answer.json()).check;
  form.elements.proof.value = "";
  picture.src = part("resim.png");
  audio.src = part("ses.wav");
  typed.disabled = false;
  typed.value = "";
  state.textContent = "";
  work.hidden = !canWork;
  typed.focus();
}

async function prove() {
  work.hidden = true;
  state.textContent = say.working;
  const answer = await fetch(part("is.json")).catch(() => null);
  if (!answer?.ok) {
    state.textContent = say.unproved;
    return;
  }
  const worker = new Worker(say.worker);
  worker.onmessage = ({ data }) => {
    worker.terminate();
    form.elements.proof.value = data;
    typed.disabled = document.activeElement !== typed; // nobody is thrown out of the field they type in
    state.textContent = say.proved;
  };
  worker.onerror = () => {
    worker.terminate();
    state.textContent = say.unproved;
  };
  worker.postMessage(await answer.json());
}

work.hidden = !canWork;
document.querySelector("[name=new_picture]").addEventListener("click", anotherPicture);
work.querySelector("button").addEventListener("click", prove);
// Where many wait for a turn, who worked for it goes first: the computer works while the holder types.
if (canWork && "crowded" in say && !form.elements.proof.value) prove();
