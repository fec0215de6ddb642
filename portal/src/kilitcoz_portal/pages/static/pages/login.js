// Figure 3: another picture without losing what was typed, the proof of work, showing the word. All of it is extra:
// the form works without this file.

const form = document.querySelector("[data-human-check]");
const say = form.dataset;
const token = form.elements.csrfmiddlewaretoken.value;
const state = form.querySelector(".work-state");
const picture = form.querySelector(".picture img");
const audio = form.querySelector("audio");
const typed = form.elements.picture_text;
const work = form.querySelector(".work");
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
    typed.value = "";
    typed.disabled = true;
    state.textContent = say.proved;
  };
  worker.onerror = () => {
    worker.terminate();
    state.textContent = say.unproved;
  };
  worker.postMessage(await answer.json());
}

// The check digits of a T.C. Kimlik No: a slip of the finger is pointed out before the form is sent, once.
function hasSlip(number) {
  if (!/^[0-9]{11}$/.test(number)) return false;
  const digits = Array.from(number, Number);
  const odd = digits[0] + digits[2] + digits[4] + digits[6] + digits[8];
  const even = digits[1] + digits[3] + digits[5] + digits[7];
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  const eleventh = digits.slice(0, 10).reduce((sum, digit) => sum + digit) % 10;
  return digits[0] === 0 || digits[9] !== tenth || digits[10] !== eleventh;
}

const slip = form.querySelector("[data-slip]");

function pointOut({ target }) {
  const number = target.value.replace(/\s/g, "");
  const found = hasSlip(number);
  slip.textContent = found ? slip.dataset.slip : "";
  if (found) form.elements.hinted.value = number;
}

form.elements.id_number.addEventListener("change", pointOut);

const word = form.elements.word;
const showWord = form.querySelector(".show-word");
showWord.hidden = false;

function toggleWord() {
  const shown = word.type === "password";
  word.type = shown ? "text" : "password";
  showWord.textContent = shown ? say.hide : say.show;
  showWord.setAttribute("aria-pressed", String(shown));
}

if (work) { // a trusted browser has no check
  work.hidden = !canWork;
  document.querySelector("[name=new_picture]").addEventListener("click", anotherPicture);
  work.querySelector("button").addEventListener("click", prove);
}
showWord.addEventListener("click", toggleWord);
form.addEventListener("submit", () => { word.type = "password"; });
