// The only door to the outside: talks with the helper on this computer, after it has proved itself. Judges nothing.
import { isProof, newNonce } from "./proof.js";
import { changeSettings, readSettings } from "./settings.js";

const PROOF_MS = 10_000; // a proof older than this is asked for again
const TIMEOUT_MS = 4000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** The helper could not be reached, or did not prove itself. */
export class Resting extends Error {}
/** There is no pairing that the helper knows. */
export class Unpaired extends Error {}
/** The helper answered that it will not do this. `type` is the problem's stable name. */
export class Refused extends Error {
  /** @param {string} type @param {number} status */
  constructor(type, status) {
    super(type);
    this.type = type;
    this.status = status;
  }
}

let provedAt = 0;
let failures = 0;
let restUntil = 0;
/** @type {Promise<void> | null} */
let proving = null;

/** @param {number} port @param {string} path @param {object} body @param {Record<string, string>} headers */
async function post(port, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body),
      cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new Resting("no answer");
  }
  /** @type {any} */
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  if (response.ok) throw new Resting("not an answer of the helper");
  const type = typeof answer?.type === "string" ? answer.type.replace(/^urn:nightlight:/, "") : "";
  throw new Refused(type, response.status);
}

function failed() {
  provedAt = 0;
  failures += 1;
  restUntil = Date.now() + Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
}

function succeeded() {
  failures = 0;
  restUntil = 0;
}

/** @param {number} port @param {Pairing} pairing */
async function prove(port, pairing) {
  const nonce = newNonce();
  let answer;
  try {
    answer = await post(port, "/v1/prove", { pairing: pairing.id, nonce });
  } catch (error) {
    // Nothing has been proved yet, so this word alone does not make us forget the pairing.
    if (error instanceof Refused && (error.type === "not-found" || error.type === "token" || error.type === "origin")) {
      throw new Unpaired();
    }
    throw error instanceof Refused ? new Resting(error.type) : error;
  }
  if (!(await isProof(pairing.proofKey, nonce, answer.proof))) throw new Resting("not the helper we know");
  provedAt = Date.now();
}

/**
 * One request to the helper, which has proved itself first.
 * @param {string} path @param {object} body
 * @param {boolean} atOnce asks even while waiting after a failure: a person is looking
 * @returns {Promise<any>} @throws {Resting | Unpaired | Refused}
 */
export async function askHelper(path, body, atOnce = false) {
  const { port, pairing } = await readSettings();
  if (!pairing) throw new Unpaired();
  if (!atOnce && Date.now() < restUntil) throw new Resting("waiting");
  try {
    if (Date.now() - provedAt > PROOF_MS) {
      proving ??= prove(port, pairing).finally(() => { proving = null; });
      await proving;
    }
    const answer = await post(port, path, body, { Authorization: `Bearer ${pairing.token}` });
    succeeded();
    return answer;
  } catch (error) {
    if (error instanceof Refused && (error.status === 401 || error.type === "token" || error.type === "origin")) {
      // The helper that has proved itself no longer knows this token: the pairing was ended there.
      await forgetPairing();
      throw new Unpaired();
    }
    if (error instanceof Refused && error.status < 500) throw error;
    failed();
    if (error instanceof Unpaired || error instanceof Resting) throw error;
    throw new Resting(String(error));
  }
}

/**
 * Exchanges the six digits for a pairing and keeps it.
 * @param {string} code @throws {Resting | Refused}
 */
export async function pair(code) {
  const { port } = await readSettings();
  const answer = await post(port, "/v1/pair", { code });
  const { pairing: id, token, proof_key: proofKey } = answer;
  if (typeof id !== "string" || typeof token !== "string" || typeof proofKey !== "string") throw new Resting("no pairing");
  await changeSettings({ pairing: { id, token, proofKey } });
  provedAt = 0;
  succeeded();
}

export async function forgetPairing() {
  provedAt = 0;
  await changeSettings({ pairing: null });
}

/** After a change of port nothing is known about who answers there. */
export function forgetProof() {
  provedAt = 0;
  succeeded();
}
