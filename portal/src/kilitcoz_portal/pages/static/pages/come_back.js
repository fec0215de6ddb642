// Back from the card service: the completion secret is in the fragment, where no server and no log sees it.

const form = document.querySelector("[data-come-back]");
form.elements.completion.value = new URLSearchParams(location.hash.slice(1)).get("c") ?? "";
history.replaceState(null, "", location.pathname);
if (form.elements.completion.value) form.requestSubmit();
