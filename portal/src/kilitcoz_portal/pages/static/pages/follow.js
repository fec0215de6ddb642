// The card-service page: follows the operation by asking the portal every two seconds, fetches a pairing code in place.
// It never asks the card service itself: no page of ours fetches loopback.

const box = document.querySelector("[data-follow]");
const line = box.querySelector(".live span");

let refusals = 0;

function say(text) {
  if (line.textContent !== text) line.textContent = text;
}

async function look() {
  const answer = await fetch(box.dataset.follow, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer === null || answer.status >= 500) {
    say(box.dataset.lost);
    return;
  }
  if (!answer.ok) {
    // The first refusal may be a login that another tab is just completing: this one still asked as the stranger of before.
    refusals += 1;
    if (refusals > 1) location.reload();
    return;
  }
  refusals = 0;
  const now = await answer.json();
  const leftTheDoor = box.dataset.state === "authorised" && now.state !== "authorised";
  const ended = !now.is_open && now.state !== box.dataset.state;
  if (ended || leftTheDoor) {
    location.reload();
    return;
  }
  say(now.sentence);
}

async function follow() {
  await look();
  setTimeout(follow, 2000);
}

setTimeout(follow, 1000);

const pairing = document.querySelector("[data-pairing]");
pairing?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(pairing);
  const answer = await fetch(pairing.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    location.reload();
    return;
  }
  pairing.querySelector(".pairing").textContent = (await answer.json()).pairing_code;
  pairing.querySelector("[role=status]").hidden = false;
});
