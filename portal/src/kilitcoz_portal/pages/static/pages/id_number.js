// The check digits of a T.C. Kimlik No: a slip of the finger is pointed out before the form is sent, once.

const slip = document.querySelector("[data-slip]");
const field = document.querySelector("[name=id_number]");

function hasSlip(number) {
  if (!/^[0-9]{11}$/.test(number)) return false;
  const digits = Array.from(number, Number);
  const odd = digits[0] + digits[2] + digits[4] + digits[6] + digits[8];
  const even = digits[1] + digits[3] + digits[5] + digits[7];
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  const eleventh = digits.slice(0, 10).reduce((sum, digit) => sum + digit) % 10;
  return digits[0] === 0 || digits[9] !== tenth || digits[10] !== eleventh;
}

field.addEventListener("change", () => {
  const number = field.value.replace(/\s/g, "");
  const found = hasSlip(number);
  slip.textContent = found ? slip.dataset.slip : "";
  if (found) field.form.elements.hinted.value = number;
});
