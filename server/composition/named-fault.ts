/**
 * What goes wrong at a start, or at a reload, told with the variable of the configuration that leads there: whoever reads
 * the message has set that, and knows nothing of what the service does with it.
 */

/**
 * What `work` gives.
 * @param variable the variable, or a reader that finds it in the error.
 * @throws Error with the name before what `work` throws, and why (as far as the error's cause says it) after.
 */
export async function naming<Value>(variable: string | ((error: unknown) => string), work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const name = typeof variable === 'string' ? variable : variable(error);
    const message = messageOf(error);
    throw new Error(message.startsWith(name) ? message : `${name}: ${message}`, { cause: error });
  }
}

/** What helps, by the code of the fault, where the text of the fault does not say it. */
const REMEDIES: Readonly<Record<string, string>> = { EADDRINUSE: 'another process listens there; end it, or choose another port' };

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const what = reasonOf(error);
  const why = error.cause instanceof Error ? reasonOf(error.cause) : (REMEDIES[(error as NodeJS.ErrnoException).code ?? ''] ?? '');
  return what.includes(why) ? what : `${what.replace(/\.$/, '')} (${why})`;
}

/** A host with several addresses refuses once for each, and says nothing as a whole. */
function reasonOf(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each as Error).message).join(', ');
}

/** Which variable is to blame when the service cannot listen. */
export function ofListening(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES' ? 'PORT' : 'HOST';
}
