import { describe, expect, it } from 'vitest';
import { routeOf } from '../../server/telemetry/route.ts';

const BASES = ['/fhir', '/ehr/hospital/fhir'];

describe('the template of a URL', () => {
  it.each([
    ['/fhir', '/fhir'],
    ['/fhir/', '/fhir'],
    ['/fhir?_type=Task', '/fhir'],
    ['/fhir/metadata', '/fhir/metadata'],
    ['/fhir/.well-known/smart-configuration', '/fhir/.well-known/{id}'],
    ['/fhir/CarePlan?patient=ingrid-solberg', '/fhir/{type}'],
    ['/fhir/Patient/17834201585', '/fhir/{type}/{id}'],
    ['/fhir/Patient/_search', '/fhir/{type}/_search'],
    ['/fhir/Patient/p1/_history', '/fhir/{type}/{id}/_history'],
    ['/fhir/Patient/p1/_history/3', '/fhir/{type}/{id}/_history/{version}'],
    ['/fhir/Patient/p1/CarePlan', '/fhir/{type}/{id}/{type}'],
    ['/fhir/Patient/p1/$everything', '/fhir/{type}/{id}/{operation}'],
    ['/fhir/%24validate', '/fhir/{operation}'],
    ['/fhir/$ingrid', '/fhir/{operation}'],
    ['/fhir/a/b/c/d/e/f', '/fhir/{type}/{id}/{type}/{version}'],
    ['/ehr/hospital/fhir/Patient/1', '/ehr/hospital/fhir/{type}/{id}'],
    ['/ehr/hospital/patient/1', '/ehr/{page}'],
    ['/fhirx/Patient/1', '{other}'],
    ['/auth/token', '/auth/token'],
    ['/auth/sign-in/abc123', '/auth/{page}'],
    ['/app/assets/index-1234.js', '/app/{page}'],
    ['/', '/'],
    ['/17834201585', '{other}'],
    ['http://elsewhere/fhir/Patient', '{other}'],
    ['', '{other}'],
  ])('of %s is %s', (url, route) => {
    expect(routeOf(url, BASES)).toBe(route);
  });
});
