// Solves an altcha v2 challenge (PBKDF2): finds the counter whose derived key begins with the wanted prefix, and
// answers with the payload that altcha's server library checks.

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function derive({ nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: cost };
  return hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
}

onmessage = async ({ data: challenge }) => {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const input = { nonce: bytes(nonce), salt: bytes(salt), cost, keyLength };
  for (let counter = 0; ; counter += 1) {
    const derivedKey = await derive(input, counter);
    if (derivedKey.startsWith(keyPrefix)) {
      postMessage(btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } })));
      return;
    }
  }
};
