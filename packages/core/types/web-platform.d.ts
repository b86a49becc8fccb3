/**
 * The few web-platform globals that core relies on, declared here because core compiles without
 * the types of any runtime. Node, workerd and browsers all have them; the packages that use core
 * bring their own, fuller declarations.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

interface ReadableStreamReadResult<T> {
  done: boolean;
  value: T | undefined;
}

interface ReadableStreamDefaultReader<T> {
  read(): Promise<ReadableStreamReadResult<T>>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

interface ReadableStreamBYOBReader {
  read<View extends Uint8Array>(view: View): Promise<ReadableStreamReadResult<View>>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

interface ReadableStream<T> {
  getReader(): ReadableStreamDefaultReader<T>;
  getReader(options: { mode: "byob" }): ReadableStreamBYOBReader;
}

declare const crypto: {
  getRandomValues<View extends Uint8Array>(view: View): View;
};

declare function atob(text: string): string;
declare function btoa(binary: string): string;

interface CryptoKey {
  readonly type: string;
}

/** The parts of WebCrypto that core uses; every runtime's own type is wider. */
interface SubtleCrypto {
  digest(algorithm: "SHA-256", data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  importKey(
    format: "raw",
    keyData: Uint8Array<ArrayBuffer>,
    algorithm: "HKDF" | "AES-GCM" | { name: "HMAC"; hash: "SHA-256" },
    extractable: boolean,
    usages: ("deriveBits" | "encrypt" | "decrypt" | "sign")[],
  ): Promise<CryptoKey>;
  importKey(
    format: "pkcs8" | "raw",
    keyData: Uint8Array<ArrayBuffer>,
    algorithm: "Ed25519",
    extractable: boolean,
    usages: ("sign" | "verify")[],
  ): Promise<CryptoKey>;
  /** Bytes or, for the format asked for here, always members. */
  exportKey(format: "jwk", key: CryptoKey): Promise<ArrayBuffer | { readonly x?: string }>;
  deriveBits(
    algorithm: {
      name: "HKDF";
      hash: "SHA-256" | "SHA-512";
      salt: Uint8Array<ArrayBuffer>;
      info: Uint8Array<ArrayBuffer>;
    },
    baseKey: CryptoKey,
    bitLength: number,
  ): Promise<ArrayBuffer>;
  encrypt(
    algorithm: {
      name: "AES-GCM";
      iv: Uint8Array<ArrayBuffer>;
      additionalData: Uint8Array<ArrayBuffer>;
    },
    key: CryptoKey,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<ArrayBuffer>;
  decrypt(
    algorithm: {
      name: "AES-GCM";
      iv: Uint8Array<ArrayBuffer>;
      additionalData: Uint8Array<ArrayBuffer>;
    },
    key: CryptoKey,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<ArrayBuffer>;
  sign(
    algorithm: "HMAC" | "Ed25519",
    key: CryptoKey,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<ArrayBuffer>;
  verify(
    algorithm: "Ed25519",
    key: CryptoKey,
    signature: Uint8Array<ArrayBuffer>,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
}

declare class URL {
  constructor(url: string);
  readonly hostname: string;
}
