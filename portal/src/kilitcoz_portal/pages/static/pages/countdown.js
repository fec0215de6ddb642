// Figure 5: follows a code until it has left, counts its seconds down, and holds the "another code" button back until
// it may be used. Without this file the page shows how it was when it was loaded, and a link to look again.
// Figure 3 uses it for its button, where tries came too fast.

const began = performance.now();
const elapsed = () => Math.floor((performance.now() - began) / 1000);

const timer = document.querySelector("[data-countdown]");
const status = document.querySelector("[data-late]");
const again = document.querySelector("[data-wait]");
const againText = again?.textContent;
const onItsWay = document.querySelector("[data-stage]");
const field = document.querySelector("input[name=sms_code]");

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

again?.addEventListener("click", (event) => {
  if (again.getAttribute("aria-disabled") === "true") event.preventDefault();
});

function tick() {
  if (timer) countDown();
  if (again) holdBack();
}

// What is being typed is not thrown away: a code that arrived before we heard of it may be sent off as it is.
async function look() {
  const answer = await fetch(onItsWay.dataset.stageAt, { headers: { Accept: "application/json" } }).catch(() => null);
  const gone = answer?.status === 404;
  const moved = answer?.ok && (await answer.json()).stage !== onItsWay.dataset.stage;
  if ((gone || moved) && field.value === "") {
    location.assign(onItsWay.dataset.here);
    return;
  }
  setTimeout(look, 2000);
}

if (onItsWay) setTimeout(look, 1000);

tick();
setInterval(tick, 500);
