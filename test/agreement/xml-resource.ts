/**
 * Reads a FHIR resource from XML, as far as definitions need it: guided by the structures, narrative left out.
 */
import type { StructureCatalog } from '../../server/validation/structure-catalog.ts';

interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
}

type Json = Record<string, unknown>;

const TAG = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
    return ENTITIES[entity] ?? whole;
  });
}

function parseXml(text: string): XmlNode {
  const root: XmlNode = { name: '', attributes: {}, children: [] };
  const open = [root];
  for (const [, closing, name, attributes, alone] of text.replace(/<!--[\s\S]*?-->/g, '').matchAll(TAG)) {
    if (closing === '/') {
      open.pop();
      continue;
    }
    const read: Record<string, string> = {};
    for (const [, key, double, single] of attributes!.matchAll(ATTRIBUTE)) read[key!] = decoded(double ?? single ?? '');
    const node: XmlNode = { name: name!, attributes: read, children: [] };
    open[open.length - 1]!.children.push(node);
    if (alone !== '/') open.push(node);
  }
  return root.children[0]!;
}

/** The resource in a text of FHIR XML, as JSON. */
export function readXmlResource(text: string, catalog: StructureCatalog): Json {
  const node = parseXml(text);
  return { resourceType: node.name, ...readMembers(node, node.name, catalog) };
}

function readMembers(node: XmlNode, path: string, catalog: StructureCatalog): Json {
  const elements = catalog.type(path.split('.', 1)[0]!)?.elements ?? [];
  const read: Json = {};
  for (const child of node.children) {
    if (child.name === 'text' && !path.includes('.')) continue;
    const element = elements.find((one) => {
      const full = `${path}.${child.name}`;
      return (
        one.path === full ||
        (one.path.endsWith('[x]') &&
          full.startsWith(one.path.slice(0, -3)) &&
          !full.slice(path.length + 1).includes('.') &&
          one.path.split('.').length === full.split('.').length)
      );
    });
    if (element === undefined) throw new Error(`${path} has no ${child.name}`);
    const stem = element.path.slice(path.length + 1).replace('[x]', '');
    const type =
      element.types.find((one) => child.name.toLowerCase() === (stem + one.code).toLowerCase())?.code ?? element.types[0]?.code ?? '';
    const inner = element.contentReference ?? (type === 'BackboneElement' || type === 'Element' ? element.path : type);
    const value = child.attributes.value === undefined ? readMembers(child, inner, catalog) : primitive(child.attributes.value, type);
    for (const name of ['id', 'url'])
      if (child.attributes.value === undefined && child.attributes[name] !== undefined) (value as Json)[name] = child.attributes[name];
    if (element.repeats) read[child.name] = [...((read[child.name] as unknown[] | undefined) ?? []), value];
    else read[child.name] = value;
  }
  return read;
}

function primitive(text: string, type: string): unknown {
  if (type === 'boolean') return text === 'true';
  return ['integer', 'decimal', 'positiveInt', 'unsignedInt'].includes(type) ? Number(text) : text;
}
