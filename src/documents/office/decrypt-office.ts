import { createDecipheriv, createHash, timingSafeEqual } from "node:crypto";
import { unusable } from "../parser.ts";
import { decodeText } from "../text/text-encoding.ts";
import { child, descendants, readXml, type XmlNode } from "../text/read-xml.ts";
import { openCompoundFile } from "./compound-file.ts";

/**
 * The Office file within an encrypted one, by the first password that opens it ([MS-OFFCRYPTO]: agile and standard
 * encryption). Throws LORAG_ENCRYPTED where none does.
 */
export function decryptOffice(bytes: Uint8Array, passwords: string[]): Uint8Array {
  const { streams } = openCompoundFile(bytes);
  const info = streams.get("EncryptionInfo")?.();
  const content = streams.get("EncryptedPackage")?.();
  if (!info || !content || info.length < 8 || content.length < 8)
    throw locked("it is encrypted in a way that is not read");
  const table = Buffer.from(info);
  const [major, minor] = [table.readUInt16LE(0), table.readUInt16LE(2)];
  const open =
    major === 4 && minor === 4
      ? agile(table.subarray(8))
      : minor === 2 && major >= 2 && major <= 4
        ? standard(table)
        : undefined;
  if (!open) throw locked("it is encrypted in a way that is not read");
  const size = Number(Buffer.from(content).readBigUInt64LE(0));
  // Excel protects workbooks that only their structure is locked of with this one.
  for (const password of [...passwords, "VelvetSweatshop"]) {
    const plain = open(password, content.subarray(8));
    if (plain) return plain.subarray(0, Math.min(size, plain.length));
  }
  throw locked(
    passwords.length === 0 ? "it is encrypted" : "it is encrypted, and none of the passwords opens it",
  );
}

export function locked(what: string, cause?: unknown): Error {
  return unusable(
    "LORAG_ENCRYPTED",
    what,
    "Give its password under parsing.passwords, or save a copy without one.",
    cause,
  );
}

type Open = (password: string, content: Uint8Array) => Buffer | undefined;

const hash = (algorithm: string, ...parts: Uint8Array[]): Buffer => {
  const made = createHash(algorithm);
  for (const part of parts) made.update(part);
  return made.digest();
};

const little = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
};

/** Longer spinning is no protection, but an attack. */
const mostSpins = 10_000_000;

function spin(algorithm: string, salt: Uint8Array, password: string, times: number): Buffer {
  let value = hash(algorithm, salt, Buffer.from(password, "utf16le"));
  for (let i = 0; i < Math.min(times, mostSpins); i++) value = hash(algorithm, little(i), value);
  return value;
}

/** To a length: cut, or filled with 0x36. */
function fit(bytes: Buffer, length: number): Buffer {
  return bytes.length >= length
    ? bytes.subarray(0, length)
    : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, 0x36)]);
}

function decipher(key: Buffer, iv: Buffer | null, data: Uint8Array, mode: "cbc" | "ecb"): Buffer {
  const cipher = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, iv);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data.subarray(0, data.length - (data.length % 16))), cipher.final()]);
}

/** Names of the steps that a password's hash is used for. ([MS-OFFCRYPTO] 2.3.4.13.) */
const blockKeys = {
  verifierInput: Buffer.from("fea7d2763b4b9e79", "hex"),
  verifierValue: Buffer.from("d7aa0f6d3061344e", "hex"),
  key: Buffer.from("146e0be7abacd0d6", "hex"),
};

function agile(description: Uint8Array): Open | undefined {
  const root = readXml(decodeText(description), "EncryptionInfo");
  const data = child(root, "keyData");
  const encryptor: XmlNode | undefined = [...descendants(root, "encryptedKey")][0];
  if (!data || !encryptor) return undefined;
  const base64 = (node: XmlNode, name: string): Buffer => Buffer.from(node.attributes[name] ?? "", "base64");
  const algorithm = (node: XmlNode): string =>
    (node.attributes["hashAlgorithm"] ?? "SHA512").toLowerCase().replace("-", "");
  const salt = base64(encryptor, "saltValue");
  const keyLength = Number(encryptor.attributes["keyBits"] ?? 256) / 8;
  return (password, content) => {
    try {
      const spun = spin(
        algorithm(encryptor),
        salt,
        password,
        Number(encryptor.attributes["spinCount"] ?? 100_000),
      );
      const unlock = (step: Buffer, name: string): Buffer =>
        decipher(
          fit(hash(algorithm(encryptor), spun, step), keyLength),
          fit(salt, 16),
          base64(encryptor, name),
          "cbc",
        );
      const expected = unlock(blockKeys.verifierValue, "encryptedVerifierHashValue");
      const actual = hash(
        algorithm(encryptor),
        unlock(blockKeys.verifierInput, "encryptedVerifierHashInput").subarray(0, salt.length),
      );
      if (!actual.equals(expected.subarray(0, actual.length))) return undefined;
      const key = unlock(blockKeys.key, "encryptedKeyValue").subarray(0, keyLength);
      const dataSalt = base64(data, "saltValue");
      const parts: Buffer[] = [];
      for (let at = 0, segment = 0; at < content.length; at += 4096, segment++) {
        const iv = fit(hash(algorithm(data), dataSalt, little(segment)), 16);
        parts.push(decipher(key, iv, content.subarray(at, at + 4096), "cbc"));
      }
      return Buffer.concat(parts);
    } catch {
      return undefined;
    }
  };
}

function standard(info: Buffer): Open | undefined {
  const headerSize = info.readUInt32LE(8);
  const header = info.subarray(12, 12 + headerSize);
  const verifier = info.subarray(12 + headerSize);
  if (header.length < 32 || verifier.length < 72) return undefined;
  const keyLength = (header.readUInt32LE(16) || 128) / 8;
  const salt = verifier.subarray(4, 20);
  return (password, content) => {
    try {
      const spun = hash("sha1", spin("sha1", salt, password, 50_000), little(0));
      const derive = (fill: number): Buffer => {
        const pad = Buffer.alloc(64, fill);
        for (let i = 0; i < spun.length; i++) pad[i]! ^= spun[i]!;
        return hash("sha1", pad);
      };
      const key = Buffer.concat([derive(0x36), derive(0x5c)]).subarray(0, keyLength);
      const secret = decipher(key, null, verifier.subarray(20, 36), "ecb");
      const expected = decipher(key, null, verifier.subarray(40, 72), "ecb").subarray(0, 20);
      if (!timingSafeEqual(hash("sha1", secret), expected)) return undefined;
      return decipher(key, null, content, "ecb");
    } catch {
      return undefined;
    }
  };
}
