/**
 * Every file of the demo population by its path under server/demo.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { transactionBundle } from './bundle.ts';
import { sharedDirectory } from './directory.ts';
import { ehrFiles } from './ehr.ts';
import { EHR_ONLY_PERSONS, EHR_RECORDS } from './ehr-records.ts';
import { serviceDirectory } from './services.ts';
import { STORIES } from './stories/index.ts';
import { SHARED_BASE, storyBundle } from './story.ts';

/** The Bundles by path, in the order in which they are to be loaded: the directory first. */
export function demoFiles(): Record<string, Resource> {
  const files: Record<string, Resource> = {
    'stories/00-directory.json': transactionBundle('demo-00-directory', SHARED_BASE, [...sharedDirectory(), ...serviceDirectory()]),
  };
  for (const [name, persons] of Object.entries(STORIES)) files[`stories/${name}.json`] = storyBundle(name, persons);
  const persons = [...Object.values(STORIES).flat(), ...EHR_ONLY_PERSONS];
  for (const record of EHR_RECORDS) {
    for (const [name, bundle] of Object.entries(ehrFiles(record, persons))) files[`ehr/${record.name}/${name}.json`] = bundle;
  }
  return files;
}
