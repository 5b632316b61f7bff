/**
 * The certificate and key the service speaks https with.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9325
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export interface Certificate {
  /** PEM, the service's own certificate first, then its chain. */
  readonly cert: string;
  readonly key: string;
  readonly expiresAtMs: number;
}

/**
 * Reads certificate and key.
 * @throws Error naming the file that cannot be read or used, never what is in it; also when the two do not belong together.
 */
export async function readCertificate(files: { readonly certFile: string; readonly keyFile: string }): Promise<Certificate> {
  const [cert, key] = await Promise.all([readPem(files.certFile), readPem(files.keyFile)]);
  const certificate = parsed(files.certFile, () => new X509Certificate(cert));
  const privateKey = parsed(files.keyFile, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) throw new Error(`${files.keyFile} is not the key of ${files.certFile}`);
  return { cert, key, expiresAtMs: certificate.validToDate.getTime() };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function parsed<Value>(file: string, parse: () => Value): Value {
  try {
    return parse();
  } catch {
    throw new Error(`${file} is no PEM file that can be used`);
  }
}
