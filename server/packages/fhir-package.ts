/**
 * Reads the definitions of a FHIR package: a `.tgz`, an unpacked folder, or a folder or file of definitions that has no
 * package.json.
 *
 * Spec: https://hl7.org/fhir/packages.html · https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../fhir/json.ts';
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import { tarFiles } from './tar.ts';

export interface FhirPackage {
  /** `name#version` of package.json, else the path. */
  readonly name: string;
  readonly definitions: readonly Resource[];
}

/** Thrown when a package cannot be used; the message begins with its path. */
class PackageError extends Error {}

/** The types that say something about other resources. */
const DEFINITION_TYPES: ReadonlySet<string> = new Set([
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'Questionnaire',
  'Measure',
  'ImplementationGuide',
]);
/** HL7's own R4: the validator has it, compiled. */
const CORE_PACKAGES: ReadonlySet<string> = new Set(['hl7.fhir.r4.core', 'hl7.fhir.core']);
const UNPACKED_LIMIT_BYTES = 1024 * 1024 * 1024;

interface PackageFile {
  readonly name: string;
  readonly text: () => string;
}

/**
 * The definitions in a package.
 * @throws PackageError when the path cannot be read, is no package, is for another FHIR version, or holds no definitions.
 */
export function readFhirPackage(path: string): FhirPackage {
  const files = filesOf(path);
  const manifest = manifestOf(files, path);
  if (CORE_PACKAGES.has(String(manifest?.name))) return { name: String(manifest?.name), definitions: [] };
  requireR4(manifest, path);
  const definitions = files.filter((file) => isDefinitionFile(file.name)).flatMap((file) => definitionsOf(file, path));
  if (definitions.length === 0) throw new PackageError(`${path}: there are no FHIR definitions in JSON here`);
  const name = manifest === undefined ? path : `${String(manifest.name)}#${String(manifest.version)}`;
  return { name, definitions };
}

function filesOf(path: string): readonly PackageFile[] {
  try {
    if (statSync(path).isDirectory()) return folderFiles(path);
    const bytes = readFileSync(path);
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return [{ name: posix.basename(path), text: () => bytes.toString('utf8') }];
    const archive = gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT_BYTES });
    return [...tarFiles(archive)]
      .filter(({ name }) => name.endsWith('.json'))
      .map(({ name, content }) => ({ name: name.replace(/^(?:\.\/)?package\//, ''), text: () => content.toString('utf8') }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PackageError(`${path}: ${code === 'ENOENT' ? 'there is no such file or folder' : message}`);
  }
}

/** The JSON files of a folder, or of the folder `package` in it. */
function folderFiles(path: string): readonly PackageFile[] {
  const folder = existsSync(join(path, 'package', 'package.json')) ? join(path, 'package') : path;
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ name: relative(folder, file).split(sep).join('/'), text: () => readFileSync(file, 'utf8') }));
}

function manifestOf(files: readonly PackageFile[], path: string): Record<string, unknown> | undefined {
  const file = files.find(({ name }) => name === 'package.json');
  if (file === undefined) return undefined;
  const manifest = parsed(file, path);
  if (!isObject(manifest)) throw new PackageError(`${path}: package.json is not an object`);
  return manifest;
}

function requireR4(manifest: Record<string, unknown> | undefined, path: string): void {
  const stated = manifest?.fhirVersions ?? manifest?.['fhir-version-list'];
  if (!Array.isArray(stated) || stated.length === 0) return;
  if (!stated.some((version) => /^(?:4\.0|R4$)/.test(String(version)))) {
    throw new PackageError(`${path}: the package is for FHIR ${stated.join(', ')}, and R4 (4.0.1) is wanted`);
  }
}

/** Not package.json and the indexes; not the examples, and not the other folders a publisher may add. */
function isDefinitionFile(name: string): boolean {
  const base = posix.basename(name);
  if (base === 'package.json' || base.startsWith('.')) return false;
  return !/^(?:examples?|other|openapi|xml|rdf|node_modules)\//.test(name);
}

function definitionsOf(file: PackageFile, path: string): readonly Resource[] {
  const value = parsed(file, path);
  if (!isResource(value)) return [];
  if (value.resourceType === 'Bundle') {
    const entries = Array.isArray(value.entry) ? value.entry : [];
    return entries.map((entry: unknown) => (isObject(entry) ? entry.resource : undefined)).filter(isDefinition);
  }
  return isDefinition(value) ? [value] : [];
}

function isDefinition(value: unknown): value is Resource {
  return isResource(value) && DEFINITION_TYPES.has(value.resourceType) && typeof value.url === 'string';
}

function parsed(file: PackageFile, path: string): unknown {
  try {
    const text = file.text();
    return parseJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw new PackageError(`${path}: ${file.name} is not JSON (${(error as Error).message})`);
  }
}
