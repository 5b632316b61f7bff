import { describe, expect, it } from 'vitest';
import { runtimeWarnings } from '../../server/commands/runtime.ts';

describe('What is said of the Node.js that runs the service', () => {
  it.each([
    ['24.21.0', '24.22.3'],
    ['24.22.2', '24.22.3'],
    ['26.12.9', '26.13.1'],
  ])('%s is warned of', (version, safe) => {
    expect(runtimeWarnings(version)).toEqual([`Node.js ${version} has published security faults; run ${safe} or newer`]);
  });

  it.each(['24.22.3', '24.30.0', '26.13.1', '26.14.0', '28.0.0'])('nothing is said of %s', (version) => {
    expect(runtimeWarnings(version)).toEqual([]);
  });
});
