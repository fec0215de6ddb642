// Passkeys: asks the portal for its question, the browser for the answer, and sends the form with it. Without this
// file, or where the browser has no passkeys, the button stays hidden and the SMS code is there.

const form = document.querySelector("[data-passkey]");
const say = form.dataset;
const button = form.querySelector("button");
const state = form.querySelector(".passkey-state");

const SENTENCES = {
  NotAllowedError: say.cancelled,
  AbortError: say.cancelled,
  InvalidStateError: say.known,
  SecurityError: say.insecure,
  NotSupportedError: say.unfit,
  ConstraintError: say.unfit,
};

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function found(credentials) {
  return (credentials ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
}

function create(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const challenge = bytes(options.challenge);
  const excludeCredentials = found(options.excludeCredentials);
  return navigator.credentials.create({ publicKey: { ...options, challenge, user, excludeCredentials } });
}

function get(options) {
  const challenge = bytes(options.challenge);
  return navigator.credentials.get({ publicKey: { ...options, challenge, allowCredentials: found(options.allowCredentials) } });
}

function answer({ id, rawId, type, response }) {
  const sent = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) sent[part] = text(response[part]);
  }
  if (response.getTransports) sent.transports = response.getTransports();
  return JSON.stringify({ id, rawId: text(rawId), type, response: sent });
}

async function question() {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answered = await fetch(say.question, { method: "POST", body, redirect: "error" });
  if (!answered.ok) throw new TypeError(String(answered.status));
  return answered.json();
}

async function ask(event) {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  state.textContent = say.waiting;
  const options = await question().catch(() => null);
  if (options === null) {
    location.reload();
    return;
  }
  try {
    form.elements.answer.value = answer(await (say.passkey === "create" ? create(options) : get(options)));
    form.submit();
  } catch (error) {
    state.textContent = SENTENCES[error.name] ?? say.failed;
    button.removeAttribute("aria-disabled");
    button.focus();
  }
}

form.querySelector("[data-without-script]").hidden = true;
if (globalThis.PublicKeyCredential && navigator.credentials) {
  button.hidden = false;
  form.addEventListener("submit", ask);
} else {
  state.textContent = say.unsupported;
}
