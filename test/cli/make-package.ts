/**
 * Makes FHIR packages for tests: the same files as a `.tgz` or as a folder.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Files by their names in the package. */
export type PackageFiles = Readonly<Record<string, unknown>>;

export const MANIFEST = { name: 'example.package', version: '1.0.0', fhirVersions: ['4.0.1'] };

/** Writes a `.tgz` with the files under `package/`, long names in the way of pax. */
export function writeTgz(path: string, files: PackageFiles): string {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const text = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    const full = `package/${name}`;
    return full.length > 99 ? [...entry('PaxHeader', pax(full), 'x'), ...entry('long', text, '0')] : entry(full, text, '0');
  });
  writeFileSync(path, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return path;
}

/** Writes the files into a folder. */
export function writeFolder(folder: string, files: PackageFiles): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

function pax(path: string): Buffer {
  const record = ` path=${path}\n`;
  let length = record.length + 2;
  if (String(length).length + record.length !== length) length = record.length + String(length).length;
  return Buffer.from(`${length}${record}`);
}

function entry(name: string, content: Buffer, kind: string): readonly Buffer[] {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(kind, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
