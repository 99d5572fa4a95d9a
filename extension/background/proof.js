// How the helper proves that it is the one we were paired with. A program that squats on its port cannot.
import { fromBase64Url, randomBytes, toBase64Url } from "./bytes.js";

const PREFIX = "nightlight-proof-v1:";

/** A nonce for one proof: 32 random bytes, base64url. */
export function newNonce() {
  return toBase64Url(randomBytes(32));
}

/**
 * Whether the proof is the HMAC-SHA256 of the nonce under the pairing's proof key. Compared in constant time.
 * @param {string} proofKey base64url @param {string} nonce @param {unknown} proof base64url
 */
export async function isProof(proofKey, nonce, proof) {
  if (typeof proof !== "string") return false;
  try {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", fromBase64Url(proofKey), algorithm, false, ["verify"]);
    return await crypto.subtle.verify("HMAC", key, fromBase64Url(proof), new TextEncoder().encode(PREFIX + nonce));
  } catch {
    return false; // not base64url at all
  }
}
