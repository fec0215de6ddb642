// The link in the e-mail carries its code behind `#`, which no server sees: here it goes into the field, and out of
// the address. Without this file the code is typed.

function take() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!code) return;
  document.querySelector("[name=letter_code]").value = code;
  history.replaceState(null, "", location.pathname);
}

addEventListener("hashchange", take);
take();
