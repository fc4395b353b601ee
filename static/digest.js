// SHA-256 in script: browsers offer crypto.subtle only over https and on this machine, and for no more than fits into memory.
import { sha256 } from "./vendor/noble-hashes/sha2.js";
import { bytesToHex } from "./vendor/noble-hashes/utils.js";

const PIECE = 1 << 20;

// Of a file or a part of one, as hex; in pieces, so that the page stays alive.
export const digest = async (blob) => {
  const hash = sha256.create();
  for (let at = 0; at < blob.size; at += PIECE) {
    hash.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
};
