/**
 * What is wrong with a JSON Web Key that is to verify a client's signature.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7517 · https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { isObject } from '../fhir/resource.ts';
import { CLIENT_ASSERTION_ALGORITHMS } from './clients.ts';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const RSA_BITS_AT_LEAST = 2048;
const KEY_TYPES = { RS384: 'rsa', ES384: 'ec' } as const;

/** One line that says what to mend, or undefined when the key can be used. Nothing of the key is repeated. */
export function keyProblem(key: unknown): string | undefined {
  if (!isObject(key)) return 'a JSON Web Key is wanted';
  if (PRIVATE_MEMBERS.some((name) => name in key)) return 'this is a private or secret key; only its public part belongs here';
  if (typeof key.kid !== 'string' || key.kid === '') return 'kid is missing';
  const algorithm = CLIENT_ASSERTION_ALGORITHMS.find((each) => each === key.alg);
  if (algorithm === undefined) return `alg is to be one of ${CLIENT_ASSERTION_ALGORITHMS.join(', ')}`;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    if (asymmetricKeyType !== KEY_TYPES[algorithm]) return `this is no key for ${algorithm}`;
    if (asymmetricKeyType === 'ec' && key.crv !== 'P-384') return 'ES384 wants the curve P-384';
    const bits = asymmetricKeyDetails?.modulusLength ?? RSA_BITS_AT_LEAST;
    return bits < RSA_BITS_AT_LEAST ? `an RSA key has ${RSA_BITS_AT_LEAST} bits or more` : undefined;
  } catch {
    return 'the key cannot be read';
  }
}
