import type { Attempt } from '@keyfold/core';

/** The keys that were tried, each with what happened and, beneath, what to do about it. */
export function describeAttempts(attempts: readonly Attempt[]): string {
  return attempts
    .map((attempt) => {
      const { provider, keyId, outcome, reason, remedy } = attempt;
      return `\n  ${outcome} ${provider} ${keyId}: ${reason}: ${whatHappened(attempt)}\n    ${remedy}`;
    })
    .join('');
}

/** The message without what the row says anyway. */
function whatHappened({ provider, keyId, reason, message, remedy }: Attempt): string {
  const said = message.startsWith(`${provider} ${keyId}: `) ? message.indexOf(` (${reason}): `) : -1;
  const bare = said === -1 ? message : message.slice(said + ` (${reason}): `.length);
  return bare.endsWith(remedy) ? bare.slice(0, -remedy.length).trimEnd() : bare;
}
