/**
 * How a token of the demo is had at a shell.
 */

/** The command, but for the client: a checkout has a script for it, the installed package the command alone. */
export const TOKEN_COMMAND = import.meta.filename.endsWith('.ts') ? 'npm run --silent token --' : 'fellesplan token';
