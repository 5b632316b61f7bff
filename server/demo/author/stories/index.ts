/** All stories by the name of their file, in the order in which they are loaded. */
import type { PersonSpec } from '../spec.ts';
import { persons as ingridSolberg } from './01-ingrid-solberg.ts';

export const STORIES: Readonly<Record<string, readonly PersonSpec[]>> = {
  '01-ingrid-solberg': ingridSolberg,
};
