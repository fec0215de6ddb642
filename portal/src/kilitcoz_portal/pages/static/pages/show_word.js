// Shows a word that is being typed, and hides it again; it is hidden when it is sent.

for (const button of document.querySelectorAll(".show-word")) {
  const word = document.getElementById(button.getAttribute("aria-controls"));

  const turn = (shown) => {
    word.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(word.type === "password"));
  word.form.addEventListener("submit", () => turn(false));
}
