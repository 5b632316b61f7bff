/**
 * Which media type and language the client wants, and which one it sends.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#mime-type · #version-parameter
 */
import { notAcceptable, unsupportedMediaType } from '../fhir/errors.ts';
import { type Language, wantedLanguage } from '../fhir/language.ts';
import type { HttpMethod } from '../interactions/context.ts';
import { JSON_PATCH, PATCH_TYPES } from '../interactions/patch.ts';

export const FHIR_JSON = 'application/fhir+json';
/** What answers are given as, the best first. */
const OFFERED = [FHIR_JSON, 'application/json', 'text/json'];
const JSON_TYPES = [...OFFERED, 'application/json+fhir'];
const NDJSON_TYPES = ['application/fhir+ndjson', 'application/ndjson', 'application/x-ndjson'];
const FORM = 'application/x-www-form-urlencoded';

/** Clients say the same few things over and over. */
const TEXTS_KEPT = 100;
const LONGEST_KEPT = 200;

/** `read`, with what it made of the last texts kept. */
function kept<Made>(read: (text: string) => Made): (text: string) => Made {
  const known = new Map<string, Made>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = read(text);
    if (text.length > LONGEST_KEPT) return made;
    if (known.size >= TEXTS_KEPT) known.clear();
    known.set(text, made);
    return made;
  };
}

/**
 * The Content-Type of the answer: `_format` goes before Accept; an empty Accept says nothing.
 * @throws FhirError 406 `not-supported` when only formats other than JSON, or another FHIR version, would do.
 */
export function answerType(accept: string | undefined, format: string | undefined): string {
  // A plus sign that was not escaped arrives as a space; before a parameter, there may be one.
  return format !== undefined ? typeOf(format.replace(/; */g, ';').replace(/[ ,]/g, '+')) : typeOf(accept || '*/*');
}

const typeOf = kept((accepted: string): string => {
  const ranges = rangesOf(accepted);
  const refused = new Set(ranges.filter(({ quality }) => quality === 0).map(({ type }) => type));
  for (const { type, version, quality } of ranges) {
    if (quality === 0 || (version !== undefined && !/^4\.0(\.\d)?$/.test(version))) continue;
    const given = OFFERED.find((offered) => isIn(type, offered) && !refused.has(offered));
    if (given !== undefined) return given === FHIR_JSON ? `${FHIR_JSON}; fhirVersion=4.0; charset=utf-8` : `${given}; charset=utf-8`;
  }
  throw notAcceptable(`This server speaks ${FHIR_JSON} (FHIR 4.0); XML and Turtle are not offered`);
});

/** True when a media range (or a short or old name of FHIR's own) takes in what is offered. */
function isIn(range: string, offered: string): boolean {
  if (range === 'json' || range === 'application/json+fhir') return offered === FHIR_JSON;
  return range === '*/*' || range === offered || range === offered.replace(/\/.*/, '/*');
}

/** True for FHIR's own media types, whatever their parameters. */
export function isFhirType(contentType: string): boolean {
  return /^application\/(?:fhir\+\w+|\w+\+fhir)$/.test(rangeOf(contentType).type);
}

/** True for the media types of JSON. */
export function isJsonType(contentType: string): boolean {
  return JSON_TYPES.includes(rangeOf(contentType).type);
}

/** True when content of a media type is to be sent as it is: an Accept that names one of FHIR's types asks for the resource. */
export function contentAccepted(accept: string | undefined, contentType: string): boolean {
  const { type } = rangeOf(contentType);
  const ranges = rangesOf(accept || '*/*');
  const wanted = ranges.filter(({ quality }) => quality > 0).map((range) => range.type);
  const isRefused = ranges.some((range) => range.quality === 0 && range.type === type);
  return !wanted.some(isFhirType) && !isRefused && wanted.some((range) => isIn(range, type));
}

/** The language that texts for people are wanted in, English when none of those asked for is there. */
export function answerLanguage(acceptLanguage: string | undefined): Language {
  return wantedLanguage(acceptLanguage) ?? 'en';
}

/**
 * What a body is, by its Content-Type.
 * @throws FhirError 415 `not-supported` for anything that is not read here, or a text that is not UTF-8; for a
 * PATCH with `Accept-Patch`.
 */
export function bodyKind(contentType: string | undefined, method: HttpMethod): 'json' | 'json-patch' | 'ndjson' | 'form' {
  const { type, charset, version } = rangeOf(contentType ?? '');
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw unsupportedMediaType('The body is to be in UTF-8');
  if (version !== undefined && !/^4\.0(\.\d)?$/.test(version)) throw unsupportedMediaType('This server reads FHIR 4.0');
  if (JSON_TYPES.includes(type)) return 'json';
  if (type === JSON_PATCH) return 'json-patch';
  if (method === 'PATCH') {
    const why = `A PATCH takes a JSON Patch (${JSON_PATCH}) or a FHIRPath Patch (Parameters as ${FHIR_JSON})`;
    throw unsupportedMediaType(why, { 'Accept-Patch': PATCH_TYPES });
  }
  if (NDJSON_TYPES.includes(type)) return 'ndjson';
  if (type === FORM) return 'form';
  throw unsupportedMediaType(`The Content-Type of a body is ${FHIR_JSON}; XML and Turtle are not read here`);
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
  readonly version?: string;
  readonly charset?: string;
}

/** What is listed with commas between, the most wanted first. */
const rangesOf = kept((text: string): readonly MediaRange[] =>
  text
    .split(',')
    .map(readRange)
    .sort((a, b) => b.quality - a.quality),
);

const rangeOf = kept(readRange);

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  // Any value may be quoted (RFC 9110, section 5.6.6).
  const value = (name: string) =>
    parameters
      .find((each) => each.toLowerCase().startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replace(/"/g, '');
  const quality = Number(value('q') ?? 1);
  const version = value('fhirversion')?.replace(/"/g, '');
  const charset = value('charset');
  return {
    type: type.toLowerCase(),
    quality: Number.isNaN(quality) ? 1 : quality,
    ...(version === undefined ? {} : { version }),
    ...(charset === undefined ? {} : { charset }),
  };
}
