import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type DetailedPeerCertificate, type SecureVersion } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkedCertificate, startReloader } from '../../server/composition/reload.ts';
import type { Config } from '../../server/config.ts';
import { readCertificate } from '../../server/http/certificate.ts';
import { type Listening, listen } from '../../server/http/listen.ts';
import { createLog } from '../../server/http/log.ts';
import { certificateFiles, certificatePem } from '../support/certificates.ts';

let folder: string;
let files: { certFile: string; keyFile: string };
let listening: Listening;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fellesplan-tls-'));
  files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  install('first');
  const certificate = await readCertificate(files);
  listening = await listen((_request, response) => response.end('hello'), { host: '127.0.0.1', port: 0, certificate });
});
afterEach(async () => {
  await listening.stop(0);
  rmSync(folder, { recursive: true });
});

function install(name: 'first' | 'second'): void {
  const from = certificateFiles(name);
  copyFileSync(from.certFile, files.certFile);
  copyFileSync(from.keyFile, files.keyFile);
}

const handshake = (maxVersion: SecureVersion, minVersion: SecureVersion = 'TLSv1') =>
  new Promise<{ protocol: string | null; peer: DetailedPeerCertificate }>((resolve, reject) => {
    const socket = connect({ port: listening.port, host: '127.0.0.1', rejectUnauthorized: false, minVersion, maxVersion }, () => {
      resolve({ protocol: socket.getProtocol(), peer: socket.getPeerCertificate(true) });
      socket.destroy();
    });
    socket.on('error', reject);
  });

const text = (ca: string) =>
  new Promise<string>((resolve, reject) => {
    request({ port: listening.port, host: '127.0.0.1', servername: 'localhost', ca, agent: false }, (answer) => {
      answer.on('data', (chunk) => resolve(String(chunk)));
    })
      .on('error', reject)
      .end();
  });

describe('a certificate of our own [RFC 9325]', () => {
  it('answers over TLS', async () => {
    expect(await text(certificatePem('first').cert)).toBe('hello');
    await expect(text(certificatePem('second').cert)).rejects.toThrow();
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    expect((await handshake(version)).protocol).toBe(version);
  });

  it('does not speak TLS 1.1', async () => {
    await expect(handshake('TLSv1.1')).rejects.toThrow();
  });

  it('does not answer plain HTTP', async () => {
    await expect(fetch(`http://127.0.0.1:${listening.port}/`)).rejects.toThrow();
    const socket = createConnection(listening.port, '127.0.0.1');
    let answered = '';
    socket.on('data', (chunk) => {
      answered += chunk;
    });
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'close');
    expect(answered).not.toContain('hello');
  });

  it('does not wait for those who never begin', async () => {
    const certificate = await readCertificate(files);
    const impatient = await listen(() => undefined, { host: '127.0.0.1', port: 0, certificate, patience: { headersMs: 200, checkMs: 50 } });
    const socket = createConnection(impatient.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    await once(socket, 'close');
    await impatient.stop(0);
  });

  it('is renewed while the service runs, and a pair that does not fit leaves the old one', async () => {
    const lines: string[] = [];
    const config = { mode: 'demo', tls: files } as unknown as Config;
    const log = createLog('info', (line) => lines.push(line));
    const parts = { config, log, definitions: { isResourceType: () => true }, register: () => undefined };
    const reloader = startReloader({ ...parts, renewCertificate: listening.renewCertificate });
    const fingerprint = async () => (await handshake('TLSv1.3')).peer.fingerprint256;
    const before = await fingerprint();
    copyFileSync(certificateFiles('second').keyFile, files.keyFile);
    await reloader.reload();
    expect(await fingerprint()).toBe(before);
    expect(lines.at(-1)).toContain('is not the key of');
    install('second');
    await reloader.reload();
    expect(await fingerprint()).not.toBe(before);
    install('first');
    await expect.poll(fingerprint, { timeout: 15_000, interval: 500 }).toBe(before);
    reloader.stop();
  });

  it.each([
    ['a key of another certificate', () => copyFileSync(certificateFiles('second').keyFile, files.keyFile), 'key.pem is not the key of'],
    ['a key that is none', () => writeFileSync(files.keyFile, 'secret-text'), 'key.pem is no PEM file that can be used'],
    ['a certificate that is none', () => writeFileSync(files.certFile, ''), 'cert.pem is no PEM file'],
    ['a file that is not there', () => rmSync(files.keyFile), 'key.pem cannot be read (ENOENT)'],
  ])('is refused with %s', async (_why, spoil, message) => {
    chmodSync(files.keyFile, 0o600);
    spoil();
    await expect(readCertificate(files)).rejects.toThrow(message);
    await expect(readCertificate(files)).rejects.not.toThrow('secret-text');
  });

  it('is looked at each day, so that a service that runs for months tells when it runs out soon', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'], now: Date.now() });
    const lines: string[] = [];
    try {
      const config = { mode: 'serve', tls: files } as unknown as Config;
      const log = createLog('error', (line) => lines.push(line));
      const parts = { config, log, definitions: { isResourceType: () => true }, register: () => undefined };
      const reloader = startReloader({ ...parts, renewCertificate: () => undefined, nowMs: () => Date.UTC(2119, 11, 25) });
      expect(lines).toEqual([]);
      vi.advanceTimersByTime(24 * 60 * 60 * 1000);
      await expect.poll(() => lines.join()).toContain('"event":"certificate-expires","at":"2120-01-01');
      reloader.stop();
      vi.advanceTimersByTime(48 * 60 * 60 * 1000);
    } finally {
      vi.useRealTimers();
    }
    expect(lines).toHaveLength(1);
  });

  it('is told in the log when it runs out soon', async () => {
    const lines: string[] = [];
    await checkedCertificate(
      files,
      createLog('error', (line) => lines.push(line)),
      Date.UTC(2119, 11, 25),
    );
    expect(lines.join()).toContain('"event":"certificate-expires","at":"2120-01-01');
    await checkedCertificate(
      files,
      createLog('error', (line) => lines.push(line)),
    );
    expect(lines).toHaveLength(1);
  });
});
