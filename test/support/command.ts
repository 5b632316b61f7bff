/** The `fellesplan` command of this checkout, as people start it: a later start takes less time than the first. */
import { join } from 'node:path';

export const COMMAND = join(import.meta.dirname, '../../bin/fellesplan.js');
