/**
 * Two self-signed certificates for `localhost`, made for tests and good for nothing else; their keys are public.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'tls');

/** Where the PEM files of a certificate are. */
export function certificateFiles(name: 'first' | 'second'): { readonly certFile: string; readonly keyFile: string } {
  return { certFile: join(FOLDER, `${name}.cert.pem`), keyFile: join(FOLDER, `${name}.key.pem`) };
}

/** The certificate as text, also what a client needs to trust it. */
export function certificatePem(name: 'first' | 'second'): { readonly cert: string; readonly key: string } {
  const { certFile, keyFile } = certificateFiles(name);
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}
