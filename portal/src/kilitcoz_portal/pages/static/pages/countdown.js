// Figure 5: counts a code's seconds down, and holds the "another code" button back until it may be used.
// Without this file the page shows the seconds as of its loading, and the server says when it is too soon.

const began = performance.now();
const elapsed = () => Math.floor((performance.now() - began) / 1000);

const timer = document.querySelector("[data-countdown]");
const status = document.querySelector("[data-late]");
const again = document.querySelector("[data-wait]");
const againText = again.textContent;

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

function countDown() {
  const left = Math.max(0, Number(timer.dataset.countdown) - elapsed());
  timer.querySelector("strong").textContent = String(left);
  if (left === 0) {
    timer.hidden = true;
    say(status.dataset.late);
  } else if (left <= 60) {
    say(status.dataset.soon);
  }
}

function holdBack() {
  const left = Math.max(0, Number(again.dataset.wait) - elapsed());
  again.setAttribute("aria-disabled", String(left > 0));
  again.textContent = left > 0 ? again.dataset.waitText.replace("{}", String(left)) : againText;
}

again.addEventListener("click", (event) => {
  if (again.getAttribute("aria-disabled") === "true") event.preventDefault();
});

function tick() {
  if (timer) countDown();
  holdBack();
}

tick();
setInterval(tick, 500);
