/** A device key in this process: imported into WebCrypto, from where it can't be read again. */
import type { DeviceKey } from "../ports.ts";
import { copySecret, secretBytes } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";

const keyByteLength = 32;

/** Takes over `bytes`, which are wiped. */
export async function importDeviceKey(bytes: Uint8Array<ArrayBuffer>): Promise<DeviceKey> {
  if (bytes.length !== keyByteLength) {
    throw new VaultError("damaged", { parts: ["device key"] });
  }
  const key = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
  bytes.fill(0);
  return {
    derive: async (info, byteLength) => {
      const parameters = {
        name: "HKDF",
        hash: "SHA-256",
        salt: new Uint8Array(0),
        info: Uint8Array.from(info),
      };
      return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, byteLength * 8));
    },
  };
}

/** A fresh key, and its bytes to be kept and then wiped by the caller. */
export async function newDeviceKey(): Promise<{
  bytes: Uint8Array<ArrayBuffer>;
  deviceKey: DeviceKey;
}> {
  const bytes = crypto.getRandomValues(secretBytes(keyByteLength));
  return { bytes, deviceKey: await importDeviceKey(copySecret(bytes)) };
}
