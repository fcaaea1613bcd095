// The worker behind key files: passphrase encryption and decryption in the age format.
import { Decrypter, Encrypter, armor } from "age-encryption";

self.onmessage = async (event) => {
  const { deed, passphrase } = event.data;
  try {
    if (deed === "encrypt") {
      const encrypter = new Encrypter();
      encrypter.setPassphrase(passphrase);
      self.postMessage({ result: await encrypter.encrypt(event.data.content) });
    } else {
      const decrypter = new Decrypter();
      decrypter.addPassphrase(passphrase);
      const text = new TextDecoder().decode(event.data.bytes);
      const bytes = text.startsWith("-----BEGIN AGE") ? armor.decode(text) : event.data.bytes;
      self.postMessage({ result: await decrypter.decrypt(bytes, "text") });
    }
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
